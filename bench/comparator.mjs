/**
 * The photo decision as one function over two buffers, for measuring it on portraits that are not here. Needs the built output:
 * `npm run build`, then `import { compare } from "./bench/comparator.mjs"`.
 */
import { images, openMaster, verdictOf } from "./portraits.mjs";

const lastMasters = new Map();
const KEPT_MASTERS = 16;

/**
 * Does the rendition show the master?
 * @param {Buffer} masterBuffer image file of the master
 * @param {Buffer} renditionBuffer image file of the rendition
 * @returns {Promise<{verdict: "same" | "recoloured" | "reframed" | "mirrored" | "placeholder" | "different", lowres: boolean}>} lowres: the same
 *   picture with the detail of a smaller image
 * @throws PhotodriftError `unreadable-image`
 */
export async function compare(masterBuffer, renditionBuffer) {
  const { kind, upscaled } = await examine(masterBuffer, renditionBuffer);
  return { verdict: kind, lowres: upscaled };
}

/** The whole verdict with its evidence. */
export async function examine(masterBuffer, renditionBuffer) {
  return verdictOf(await lastOpened(masterBuffer), await images.sign(renditionBuffer));
}

/** Masters are usually asked for several times in a row. */
async function lastOpened(buffer) {
  const known = lastMasters.get(buffer);
  if (known !== undefined) return known;
  const opened = await openMaster(buffer);
  if (lastMasters.size >= KEPT_MASTERS) lastMasters.delete(lastMasters.keys().next().value);
  lastMasters.set(buffer, opened);
  return opened;
}
