import { LUMA_SIDE } from "./high-pass.js";

/**
 * 64x64 luma as a picture of `side` px would have it (unchanged from 64 px up): the size-matched reference where only luma was kept,
 * and the common ground for a soft rendition and its sharp master.
 */
export function atSize(luma: Uint8Array, side: number): Uint8Array {
  if (side >= LUMA_SIDE || side < 2) return luma;
  const softened = resize(resize(new Float32Array(luma), LUMA_SIDE, side), side, LUMA_SIDE);
  const out = new Uint8Array(luma.length);
  for (let i = 0; i < out.length; i++) out[i] = softened[i]! + 0.5;
  return out;
}

/** For each output pixel of a line the first input pixel and `taps` weights that sum to one. */
interface Tent {
  readonly first: Int32Array;
  readonly weights: Float32Array;
  readonly taps: number;
}

/** Square picture resized with a tent as wide as the larger of the two pixel sizes. */
function resize(picture: Float32Array, from: number, to: number): Float32Array {
  const tent = tentFor(from, to);
  // Each pass turns the picture over its diagonal, so two of them resize both directions.
  return resizeAndTurn(resizeAndTurn(picture, from, from, to, tent), to, from, to, tent);
}

/** rows x from -> to x rows: every row is resized and becomes a column. */
function resizeAndTurn(picture: Float32Array, rows: number, from: number, to: number, tent: Tent): Float32Array {
  const out = new Float32Array(rows * to);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < to; x++) {
      const at = y * from + tent.first[x]!;
      let sum = 0;
      for (let i = 0; i < tent.taps; i++) sum += tent.weights[x * tent.taps + i]! * picture[at + i]!;
      out[x * rows + y] = sum;
    }
  }
  return out;
}

function tentFor(from: number, to: number): Tent {
  const step = from / to;
  const reach = Math.max(1, step);
  const taps = Math.min(from, Math.ceil(2 * reach) + 1);
  const first = new Int32Array(to);
  const weights = new Float32Array(to * taps);
  for (let x = 0; x < to; x++) {
    const middle = (x + 0.5) * step - 0.5;
    const start = Math.min(from - taps, Math.max(0, Math.ceil(middle - reach)));
    const row = weights.subarray(x * taps, (x + 1) * taps);
    for (let i = 0; i < taps; i++) row[i] = Math.max(0, 1 - Math.abs(start + i - middle) / reach);
    const total = row.reduce((sum, weight) => sum + weight, 0);
    for (let i = 0; i < taps; i++) row[i]! /= total;
    first[x] = start;
  }
  return { first, weights, taps };
}
