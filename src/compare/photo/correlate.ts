import type { HighPassed } from "./high-pass.js";

/** Dot product of two unit vectors: their correlation, -1 to 1. */
export function correlation(a: HighPassed, b: HighPassed): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return Math.max(-1, Math.min(1, sum));
}

/** The picture flipped left to right. */
export function mirrored(picture: HighPassed): HighPassed {
  const side = Math.sqrt(picture.length);
  const out = new Float32Array(picture.length);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) out[y * side + x] = picture[y * side + side - 1 - x]!;
  }
  return out;
}

/** Cells of a square picture, both ends included. */
export interface Rectangle {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

/** Share of the side that a window takes, and how far it is moved on. */
const WINDOW = 1 / 4;
const STRIDE = 1 / 16;

/**
 * The lowest correlation of any window - a quarter of the side - of two square pictures of unit length, windows with less than mean energy
 * left out; 1 when both are flat. Two shots of one sitting agree nearly everywhere: what tells them apart is the one place where they
 * don't.
 * @param shared only windows inside are looked at
 */
export function localCorrelation(a: HighPassed, b: HighPassed, shared?: Rectangle): number {
  const side = Math.sqrt(a.length);
  const size = Math.round(side * WINDOW);
  const stride = Math.round(side * STRIDE);
  const { x0, x1, y0, y1 } = shared ?? { x0: 0, x1: side - 1, y0: 0, y1: side - 1 };
  // Both have unit length: the mean energy of a window, both pictures together.
  const meanEnergy = (2 * size * size) / (side * side);
  let lowest = 1;
  for (let top = y0; top + size <= y1 + 1; top += stride) {
    for (let left = x0; left + size <= x1 + 1; left += stride) {
      lowest = Math.min(lowest, windowCorrelation(a, b, { side, size, left, top }, meanEnergy));
    }
  }
  return lowest;
}

interface Window {
  readonly side: number;
  readonly size: number;
  readonly left: number;
  readonly top: number;
}

/** 1 where the window holds less than `least` energy. */
function windowCorrelation(a: HighPassed, b: HighPassed, window: Window, least: number): number {
  const { side, size, left, top } = window;
  const area = size * size;
  let [sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0];
  for (let y = top; y < top + size; y++) {
    for (let at = y * side + left; at < y * side + left + size; at++) {
      const p = a[at]!;
      const q = b[at]!;
      sa += p;
      sb += q;
      saa += p * p;
      sbb += q * q;
      sab += p * q;
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
