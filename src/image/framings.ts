import type { Crop, Framing } from "../model/photo.js";
import type { Size } from "./crop.js";

/** One way to lay a master into a frame: the region of the master (its own pixels) that fills it. */
export interface FramedRegion {
  readonly framing: Framing;
  readonly region: Crop;
}

/** A square frame, whatever its size. */
export const SQUARE: Size = { width: 1, height: 1 };

/** Aspect ratios closer than this are the same shape. */
const SAME_SHAPE = 0.03;

/** What of a master counts as the master. */
export interface AcceptedCrops {
  readonly crop: Crop;
  /** Squares that another choice of crop uploads. */
  readonly former: readonly Crop[];
}

/**
 * The framings worth trying, most likely first. Framing is the largest single source of misses with masters that are not square
 * (facts/photo-comparison.md section 4): the crop that is uploaded comes first, then the whole picture where the shapes agree,
 * squares that were uploaded under another choice of crop, the middle, the top, and the whole picture squeezed.
 */
export function framingsFor(master: Size, { crop, former }: AcceptedCrops, frame: Size): readonly FramedRegion[] {
  const whole: Crop = { left: 0, top: 0, width: master.width, height: master.height };
  const frameRatio = frame.width / frame.height;
  const fits = sameShape(master.width / master.height, frameRatio);
  const centre = largestRegion(master, frameRatio, 0.5);
  const candidates: FramedRegion[] = [
    ...(sameShape(crop.width / crop.height, frameRatio) ? [{ framing: "chosen-crop", region: crop } as const] : []),
    ...(fits ? [{ framing: "whole", region: whole } as const] : []),
    ...former.filter((other) => sameShape(other.width / other.height, frameRatio)).map(asChosen),
    { framing: "centre", region: centre },
    { framing: "top", region: largestRegion(master, frameRatio, 0) },
    { framing: "stretched", region: whole },
    { framing: "chosen-crop", region: crop },
  ];
  const kept: FramedRegion[] = [];
  for (const candidate of candidates) {
    if (!kept.some((other) => nearlyEqual(other.region, candidate.region, master))) kept.push(candidate);
  }
  return kept;
}

function asChosen(region: Crop): FramedRegion {
  return { framing: "chosen-crop", region };
}

/** The largest region of the frame's shape; horizontally in the middle, vertically at `fromTop` (0 top, 0.5 middle). */
function largestRegion(master: Size, ratio: number, fromTop: number): Crop {
  const width = Math.max(1, Math.min(master.width, Math.round(master.height * ratio)));
  const height = Math.max(1, Math.min(master.height, Math.round(master.width / ratio)));
  return {
    left: Math.floor((master.width - width) / 2),
    top: Math.floor((master.height - height) * fromTop),
    width,
    height,
  };
}

function sameShape(a: number, b: number): boolean {
  return Math.abs(a / b - 1) <= SAME_SHAPE;
}

/** Edges within half a percent of the master's shorter side give the same rendition. */
function nearlyEqual(a: Crop, b: Crop, master: Size): boolean {
  const slack = Math.max(1, 0.005 * Math.min(master.width, master.height));
  return (
    Math.abs(a.left - b.left) <= slack &&
    Math.abs(a.top - b.top) <= slack &&
    Math.abs(a.width - b.width) <= slack &&
    Math.abs(a.height - b.height) <= slack
  );
}
