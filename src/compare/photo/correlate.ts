import type { HighPassed } from "./high-pass.js";

/** Dot product of two unit vectors: their correlation, -1 to 1. */
export function correlation(a: HighPassed, b: HighPassed): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return Math.max(-1, Math.min(1, sum));
}

/** The same with `b` mirrored left to right. */
export function mirroredCorrelation(a: HighPassed, b: HighPassed, side: number): number {
  let sum = 0;
  for (let y = 0; y < side; y++) {
    const row = y * side;
    for (let x = 0; x < side; x++) sum += a[row + x]! * b[row + side - 1 - x]!;
  }
  return Math.max(-1, Math.min(1, sum));
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
