import { SIZE_WEIGHTS, STIR_FROM } from "../../../src/state/pixels/likelihoods.js";
import { AREA, BLOCK, ORDER, waveOf, type Levels, type Plane } from "../../../src/state/pixels/waves.js";
import { expectedMean, FEATURES, lookAround, slopeOf, type Known } from "./slow-surroundings.js";

/** What planes.wat does between levels and bits, written down once more. */

/** Takes bits, each under a context that says how likely it is. */
export interface BitSink {
  bit(context: number, value: 0 | 1): void;
  /** Bits that are as likely as not, highest first. */
  plain(value: number, bits: number): void;
}
export interface BitSource {
  bit(context: number): 0 | 1;
  plain(bits: number): number;
}

/** Steps in which a size is told: is it more than 0, more than 1, …; what is beyond follows as a number. */
const STEPS = 15;
const STIRS = STIR_FROM.length + 1;
/** Of a number is told how many binary digits it has, at most so many: is there any, more than one, … */
const DIGITS = 11;
/**
 * Contexts of sizes by the stir around and the step, of signs by the slope of means, of what is beyond the steps by the stir, and of means by
 * how much they change around.
 */
const SIGNS = STIRS * STEPS;
const SLOPES = 8;
const BEYOND = SIGNS + SLOPES;
const BEYOND_STIRS = 5;
const MEANS = BEYOND + BEYOND_STIRS * DIGITS;
const CHANGES = 9;
const EDGE = CHANGES - 1;

/** How much goes on around a level, 0 to 23, by the weighted sum of its surroundings. */
const STIR = Uint8Array.from({ length: 4096 }, (_, sum) => STIR_FROM.filter((from) => sum >= from).length);
/** The two slopes have weights of their own, and so have the next three waves. */
const WEIGHTS = Int32Array.from(
  Array.from(ORDER).flatMap(
    (at, rank) => SIZE_WEIGHTS[waveOf(at) <= 1 ? Math.max(0, rank - 1) : Math.min(3, waveOf(at))]!,
  ),
);
const features = new Int32Array(FEATURES);

function stirAround(known: Known, rank: number, block: number, slope: number): number {
  lookAround(known, rank, block, slope, features);
  const from = rank * FEATURES;
  let sum = 0;
  for (let i = 0; i < FEATURES; i++) sum += WEIGHTS[from + i]! * features[i]!;
  return sum < STIR.length ? STIR[sum]! : STIRS - 1;
}

/** The mean of what is written first, all means, then wave after wave over all blocks. */
export function writeLevels(out: BitSink, levels: Levels, plane: Plane): void {
  const known = knownOf(levels, plane);
  const blocks = known.across ** 2;
  for (let block = 0; block < blocks; block++) {
    const { mean, change } = expectedMean(known, block, plane.mean);
    writeDistance(out, levels[block]! - mean, changeContext(change));
  }
  for (let rank = 1, at = blocks; rank < AREA; rank++) {
    for (let block = 0; block < blocks; block++, at++) {
      const slope = rank <= 2 ? slopeOf(known, rank, block) : 0;
      const stir = stirAround(known, rank, block, slope);
      const level = levels[at]!;
      if (level === 0) {
        out.bit(stir * STEPS, 0);
        continue;
      }
      const size = level < 0 ? -level : level;
      known.sizes[at] = size;
      out.bit(stir * STEPS, 1);
      writeSign(out, level, slope);
      writeMore(out, size - 1, stir);
    }
  }
}

export function readLevels(source: BitSource, plane: Plane): Levels {
  const levels: Levels = new Int16Array(plane.side * plane.side);
  const known = knownOf(levels, plane);
  const blocks = known.across ** 2;
  for (let block = 0; block < blocks; block++) {
    const { mean, change } = expectedMean(known, block, plane.mean);
    levels[block] = mean + readDistance(source, changeContext(change));
  }
  for (let rank = 1, at = blocks; rank < AREA; rank++) {
    for (let block = 0; block < blocks; block++, at++) {
      const slope = rank <= 2 ? slopeOf(known, rank, block) : 0;
      const stir = stirAround(known, rank, block, slope);
      if (source.bit(stir * STEPS) === 0) continue;
      const negative = readNegative(source, slope);
      const size = 1 + readMore(source, stir);
      known.sizes[at] = size;
      levels[at] = negative ? -size : size;
    }
  }
  return levels;
}

function knownOf(levels: Levels, { side }: Plane): Known {
  return { levels, sizes: new Uint16Array(levels.length), across: side / BLOCK };
}

/** By the number of binary digits of what means change around. */
function changeContext(change: number): number {
  const place = change < 0 ? EDGE : Math.min(EDGE, 31 - Math.clz32(change + 1));
  return MEANS + place * DIGITS;
}

/** The sign of a wave along which the means fall is likely theirs. */
function writeSign(out: BitSink, level: number, slope: number): void {
  const negative = level < 0;
  if (slope === 0) out.plain(negative ? 1 : 0, 1);
  else out.bit(signContext(slope), negative === slope < 0 ? 1 : 0);
}

function readNegative(source: BitSource, slope: number): boolean {
  if (slope === 0) return source.plain(1) === 1;
  const asMeans = source.bit(signContext(slope)) === 1;
  return asMeans === slope < 0;
}

function signContext(slope: number): number {
  return SIGNS + Math.min(SLOPES - 1, 31 - Math.clz32(1 + (Math.abs(slope) >> 1)));
}

function writeMore(out: BitSink, more: number, stir: number): void {
  const context = stir * STEPS + 1;
  for (let step = 0; step < STEPS - 1; step++) {
    if (more === step) {
      out.bit(context + step, 0);
      return;
    }
    out.bit(context + step, 1);
  }
  writeNumber(out, more - (STEPS - 1), beyondContext(stir));
}

function readMore(source: BitSource, stir: number): number {
  const context = stir * STEPS + 1;
  let more = 0;
  while (more < STEPS - 1 && source.bit(context + more) === 1) more++;
  return more < STEPS - 1 ? more : more + readNumber(source, beyondContext(stir));
}

function beyondContext(stir: number): number {
  return BEYOND + Math.max(0, stir - (STIRS - BEYOND_STIRS)) * DIGITS;
}

function writeDistance(out: BitSink, distance: number, context: number): void {
  writeNumber(out, Math.abs(distance), context);
  if (distance !== 0) out.plain(distance < 0 ? 1 : 0, 1);
}

function readDistance(source: BitSource, context: number): number {
  const size = readNumber(source, context);
  return size > 0 && source.plain(1) === 1 ? -size : size;
}

/** How many binary digits it has, then the digits after the first, which is 1. */
function writeNumber(out: BitSink, value: number, context: number): void {
  const digits = 32 - Math.clz32(value);
  for (let digit = 0; digit < DIGITS; digit++) {
    out.bit(context + digit, digits > digit ? 1 : 0);
    if (digits === digit) break;
  }
  if (digits > 1) out.plain(value - 2 ** (digits - 1), digits - 1);
}

function readNumber(source: BitSource, context: number): number {
  let digits = 0;
  while (digits < DIGITS && source.bit(context + digits) === 1) digits++;
  return digits < 2 ? digits : 2 ** (digits - 1) + source.plain(digits - 1);
}
