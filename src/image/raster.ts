import type { Sharp } from "sharp";
import { enlargePlaced, enlargeRaster } from "./enlarge.js";
import { sharp } from "./library.js";
import { type Placed, placeOf, put, rasterOf, startAfresh } from "./pixel-memory.js";
import { CANONICAL, type Raster, type Region } from "./pixels.js";
import { reducePlaced, reduceRaster } from "./reduce.js";

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
  return reduced ?? byLibrary(raster, width, height);
}

async function byLibrary(raster: Raster, width: number, height: number): Promise<Raster> {
  return toRaster(fromRaster(raster).resize(width, height, { fit: "fill" }));
}

const canonicals = new WeakMap<Raster, Raster>();

/** The picture at 128x128 pixels, whatever its aspect ratio was: what statistics are made of. Made once a raster. */
export async function canonicalOf(raster: Raster): Promise<Raster> {
  const known = canonicals.get(raster);
  if (known !== undefined) return known;
  const canonical = await resizeRaster(raster, CANONICAL, CANONICAL);
  canonicals.set(raster, canonical);
  return canonical;
}

/** What work says of the canonical image of a raster, which lies in the memory of the modules until it returns. */
export async function onCanonical<T>(raster: Raster, work: (canonical: Placed) => T): Promise<T> {
  const known = canonicals.get(raster);
  if (known !== undefined) return onCopyOf(known, work);
  return onCanonicalOf(placeOf(raster), work);
}

/** The same of a picture that lies there; it is to be called without a pause, and what lies there afterwards is something else. */
export async function onCanonicalOf<T>(placed: Placed, work: (canonical: Placed) => T): Promise<T> {
  const here = canonicalHere(placed);
  return here === null ? onCopyOf(await byLibrary(rasterOf(placed), CANONICAL, CANONICAL), work) : work(here);
}

function onCopyOf<T>({ data, width, height }: Raster, work: (canonical: Placed) => T): T {
  startAfresh();
  return work({ at: put(data), width, height });
}

function canonicalHere(placed: Placed): Placed | null {
  const { width, height } = placed;
  if (width === CANONICAL && height === CANONICAL) return placed;
  if (width <= CANONICAL && height <= CANONICAL) return enlargePlaced(placed, CANONICAL, CANONICAL);
  return reducePlaced(placed, CANONICAL, CANONICAL);
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
