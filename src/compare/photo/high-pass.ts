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

/** The 64x64 form: minus twice a 9x9 box mean. */
export function highPass64(luma: Uint8Array): HighPassed {
  return highPass(new Float32Array(luma), LUMA_SIDE, 4);
}

/** Picture minus its twice-applied box mean of (2 radius + 1) squared, then zero mean and unit length (all zero when flat). */
export function highPass(picture: Float32Array, side: number, radius: number): HighPassed {
  const low = boxMean(boxMean(picture, side, radius), side, radius);
  const out = new Float32Array(picture.length);
  let mean = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = picture[i]! - low[i]!;
    mean += out[i]!;
  }
  mean /= out.length;
  let energy = 0;
  for (let i = 0; i < out.length; i++) {
    out[i]! -= mean;
    energy += out[i]! * out[i]!;
  }
  // Under one hundredth of a grey level there is only rounding: a flat picture correlates with nothing.
  const scale = energy > out.length * 1e-4 ? 1 / Math.sqrt(energy) : 0;
  for (let i = 0; i < out.length; i++) out[i]! *= scale;
  return out;
}

/** Separable mean over a square window that is cut off at the borders, with running sums. */
export function boxMean(picture: Float32Array, side: number, radius: number): Float32Array {
  const across = new Float32Array(picture.length);
  for (let line = 0; line < side; line++)
    meanAlong(picture, across, { start: line * side, step: 1, length: side }, radius);
  const out = new Float32Array(picture.length);
  for (let line = 0; line < side; line++) meanAlong(across, out, { start: line, step: side, length: side }, radius);
  return out;
}

/** A row or a column of a picture. */
interface Line {
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

function meanAlong(from: Float32Array, to: Float32Array, { start, step, length }: Line, radius: number): void {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < Math.min(radius, length); i++) {
    sum += from[start + i * step]!;
    count++;
  }
  for (let i = 0; i < length; i++) {
    const entering = i + radius;
    if (entering < length) {
      sum += from[start + entering * step]!;
      count++;
    }
    const leaving = i - radius - 1;
    if (leaving >= 0) {
      sum -= from[start + leaving * step]!;
      count--;
    }
    to[start + i * step] = sum / count;
  }
}
