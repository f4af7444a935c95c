import type { PhotoSignature } from "../../model/photo.js";
import { correlation, mirroredCorrelation } from "./correlate.js";
import { highPass32, highPass64, LUMA_SIDE } from "./high-pass.js";
import { THRESHOLDS } from "./thresholds.js";

/** Do two stores show the same picture? For users without master; the renditions may differ in size. */
export function renditionsAgree(a: PhotoSignature, b: PhotoSignature): boolean {
  if (a.sha256 === b.sha256) return true;
  const side = Math.min(longerSide(a), longerSide(b));
  return samePixels(atSize(a.luma, side), atSize(b.luma, side), side);
}

/** Does the rendition show the picture whose luma is kept (a current or retired master, by its chosen crop)? */
export function confirmIdentity(candidateLuma: Uint8Array, rendition: PhotoSignature): boolean {
  const side = longerSide(rendition);
  return samePixels(atSize(candidateLuma, side), rendition.luma, side);
}

function samePixels(a: Uint8Array, b: Uint8Array, side: number): boolean {
  const small = highPass32(b);
  const reference = highPass32(a);
  const hp32 = correlation(reference, small);
  if (hp32 < THRESHOLDS.hp32Same || hp32 <= mirroredCorrelation(reference, small, 32)) return false;
  const needed = side < THRESHOLDS.smallSide ? THRESHOLDS.hp64SameSmall : THRESHOLDS.hp64Same;
  return correlation(highPass64(a), highPass64(b)) >= needed;
}

function longerSide(signature: PhotoSignature): number {
  return Math.max(signature.width, signature.height);
}

/** The luma as a picture of `side` px would have it: the size-matched reference where only 64x64 pixels were kept. */
export function atSize(luma: Uint8Array, side: number): Uint8Array {
  if (side >= LUMA_SIDE || side < 2) return luma;
  const across = resample(resample(Float32Array.from(luma), LUMA_SIDE, side), side, LUMA_SIDE);
  return Uint8Array.from(across, (value) => Math.round(value));
}

/** Square picture resized by a tent filter as wide as the larger of the two pixel sizes. */
function resample(picture: Float32Array, from: number, to: number): Float32Array {
  return transpose(resampleRows(transpose(resampleRows(picture, from, from, to), from, to), to, from, to), to, to);
}

function resampleRows(picture: Float32Array, rows: number, from: number, to: number): Float32Array {
  const out = new Float32Array(rows * to);
  const step = from / to;
  const reach = Math.max(1, step);
  for (let x = 0; x < to; x++) {
    const middle = (x + 0.5) * step - 0.5;
    const first = Math.max(0, Math.ceil(middle - reach));
    const last = Math.min(from - 1, Math.floor(middle + reach));
    let total = 0;
    for (let i = first; i <= last; i++) total += 1 - Math.abs(i - middle) / reach;
    for (let y = 0; y < rows; y++) {
      let sum = 0;
      for (let i = first; i <= last; i++) sum += (1 - Math.abs(i - middle) / reach) * picture[y * from + i]!;
      out[y * to + x] = sum / total;
    }
  }
  return out;
}

function transpose(picture: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(picture.length);
  for (let y = 0; y < rows; y++) for (let x = 0; x < columns; x++) out[x * rows + y] = picture[y * columns + x]!;
  return out;
}
