import type { PhotoSignature, PhotoVerdict } from "../../model/photo.js";
import { isSoft } from "./detail.js";
import { forSide, THRESHOLDS } from "./thresholds.js";

/** Renditions from this side on say all there is to say; about sharpness only the larger ones do. */
const LARGE_ENOUGH = 240;
const LARGE_ENOUGH_FOR_DETAIL = 504;
/** How near a threshold a score is undecided. */
const NEAR = 0.06;

/**
 * Would a larger rendition settle what this one leaves open? True for a small rendition whose correlation lies near a threshold, and
 * for the right picture with so little detail that it may have been enlarged, or with a part that may have been retouched.
 */
export function needsLargerRendition(verdict: PhotoVerdict, rendition: PhotoSignature): boolean {
  if (verdict.evidence.identical) return false;
  const side = Math.max(rendition.width, rendition.height);
  return verdict.kind === "same"
    ? side < LARGE_ENOUGH_FOR_DETAIL && (isDoubtfullySharp(verdict, rendition) || isDoubtfullyRetouched(verdict))
    : side < LARGE_ENOUGH && isNearThreshold(verdict, side);
}

function isDoubtfullySharp({ upscaled, evidence }: PhotoVerdict, rendition: PhotoSignature): boolean {
  return !upscaled && isSoft(evidence.enlargement ?? 0, rendition);
}

function isDoubtfullyRetouched({ evidence }: PhotoVerdict): boolean {
  return (evidence.colour?.texture ?? 0) >= THRESHOLDS.doubtfulTexture;
}

function isNearThreshold({ evidence }: PhotoVerdict, side: number): boolean {
  const needed = forSide(THRESHOLDS.same, side);
  const { hp32, hp64, registration } = evidence;
  const almostSame = hp32 !== null && hp64 !== null && hp32 >= needed.hp32 - NEAR && hp64 >= needed.hp64 - NEAR;
  return (
    almostSame ||
    (registration !== null && Math.abs(registration - forSide(THRESHOLDS.reframed, side).ways[0].registration) <= NEAR)
  );
}
