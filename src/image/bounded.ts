import { readFile, stat } from "node:fs/promises";
import type { ImageAccess } from "./access.js";
import type { ImageLimits } from "./limits.js";
import { LARGE_DECODE_PIXELS } from "./limits.js";
import type { Probe } from "./probe.js";
import { probe } from "./probe.js";
import { asUnreadableFile, isToldByLibrary, unreadable } from "./unreadable.js";

/** Reads a whole file, refusing monsters. Throws PhotodriftError `unreadable-image`. */
export async function readBounded(path: string, limits: ImageLimits): Promise<Buffer> {
  try {
    const found = await stat(path);
    if (found.isFile() && found.size > limits.maxBytes) {
      throw unreadable(
        `the file has ${Math.round(found.size / 1e6)} MB, too many for a portrait`,
        "Save the portrait as JPEG at a normal size, for example 2,000 x 2,000 pixels.",
      );
    }
    return await readFile(path);
  } catch (error) {
    throw asUnreadableFile(error);
  }
}

/**
 * Reads, probes and works on an image with bounded memory: a few at a time, and an image whose frame may not fit beside others alone
 * (it is read again then, so that waiting costs nothing). So is one that the image library refuses: its decoders share the text of what went wrong, and
 * beside another failure it may be that one's, or nobody's.
 */
export async function decodeWithin<T>(
  access: ImageAccess,
  read: () => Promise<Buffer>,
  work: (bytes: Buffer, found: Probe) => Promise<T>,
): Promise<T> {
  const { gate } = access;
  const first = await gate.run(false, async () => {
    const bytes = await read();
    try {
      const found = await probe(bytes, access);
      return isLarge(found) ? null : { result: await work(bytes, found) };
    } catch (error) {
      if (isToldByLibrary(error)) return null;
      throw error;
    }
  });
  if (first !== null) return first.result;
  return gate.run(true, async () => {
    const bytes = await read();
    return work(bytes, await probe(bytes, access));
  });
}

function isLarge({ picture }: Probe): boolean {
  return picture.width * picture.height > LARGE_DECODE_PIXELS;
}
