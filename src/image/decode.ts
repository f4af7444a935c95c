import sharp, { type Sharp } from "sharp";
import { decodeHeic } from "./heic.js";
import { CANONICAL_SIDE } from "./limits.js";
import type { Probe } from "./probe.js";
import type { Raster } from "./raster.js";
import { toRaster } from "./raster.js";
import { asUnreadable } from "./unreadable.js";

/** Rasters of very long panoramas stay below this many pixels. */
const MAX_RASTER_PIXELS = 4_000_000;

/** A sharp pipeline on the first frame: oriented, alpha on white, sRGB. Full size until a resize follows. */
export async function openImage(bytes: Buffer, found: Probe): Promise<Sharp> {
  if (found.needsHeicDecoder) {
    const { width, height, data } = await decodeHeic(bytes, found);
    const pixels = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    return sharp(pixels, { raw: { width, height, channels: 4 } }).flatten({ background: "#ffffff" });
  }
  return sharp(bytes, found.open).autoOrient().flatten({ background: "#ffffff" }).toColourspace("srgb");
}

/** An alpha of this much or less, of 255, is not seen. */
const UNSEEN = 8;

/** Whether nothing of an image with alpha can be seen. */
export async function isTransparent(bytes: Buffer, found: Probe): Promise<boolean> {
  try {
    const { channels } = await sharp(bytes, found.open).stats();
    const alpha = channels.at(-1);
    return alpha !== undefined && channels.length !== 3 && alpha.max <= UNSEEN;
  } catch (error) {
    throw asUnreadable(error);
  }
}

/** The image with its longer side at most 648 px, never enlarged. */
export async function decodeOwnSize(bytes: Buffer, found: Probe): Promise<Raster> {
  const scale = Math.min(1, CANONICAL_SIDE / Math.max(found.width, found.height));
  return decodeScaled(bytes, found, scale);
}

/** The image with its shorter side at most `side` px, never enlarged, so that any square of it can be rendered at that size. */
export async function decodeForCrops(bytes: Buffer, found: Probe, side: number): Promise<Raster> {
  const bySide = side / Math.min(found.width, found.height);
  const byPixels = Math.sqrt(MAX_RASTER_PIXELS / (found.width * found.height));
  return decodeScaled(bytes, found, Math.min(1, bySide, byPixels));
}

async function decodeScaled(bytes: Buffer, found: Probe, scale: number): Promise<Raster> {
  try {
    const pipeline = await openImage(bytes, found);
    if (scale >= 1) return await toRaster(pipeline);
    const width = Math.max(1, Math.round(found.width * scale));
    const height = Math.max(1, Math.round(found.height * scale));
    return await toRaster(pipeline.resize(width, height, { fit: "fill" }));
  } catch (error) {
    throw asUnreadable(error);
  }
}
