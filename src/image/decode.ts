import type { Sharp } from "sharp";
import { sharp } from "./library.js";
import { CANONICAL_SIDE } from "./limits.js";
import type { Picture, Probe } from "./probe.js";
import { previewImage } from "./preview.js";
import type { Raster } from "./pixels.js";
import { toRaster } from "./raster.js";
import { asUnreadable } from "./unreadable.js";

/** Rasters of very long panoramas stay below this many pixels. */
const MAX_RASTER_PIXELS = 4_000_000;

/** A sharp pipeline on the first frame: oriented, alpha on white, sRGB. The whole picture at its size until a resize follows. */
export function openImage({ bytes, open }: Picture): Sharp {
  return sharp(bytes, open).autoOrient().flatten({ background: "#ffffff" }).toColourspace("srgb");
}

/** An alpha of this much or less, of 255, is not seen. */
const UNSEEN = 8;

/** Whether nothing of an image with alpha can be seen. */
export async function isTransparent({ transparent, picture }: Probe): Promise<boolean> {
  if (transparent !== null) return transparent;
  try {
    const { channels } = await sharp(picture.bytes, picture.open).stats();
    const alpha = channels.at(-1);
    return alpha !== undefined && channels.length !== 3 && alpha.max <= UNSEEN;
  } catch (error) {
    throw asUnreadable(error);
  }
}

/** The image with its longer side at most 648 px, never enlarged. */
export async function decodeOwnSize(found: Probe): Promise<Raster> {
  const scale = Math.min(1, CANONICAL_SIDE / Math.max(found.width, found.height));
  return decodeScaled(found, scale);
}

/** The image with its shorter side at most `side` px, never enlarged, so that any square of it can be rendered at that size. */
export async function decodeForCrops(found: Probe, side: number): Promise<Raster> {
  const bySide = side / Math.min(found.width, found.height);
  const byPixels = Math.sqrt(MAX_RASTER_PIXELS / (found.width * found.height));
  return decodeScaled(found, Math.min(1, bySide, byPixels));
}

/** A small JPEG of the image for reports. */
export async function previewOf({ picture }: Probe): Promise<Buffer> {
  try {
    return await previewImage(openImage(picture));
  } catch (error) {
    throw asUnreadable(error);
  }
}

async function decodeScaled(found: Probe, scale: number): Promise<Raster> {
  try {
    const pipeline = openImage(found.picture);
    if (scale >= 1) return await toRaster(pipeline);
    const width = Math.max(1, Math.round(found.width * scale));
    const height = Math.max(1, Math.round(found.height * scale));
    return await toRaster(pipeline.resize(width, height, { fit: "fill" }));
  } catch (error) {
    throw asUnreadable(error);
  }
}
