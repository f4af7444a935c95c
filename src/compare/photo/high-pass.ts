import { createHighPassModule } from "./high-pass-module.js";

/** Pixels on each side of the stored luma. */
export const LUMA_SIDE = 64;

/** A picture ready for correlation: zero mean, unit length, low frequencies (light, backdrop) removed. */
export type HighPassed = Float32Array;

/** 64x64 luma -> 32x32 by the mean of four pixels. */
export function halveLuma(luma: Uint8Array): Float32Array {
  const side = LUMA_SIDE / 2;
  const half = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const at = 2 * y * LUMA_SIDE + 2 * x;
      half[y * side + x] = (luma[at]! + luma[at + 1]! + luma[at + LUMA_SIDE]! + luma[at + LUMA_SIDE + 1]!) / 4;
    }
  }
  return half;
}

/** The 32x32 form: minus twice a 7x7 box mean. */
export function highPass32(luma: Uint8Array): HighPassed {
  return highPass(halveLuma(luma), 32, 3);
}

/** The same of a luma of 32x32 pixels. */
export function highPassSmall(luma: Uint8Array): HighPassed {
  return highPass(new Float32Array(luma), 32, 3);
}

/** The 64x64 form: minus twice a 9x9 box mean. */
export function highPass64(luma: Uint8Array): HighPassed {
  return highPass(new Float32Array(luma), LUMA_SIDE, 4);
}

const module = createHighPassModule();
const numbers = new Float32Array(module.memory.buffer);
/** Places in the module's memory, in numbers (high-pass.wat). */
const MEANS_AT = 40_960 / 4;
const RESULT_AT = 61_440 / 4;

/** Under one hundredth of a grey level there is only rounding: a flat picture correlates with nothing. */
const FLAT = 1e-4;

/**
 * Picture minus its twice-applied box mean of (2 radius + 1) squared, then zero mean and unit length (all zero when flat).
 * @param side at most 64
 */
export function highPass(picture: Float32Array, side: number, radius: number): HighPassed {
  numbers.set(picture);
  module.highPass(side, radius, FLAT);
  return numbers.slice(RESULT_AT, RESULT_AT + picture.length);
}

/**
 * Separable mean over a square window that is cut off at the borders.
 * @param side at most 64
 */
export function boxMean(picture: Float32Array, side: number, radius: number): Float32Array {
  numbers.set(picture);
  module.mean(side, radius, 0);
  return numbers.slice(MEANS_AT, MEANS_AT + picture.length);
}
