import type { PhotoSignature } from "../../model/photo.js";
import { correlation } from "./correlate.js";
import { detailLoss } from "./detail.js";
import { isSame, likeness, prepare, prepareSmall } from "./likeness.js";
import { coloursAgree } from "./recoloured.js";
import { judgeTexture } from "./retouched.js";
import { atSize } from "./soften.js";
import { forSide, THRESHOLDS } from "./thresholds.js";

/** Do two stores show the same picture in the same colours, neither of them retouched? The renditions may differ in size; then retouching is not seen. */
export function renditionsAgree(a: PhotoSignature, b: PhotoSignature): boolean {
  if (a.sha256 === b.sha256) return true;
  if (!samePixels(a.luma, b.luma, Math.min(longerSide(a), longerSide(b))) || !coloursAgree(a, b)) return false;
  const sameFrame = a.width === b.width && a.height === b.height;
  return !sameFrame || judgeTexture(a, b, detailLoss(a, b))?.retouched !== true;
}

/** Does the rendition show the picture whose luma is kept (a current or retired master, by its chosen crop), in whatever colours? */
export function confirmIdentity(candidateLuma: Uint8Array, rendition: PhotoSignature): boolean {
  return samePixels(candidateLuma, rendition.luma, longerSide(rendition));
}

/**
 * Two pictures of which only the luma is left cannot be rendered at one size any more: where one is small, both are reduced to what
 * a 48 px thumbnail holds.
 * @param side longer side of the smaller picture
 */
function samePixels(a: Uint8Array, b: Uint8Array, side: number): boolean {
  // Settles nearly all candidates of a 1:N search at a tenth of the cost.
  if (correlation(prepareSmall(a), prepareSmall(b)) < THRESHOLDS.quickReject) return false;
  const soft = side < THRESHOLDS.softBelow ? Math.min(side, THRESHOLDS.softSide) : side;
  const alike = likeness(prepare(atSize(a, soft)), prepare(atSize(b, soft)));
  return isSame(alike, forSide(THRESHOLDS.stored, side));
}

function longerSide(signature: PhotoSignature): number {
  return Math.max(signature.width, signature.height);
}
