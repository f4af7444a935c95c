import { createMeasureModule } from "./measure-module.js";
import { bytesAt, pixelMemory, type Placed, placeOf, startAfresh, take } from "./pixel-memory.js";
import type { Raster } from "./pixels.js";

const module = createMeasureModule(pixelMemory);

/** Cells of the canonical image, 16 on each side, and pixels of each. */
export const CELLS = 256;
export const PIXELS_A_CELL = 64;
/** Pixels of the canonical image at half its size. */
const HALF = 64 * 64;
const LEVELS = 256;
const COLOURS = 4096;

/** ITU-R BT.601 luma (0.299, 0.587, 0.114), one byte a pixel. */
export function lumaOf(raster: Raster): Uint8Array {
  startAfresh();
  return bytesAt(lumaAt(placeOf(raster)), raster.width * raster.height).slice();
}

/** The same of a picture in the memory of the modules, left there. */
export function lumaAt({ at, width, height }: Placed): number {
  const luma = take(width * height);
  module.luma(at, width * height, luma);
  return luma;
}

/** 128x128 grey levels at 64x64, by the mean of four. */
export function halved(luma: number): Uint8Array {
  const at = take(HALF);
  module.halve(luma, at);
  return bytesAt(at, HALF).slice();
}

/** Sums over the cells of a canonical image: 256 of red, then of green, then of blue. A view, until bytes are taken again. */
export function cellsOf({ at }: Placed): Int32Array {
  const sums = take(3 * 4 * CELLS);
  module.cells(at, sums);
  return new Int32Array(pixelMemory.buffer, sums, 3 * CELLS);
}

/** Pixels of each luma and of each colour of 4 bits a channel. Views, until bytes are taken again. */
export interface Tones {
  readonly levels: Uint32Array;
  readonly colours: Uint32Array;
}

export function tonesOf({ at, width, height }: Placed, luma: number): Tones {
  const counts = take(4 * (LEVELS + COLOURS));
  const levels = new Uint32Array(pixelMemory.buffer, counts, LEVELS).fill(0);
  const colours = new Uint32Array(pixelMemory.buffer, counts + 4 * LEVELS, COLOURS).fill(0);
  module.tones(at, luma, width * height, counts, counts + 4 * LEVELS);
  return { levels, colours };
}
