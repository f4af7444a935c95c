/**
 * The photo decision as one function over two buffers, for measuring it on portraits that are not here. Needs the built output:
 * `npm run build`, then `import { compare } from "./bench/comparator.mjs"`.
 */
import { decide } from "../dist/compare/photo/index.js";
import { createImageReader, imageAccess } from "../dist/image/index.js";
import { decodeMaster } from "../dist/image/masters.js";
import { probe } from "../dist/image/probe.js";
import { signDecodedMaster } from "../dist/image/reader.js";
import { renderReferences } from "../dist/image/references.js";

const images = createImageReader();
const access = imageAccess();
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
  const { master, accepted } = await openMaster(masterBuffer);
  const rendition = await images.sign(renditionBuffer);
  return decide(await renderReferences(master, accepted, rendition), rendition);
}

/** Masters are usually asked for several times in a row. */
async function openMaster(buffer) {
  const known = lastMasters.get(buffer);
  if (known !== undefined) return known;
  const opened = await decodeAndCrop(buffer);
  if (lastMasters.size >= KEPT_MASTERS) lastMasters.delete(lastMasters.keys().next().value);
  lastMasters.set(buffer, opened);
  return opened;
}

async function decodeAndCrop(buffer) {
  const master = await decodeMaster(buffer, await probe(buffer, access));
  const { crop, formerCrops } = await signDecodedMaster(master);
  return { master, accepted: { crop, former: formerCrops } };
}
