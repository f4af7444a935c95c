import sharp, { type Sharp } from "sharp";
import { enlargeRaster } from "./enlarge.js";
import type { Raster, Region } from "./pixels.js";
import { reduceRaster } from "./reduce.js";

// libvips keeps results of file operations by name; a master that is replaced in place must never be answered from memory.
sharp.cache(false);

export function fromRaster(raster: Raster): Sharp {
  return sharp(raster.data, {
    raw: { width: raster.width, height: raster.height, channels: 3 },
    limitInputPixels: false,
  });
}

export async function toRaster(pipeline: Sharp): Promise<Raster> {
  const { data, info } = await pipeline.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
  if (info.channels === 3) return { data, width: info.width, height: info.height };
  return { data: expandToRgb(data, info.channels), width: info.width, height: info.height };
}

/** Pixels up to which enlarging here is faster than a pipeline of the image library. */
const ENLARGED_HERE = 128 * 128;

/** Resizes to exactly width x height; the aspect ratio is not kept. */
export async function resizeRaster(raster: Raster, width: number, height: number): Promise<Raster> {
  if (raster.width === width && raster.height === height) return raster;
  if (raster.width <= width && raster.height <= height && width * height <= ENLARGED_HERE) {
    return enlargeRaster(raster, width, height);
  }
  const whole = { left: 0, top: 0, width: raster.width, height: raster.height };
  const reduced = reduceRaster(raster, whole, width, height);
  return reduced ?? toRaster(fromRaster(raster).resize(width, height, { fit: "fill" }));
}

/** Pixels on each side of the canonical image. */
export const CANONICAL = 128;
const canonicals = new WeakMap<Raster, Promise<Raster>>();

/** The picture at 128x128 pixels, whatever its aspect ratio was: what statistics are made of. Made once a raster. */
export function canonicalOf(raster: Raster): Promise<Raster> {
  let canonical = canonicals.get(raster);
  if (canonical === undefined) {
    canonical = resizeRaster(raster, CANONICAL, CANONICAL);
    canonicals.set(raster, canonical);
  }
  return canonical;
}

/** Cuts a region out and lays it into width x height pixels. */
export async function extractRaster(raster: Raster, region: Region, width: number, height: number): Promise<Raster> {
  const whole =
    region.left === 0 && region.top === 0 && region.width === raster.width && region.height === raster.height;
  if (whole && region.width === width && region.height === height) return raster;
  const reduced = reduceRaster(raster, region, width, height);
  if (reduced !== null) return reduced;
  const cut = whole ? fromRaster(raster) : fromRaster(raster).extract(region);
  return toRaster(cut.resize(width, height, { fit: "fill" }));
}

/** ITU-R BT.601 luma (0.299, 0.587, 0.114), one byte a pixel. */
export function lumaOf(raster: Raster): Uint8Array {
  const { data } = raster;
  const luma = new Uint8Array(raster.width * raster.height);
  for (let i = 0, p = 0; i < luma.length; i++, p += 3) {
    luma[i] = (306 * data[p]! + 601 * data[p + 1]! + 117 * data[p + 2]! + 512) >> 10;
  }
  return luma;
}

/** Greyscale images come out of the decoder with one channel, a few odd ones with more than three. */
function expandToRgb(data: Buffer, channels: number): Buffer {
  const pixels = data.length / channels;
  const rgb = Buffer.allocUnsafe(pixels * 3);
  for (let i = 0; i < pixels; i++) {
    const from = i * channels;
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = data[from + (channels >= 3 ? c : 0)]!;
  }
  return rgb;
}
