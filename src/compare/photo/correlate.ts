import type { HighPassed } from "./high-pass.js";

/** Dot product of two unit vectors: their correlation, -1 to 1. */
export function correlation(a: HighPassed, b: HighPassed): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return Math.max(-1, Math.min(1, sum));
}

/** Correlation of the first picture, flipped left to right, with the second. */
export function flippedCorrelation(a: HighPassed, b: HighPassed): number {
  const side = Math.sqrt(a.length);
  let sum = 0;
  for (let y = 0, at = 0; y < side; y++) {
    for (let from = (y + 1) * side - 1; from >= y * side; from--, at++) sum += a[from]! * b[at]!;
  }
  return Math.max(-1, Math.min(1, sum));
}

/** Cells of a square picture, both ends included. */
export interface Rectangle {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

/** Windows are moved on by a sixteenth of the side, and are four such steps wide. */
const STEPS = 16;
const WIDE = 4;

/** Of the cells in each step's square: the sums of a, of b, of their squares and of their products. */
const SQUARES = STEPS * STEPS;
const sumsA = new Float64Array(SQUARES);
const sumsB = new Float64Array(SQUARES);
const squaresA = new Float64Array(SQUARES);
const squaresB = new Float64Array(SQUARES);
const products = new Float64Array(SQUARES);

/**
 * The lowest correlation of any window - a quarter of the side - of two square pictures of unit length, windows with less than mean energy
 * left out; 1 when both are flat. Two shots of one sitting agree nearly everywhere: what tells them apart is the one place where they
 * don't.
 * @param a its side is a multiple of 16, as that of `b`
 * @param shared only windows inside are looked at
 */
export function localCorrelation(a: HighPassed, b: HighPassed, shared?: Rectangle): number {
  const side = Math.sqrt(a.length);
  const step = side / STEPS;
  const { x0, x1, y0, y1 } = shared ?? { x0: 0, x1: side - 1, y0: 0, y1: side - 1 };
  const across = Math.floor((x1 + 1 - x0) / step);
  const down = Math.floor((y1 + 1 - y0) / step);
  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column++) {
      putSums(a, b, side, (y0 + row * step) * side + x0 + column * step, row * STEPS + column);
    }
  }
  const area = (WIDE * step) ** 2;
  // Both have unit length: the mean energy of a window, both pictures together.
  const meanEnergy = (2 * area) / (side * side);
  let lowest = 1;
  for (let row = 0; row + WIDE <= down; row++) {
    for (let column = 0; column + WIDE <= across; column++) {
      lowest = Math.min(lowest, windowCorrelation(row * STEPS + column, area, meanEnergy));
    }
  }
  return lowest;
}

/** @param corner the first cell of the square at `place` */
function putSums(a: HighPassed, b: HighPassed, side: number, corner: number, place: number): void {
  const step = side / STEPS;
  let sa = 0;
  let sb = 0;
  let saa = 0;
  let sbb = 0;
  let sab = 0;
  for (let line = corner; line < corner + step * side; line += side) {
    for (let at = line; at < line + step; at++) {
      const p = a[at]!;
      const q = b[at]!;
      sa += p;
      sb += q;
      saa += p * p;
      sbb += q * q;
      sab += p * q;
    }
  }
  sumsA[place] = sa;
  sumsB[place] = sb;
  squaresA[place] = saa;
  squaresB[place] = sbb;
  products[place] = sab;
}

/** Of the window whose first square is `first`; 1 where it holds less than `least` energy. */
function windowCorrelation(first: number, area: number, least: number): number {
  let sa = 0;
  let sb = 0;
  let saa = 0;
  let sbb = 0;
  let sab = 0;
  for (let row = first; row < first + WIDE * STEPS; row += STEPS) {
    for (let at = row; at < row + WIDE; at++) {
      sa += sumsA[at]!;
      sb += sumsB[at]!;
      saa += squaresA[at]!;
      sbb += squaresB[at]!;
      sab += products[at]!;
    }
  }
  const varA = saa - (sa * sa) / area;
  const varB = sbb - (sb * sb) / area;
  if (varA + varB < least) return 1;
  const spread = varA * varB;
  return spread > 0 ? (sab - (sa * sb) / area) / Math.sqrt(spread) : 0;
}

/** Differing bits of two fingerprints in hex of equal length; null when either is no such fingerprint. */
export function differingBits(a: string, b: string): number | null {
  if (a.length !== b.length || a.length === 0) return null;
  let bits = 0;
  for (let i = 0; i < a.length; i += 8) {
    const left = Number.parseInt(a.slice(i, i + 8), 16);
    const right = Number.parseInt(b.slice(i, i + 8), 16);
    if (Number.isNaN(left) || Number.isNaN(right)) return null;
    bits += popCount((left ^ right) >>> 0);
  }
  return bits;
}

/** Set bits of a 32-bit number (Hacker's Delight, figure 5-2). */
export function popCount(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
