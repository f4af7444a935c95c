import type { BitReader } from "./bit-coder.js";

import { AREA, BLOCK, ORDER, RANKS, waveOf, type Levels, type Plane } from "./waves.js";

/** Ranks of the next coarser wave across and down; the mean's own where there is none. */
const COARSER_ACROSS = Uint8Array.from(ORDER, (at) => (at % BLOCK > 0 ? RANKS[at - 1]! : 0));
const COARSER_DOWN = Uint8Array.from(ORDER, (at) => (at >= BLOCK ? RANKS[at - BLOCK]! : 0));

const WAVES = 8;
const ACTIVITIES = 8;
/** Of each rank, the wave as far as contexts tell waves apart. */
const WAVE = Uint8Array.from(ORDER, (at) => Math.min(WAVES - 1, waveOf(at)));
const STEPS = 10;
const PLACES = WAVES * ACTIVITIES;
/** Contexts of the former form: is there anything, how much more, and which sign. */
export const FORMER_CONTEXTS = PLACES + ACTIVITIES * STEPS + 1;
const SIGN = FORMER_CONTEXTS - 1;
const ESCAPE_BITS = 12;
/** What is going on around, 0 to 7, by the sum of sizes around: 0, 1, 2, 3-4, 5-7, 8-12, 13-22, more. */
const ACTIVITY = Uint8Array.from(
  { length: 64 },
  (_, sum) => [1, 2, 3, 5, 8, 13, 23].filter((from) => sum >= from).length,
);

/** Reads levels of a plane as versions before 2026-11-29 wrote them, by likelihoods that were learnt on the way. */
export function readFormerLevels(source: BitReader, plane: Plane): Levels {
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
  return levels;
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

function readLevel(source: BitReader, context: number): number {
  if (source.bit(context) === 0) return 0;
  const sign = source.bit(SIGN) === 1 ? -1 : 1;
  const steps = PLACES + (context % ACTIVITIES) * STEPS;
  let more = 0;
  while (more < STEPS && source.bit(steps + more) === 1) more++;
  if (more === STEPS) more += source.plain(ESCAPE_BITS);
  return sign * (more + 1);
}
