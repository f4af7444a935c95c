import type { PhotoSignature } from "../../model/photo.js";
import { isSame, likeness, prepare } from "./likeness.js";
import { atSize } from "./soften.js";

/** Do two stores show the same picture? For users without master; the renditions may differ in size. */
export function renditionsAgree(a: PhotoSignature, b: PhotoSignature): boolean {
  if (a.sha256 === b.sha256) return true;
  const side = Math.min(longerSide(a), longerSide(b));
  return samePixels(atSize(a.luma, side), atSize(b.luma, side), side);
}

/** Does the rendition show the picture whose luma is kept (a current or retired master, by its chosen crop)? */
export function confirmIdentity(candidateLuma: Uint8Array, rendition: PhotoSignature): boolean {
  const side = longerSide(rendition);
  return samePixels(atSize(candidateLuma, side), atSize(rendition.luma, side), side);
}

function samePixels(a: Uint8Array, b: Uint8Array, side: number): boolean {
  return isSame(likeness(prepare(a), prepare(b)), side);
}

function longerSide(signature: PhotoSignature): number {
  return Math.max(signature.width, signature.height);
}
