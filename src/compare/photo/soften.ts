import { LUMA_SIDE } from "./high-pass.js";

/**
 * 64x64 luma as a picture of `side` px would have it (unchanged from 64 px up): the size-matched reference where only luma was kept,
 * and the common ground for a soft rendition and its sharp master.
 */
export function atSize(luma: Uint8Array, side: number): Uint8Array {
  if (side >= LUMA_SIDE || side < 2) return luma;
  const reduced = resize(Float32Array.from(luma), LUMA_SIDE, side);
  return Uint8Array.from(resize(reduced, side, LUMA_SIDE), (value) => Math.round(value));
}

/** Square picture resized with a tent as wide as the larger of the two pixel sizes. */
function resize(picture: Float32Array, from: number, to: number): Float32Array {
  const rows = resizeRows(picture, from, from, to);
  return transpose(resizeRows(transpose(rows, from, to), to, from, to), to, to);
}

function resizeRows(picture: Float32Array, rows: number, from: number, to: number): Float32Array {
  const out = new Float32Array(rows * to);
  const step = from / to;
  const reach = Math.max(1, step);
  for (let x = 0; x < to; x++) {
    const middle = (x + 0.5) * step - 0.5;
    const first = Math.max(0, Math.ceil(middle - reach));
    const last = Math.min(from - 1, Math.floor(middle + reach));
    const weights = Array.from({ length: last - first + 1 }, (_, i) => 1 - Math.abs(first + i - middle) / reach);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (let y = 0; y < rows; y++) {
      let sum = 0;
      for (let i = first; i <= last; i++) sum += weights[i - first]! * picture[y * from + i]!;
      out[y * to + x] = sum / total;
    }
  }
  return out;
}

function transpose(picture: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(picture.length);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) out[x * rows + y] = picture[y * columns + x]!;
  }
  return out;
}
