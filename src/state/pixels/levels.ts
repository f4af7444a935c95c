import { BLOCK, toPixels, toWaves } from "./blocks.js";

/** A square of 8-bit values, row by row; the side is a multiple of 8. */
export interface Plane {
  readonly side: number;
  /** Largest error of a coefficient is half of it; the mean error of a pixel is at most 0.29 of it. */
  readonly step: number;
  /** Where the first block's mean is looked for, in steps of eight values. */
  readonly mean: number;
}

/** Places in a block, and so ranks of waves. */
export const AREA = BLOCK * BLOCK;
/** Ranks of waves, coarse ones first: the place in a block of each rank. */
export const ORDER = Uint8Array.from(
  Array.from({ length: AREA }, (_, at) => at).sort((a, b) => waveOf(a) - waveOf(b) || a - b),
);
/** The rank of each place in a block. */
export const RANKS = Uint8Array.from({ length: AREA }, (_, at) => ORDER.indexOf(at));

/** How fine the wave at a place of a block is, 0 to 14: columns and rows together. */
export function waveOf(at: number): number {
  return Math.floor(at / BLOCK) + (at % BLOCK);
}

/**
 * Levels of a plane in the order in which they are coded: the means of all blocks, then wave after wave over all blocks; that of rank r in block b
 * stands at r x blocks + b.
 */
export type Levels = Int16Array;

const scratch = new Float64Array(AREA);

/** Waves of a plane's blocks in steps. */
export function levelsOf(pixels: Uint8Array, { side, step }: Plane): Levels {
  const levels = new Int16Array(side * side);
  const across = side / BLOCK;
  const blocks = across * across;
  for (let block = 0; block < blocks; block++) {
    const corner = Math.floor(block / across) * BLOCK * side + (block % across) * BLOCK;
    for (let at = 0; at < AREA; at++) scratch[at] = pixels[corner + (at >> 3) * side + (at & 7)]!;
    toWaves(scratch);
    for (let rank = 0; rank < AREA; rank++) {
      levels[rank * blocks + block] = Math.round(scratch[ORDER[rank]!]! / step);
    }
  }
  return levels;
}

/** Pixels of a plane by its levels. */
export function pixelsOf(levels: Levels, { side, step }: Plane): Uint8Array {
  const pixels = new Uint8ClampedArray(side * side);
  const across = side / BLOCK;
  const blocks = across * across;
  for (let block = 0; block < blocks; block++) {
    const corner = Math.floor(block / across) * BLOCK * side + (block % across) * BLOCK;
    for (let rank = 0; rank < AREA; rank++) scratch[ORDER[rank]!] = levels[rank * blocks + block]! * step;
    toPixels(scratch);
    for (let at = 0; at < AREA; at++) pixels[corner + (at >> 3) * side + (at & 7)] = scratch[at]!;
  }
  return new Uint8Array(pixels.buffer);
}
