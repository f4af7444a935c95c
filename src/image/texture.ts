import { CANONICAL } from "./raster.js";

/** Cells on each side, and pixels of the canonical image on each side of a cell. */
const CELL_SIDE = 16;
const STEP = CANONICAL / CELL_SIDE;
/** Radius of the mean that is taken away: what is left is finer than the 64x64 luma holds. */
const RADIUS = 2;
/** Squared grey levels that compression adds and takes away everywhere. */
const NOISE = 2;
/** Steps of the code to a doubling of energy. */
const STEPS = 16;

/** A frame of fewer pixels on its longer side has too little of that fineness to tell anything by. */
export const TEXTURE_FROM = 200;

/**
 * Fine detail by place: 256 cells of the canonical image, each 16 log2 of its energy, which is the mean square of what a 5x5 mean leaves, plus 2 and by 2
 * (grey levels squared): 0 is none, 16 twice the noise, at most 208.
 * @param luma 128x128 of the canonical image
 */
export function textureOf(luma: Uint8Array): Uint8Array {
  const sums = summedArea(luma);
  const energies = new Float64Array(CELL_SIDE * CELL_SIDE);
  for (let y = 0, at = 0; y < CANONICAL; y++) {
    const [top, bottom] = [Math.max(0, y - RADIUS), Math.min(CANONICAL, y + RADIUS + 1)];
    const row = Math.floor(y / STEP) * CELL_SIDE;
    for (let x = 0; x < CANONICAL; x++, at++) {
      const [left, right] = [Math.max(0, x - RADIUS), Math.min(CANONICAL, x + RADIUS + 1)];
      const sum =
        sums[bottom * WIDE + right]! -
        sums[bottom * WIDE + left]! -
        sums[top * WIDE + right]! +
        sums[top * WIDE + left]!;
      const finer = luma[at]! - sum / ((bottom - top) * (right - left));
      energies[row + Math.floor(x / STEP)]! += finer * finer;
    }
  }
  return Uint8Array.from(energies, (energy) => Math.round(STEPS * Math.log2((energy / (STEP * STEP) + NOISE) / NOISE)));
}

const WIDE = CANONICAL + 1;

/** Sums of all that lies above and to the left. */
function summedArea(luma: Uint8Array): Int32Array {
  const sums = new Int32Array(WIDE * WIDE);
  for (let y = 0; y < CANONICAL; y++) {
    let line = 0;
    for (let x = 0; x < CANONICAL; x++) {
      line += luma[y * CANONICAL + x]!;
      sums[(y + 1) * WIDE + x + 1] = sums[y * WIDE + x + 1]! + line;
    }
  }
  return sums;
}
