/** Width and height of a block. */
export const BLOCK = 8;
/** Places in a block, and so ranks of waves. */
export const AREA = BLOCK * BLOCK;

/** A square of 8-bit values, row by row; the side is a multiple of 8, 64 at most. */
export interface Plane {
  readonly side: number;
  /** Largest error of a coefficient is half of it; the mean error of a pixel is at most 0.29 of it. */
  readonly step: number;
  /** Where the first block's mean is looked for, in steps of eight values. */
  readonly mean: number;
}

/**
 * Waves of a plane's blocks in steps, in the order in which they are coded: the means of all blocks, then wave after wave over all blocks; that of
 * rank r in block b stands at r x blocks + b.
 */
export type Levels = Int16Array;

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
