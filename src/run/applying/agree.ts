import { coloursAgree, renditionsAgree } from "../../compare/photo/index.js";
import type { PhotoSignature } from "../../model/photo.js";

/** Mean difference of the luma, of 255: re-encoding stays under it, another portrait is far above. */
const SAME_LUMA = 3;

/**
 * Does the store show the picture that was sent, whatever the service made of the bytes? Pictures without structure (one colour, a blank)
 * have no correlation to speak of; for them the plain difference decides.
 */
export function showSamePicture(a: PhotoSignature, b: PhotoSignature): boolean {
  return renditionsAgree(a, b) || (meanDifference(a.luma, b.luma) <= SAME_LUMA && coloursAgree(a, b));
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length || a.length === 0) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += Math.abs((a[at] ?? 0) - (b[at] ?? 0));
  return sum / a.length;
}
