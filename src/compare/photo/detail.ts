import type { PhotoSignature, ReferenceSignature } from "../../model/photo.js";
import { forSide, THRESHOLDS } from "./thresholds.js";

/** Detail of a rendition by that of its reference, whatever the contrast and brightness of both. */
export interface DetailLoss {
  /** Energy of the second finest band, 1 where nothing was lost. */
  readonly ratio: number;
  /** The discriminant of enlarged pictures (README.md of this folder). */
  readonly enlargement: number;
}

/** Energy below this is rounding, not detail: squared grey levels. */
const NOISE = 0.008;
const FINE = 1;

/**
 * Energies of the reference's bands that the rendition kept, each divided by that of the coarsest band: a darker or flatter copy loses the
 * same share of all. Null where either has no spectrum.
 */
export function detailLoss(reference: ReferenceSignature, rendition: PhotoSignature): DetailLoss | null {
  const [before, after] = [reference.spectrum ?? [], rendition.spectrum ?? []];
  if (before.length === 0 || before.length !== after.length) return null;
  const kept = after.map((energy, band) => Math.log2((energy + NOISE) / (before[band]! + NOISE)));
  const whole = kept.at(-1)!;
  const { floors } = THRESHOLDS.upscaled;
  const { weights } = rowFor(rendition);
  const enlargement = weights.reduce<number>((sum, weight, band) => {
    return sum + weight * Math.max(floors[band]!, kept[band]! - whole);
  }, 0);
  return { ratio: 2 ** (kept[FINE]! - whole), enlargement };
}

/** So little detail that a sharp reference may not match pixel by pixel, whatever made it soft. */
export function isSoft(enlargement: number, rendition: PhotoSignature): boolean {
  return enlargement >= THRESHOLDS.upscaled.softFrom * rowFor(rendition).sum;
}

/** Pixels that hold the detail of a picture of half the size or less. */
export function isUpscaled(loss: DetailLoss | null, rendition: PhotoSignature): boolean {
  return loss !== null && loss.enlargement >= rowFor(rendition).sum && loss.ratio < THRESHOLDS.upscaled.ratioBelow;
}

function rowFor({ width, height }: PhotoSignature): (typeof THRESHOLDS.upscaled.from)[number] {
  return forSide(THRESHOLDS.upscaled.from, Math.max(width, height));
}
