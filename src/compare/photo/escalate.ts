import type { PhotoSignature, PhotoVerdict } from "../../model/photo.js";
import { THRESHOLDS } from "./thresholds.js";

/** Renditions from this size on say all there is to say. */
const LARGE_ENOUGH = 240;
/** How far below its threshold a score is undecided. */
const NEAR = 0.06;

/**
 * Would a larger rendition settle what this one leaves open? True for small renditions whose correlation lies near a threshold, and
 * for anything that is not the same picture at thumbnail size: a wrong verdict there costs a good photo.
 */
export function needsLargerRendition(verdict: PhotoVerdict, rendition: PhotoSignature): boolean {
  if (Math.max(rendition.width, rendition.height) >= LARGE_ENOUGH) return false;
  const { hp32, hp64, registration } = verdict.evidence;
  if (verdict.kind === "same") return false;
  return near(hp32, THRESHOLDS.hp32Same) || near(hp64, THRESHOLDS.hp64Same) || near(registration, THRESHOLDS.reframed);
}

function near(value: number | null, threshold: number): boolean {
  return value !== null && Math.abs(value - threshold) <= NEAR;
}
