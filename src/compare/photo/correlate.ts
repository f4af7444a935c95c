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

const WINDOW = 16;
const STRIDE = 4;

/**
 * The lowest correlation of any 16x16 window of two 64x64 pictures, windows with less than mean energy left out; 1 when both are
 * flat. Two shots of one sitting agree nearly everywhere: what tells them apart is the one place where they don't.
 */
export function localCorrelation(a: HighPassed, b: HighPassed): number {
  const side = 64;
  const area = WINDOW * WINDOW;
  // Both have unit length: the mean energy of a window, both pictures together.
  const meanEnergy = (2 * area) / (side * side);
  let lowest = 1;
  for (let top = 0; top + WINDOW <= side; top += STRIDE) {
    for (let left = 0; left + WINDOW <= side; left += STRIDE) {
      let [sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0];
      for (let y = top; y < top + WINDOW; y++) {
        for (let at = y * side + left; at < y * side + left + WINDOW; at++) {
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
      if (varA + varB < meanEnergy) continue;
      const spread = varA * varB;
      lowest = Math.min(lowest, spread > 0 ? (sab - (sa * sb) / area) / Math.sqrt(spread) : 0);
    }
  }
  return lowest;
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
