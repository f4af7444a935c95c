import type { BitReader, BitWriter } from "./bit-coder.js";
import { BLOCK, toPixels, toWaves } from "./blocks.js";

/** A square of 8-bit values, row by row; the side is a multiple of 8. */
export interface Plane {
  readonly side: number;
  /** Largest error of a coefficient is half of it; the mean error of a pixel is at most 0.29 of it. */
  readonly step: number;
}

const AREA = BLOCK * BLOCK;
/** Ranks of waves, coarse ones first: the place in a block of each rank. */
const ORDER = Uint8Array.from(
  Array.from({ length: AREA }, (_, at) => at).sort((a, b) => waveOf(a) - waveOf(b) || a - b),
);
const RANKS = Uint8Array.from({ length: AREA }, (_, at) => ORDER.indexOf(at));
/** Ranks of the next coarser wave across and down; the mean's own where there is none. */
const COARSER_ACROSS = Uint8Array.from(ORDER, (at) => (at % BLOCK > 0 ? RANKS[at - 1]! : 0));
const COARSER_DOWN = Uint8Array.from(ORDER, (at) => (at >= BLOCK ? RANKS[at - BLOCK]! : 0));

const WAVES = 8;
const ACTIVITIES = 8;
/** Of each rank, the wave as far as contexts tell waves apart. */
const WAVE = Uint8Array.from(ORDER, (at) => Math.min(WAVES - 1, waveOf(at)));
const STEPS = 10;
const PLACES = WAVES * ACTIVITIES;
/** Contexts that a coder of planes needs: is there anything, how much more, and which sign. */
export const CONTEXTS = PLACES + ACTIVITIES * STEPS + 1;
const SIGN = CONTEXTS - 1;
const ESCAPE_BITS = 12;
/** What is going on around, 0 to 7, by the sum of sizes around: 0, 1, 2, 3-4, 5-7, 8-12, 13-22, more. */
const ACTIVITY = Uint8Array.from(
  { length: 64 },
  (_, sum) => [1, 2, 3, 5, 8, 13, 23].filter((from) => sum >= from).length,
);

/**
 * Levels of a plane in the order in which they are coded: the means of all blocks, then wave after wave over all blocks. Of what was passed it is
 * told how much goes on around the next level: what the blocks to the left and above have of this wave, and this block of coarser ones.
 */
type Levels = Int16Array;

export function writePlane(out: BitWriter, pixels: Uint8Array, plane: Plane): void {
  const levels = levelsOf(pixels, plane);
  const sizes = new Int16Array(levels.length);
  const across = plane.side / BLOCK;
  const blocks = across * across;
  for (let block = 0; block < blocks; block++) writeLevel(out, levels[block]! - expectedMean(levels, block, across), 0);
  for (let rank = 1, at = blocks; rank < AREA; rank++) {
    for (let block = 0; block < blocks; block++, at++) {
      const level = levels[at]!;
      writeLevel(out, level, contextOf(sizes, rank, block, across));
      sizes[at] = Math.abs(level);
    }
  }
}

export function readPlane(source: BitReader, plane: Plane): Uint8Array {
  const levels = new Int16Array(plane.side * plane.side);
  const sizes = new Int16Array(levels.length);
  const across = plane.side / BLOCK;
  const blocks = across * across;
  for (let block = 0; block < blocks; block++) {
    levels[block] = readLevel(source, 0) + expectedMean(levels, block, across);
  }
  for (let rank = 1, at = blocks; rank < AREA; rank++) {
    for (let block = 0; block < blocks; block++, at++) {
      const level = readLevel(source, contextOf(sizes, rank, block, across));
      levels[at] = level;
      sizes[at] = Math.abs(level);
    }
  }
  return pixelsOf(levels, plane);
}

/** The mean of a block, by the blocks to the left and above. */
function expectedMean(levels: Levels, block: number, across: number): number {
  const hasLeft = block % across > 0;
  if (block < across) return hasLeft ? levels[block - 1]! : 0;
  return hasLeft ? (levels[block - 1]! + levels[block - across]!) >> 1 : levels[block - across]!;
}

function contextOf(sizes: Int16Array, rank: number, block: number, across: number): number {
  const blocks = across * across;
  const at = rank * blocks + block;
  let around = sizes[COARSER_ACROSS[rank]! * blocks + block]! + sizes[COARSER_DOWN[rank]! * blocks + block]!;
  if (block >= across) around += 2 * sizes[at - across]!;
  if (block % across > 0) around += 2 * sizes[at - 1]!;
  return WAVE[rank]! * ACTIVITIES + (around < ACTIVITY.length ? ACTIVITY[around]! : ACTIVITIES - 1);
}

function writeLevel(out: BitWriter, level: number, context: number): void {
  if (level === 0) {
    out.bit(context, 0);
    return;
  }
  out.bit(context, 1);
  out.bit(SIGN, level < 0 ? 1 : 0);
  const more = Math.abs(level) - 1;
  const steps = PLACES + (context % ACTIVITIES) * STEPS;
  for (let step = 0; step < STEPS; step++) {
    if (more === step) {
      out.bit(steps + step, 0);
      return;
    }
    out.bit(steps + step, 1);
  }
  out.plain(more - STEPS, ESCAPE_BITS);
}

function readLevel(source: BitReader, context: number): number {
  if (source.bit(context) === 0) return 0;
  const sign = source.bit(SIGN) === 1 ? -1 : 1;
  const steps = PLACES + (context % ACTIVITIES) * STEPS;
  let more = 0;
  while (more < STEPS && source.bit(steps + more) === 1) more++;
  if (more === STEPS) more += source.plain(ESCAPE_BITS);
  return sign * (more + 1);
}

function waveOf(at: number): number {
  return Math.floor(at / BLOCK) + (at % BLOCK);
}

const scratch = new Float64Array(AREA);

function levelsOf(pixels: Uint8Array, { side, step }: Plane): Levels {
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

function pixelsOf(levels: Levels, { side, step }: Plane): Uint8Array {
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
