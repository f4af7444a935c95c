import type { ColourChange, PhotoSignature, ReferenceSignature } from "../../model/photo.js";
import { alignPlanes } from "./align.js";
import { type ColourCells, colourCells, recolouredCells } from "./cells.js";
import { colourChange } from "./colour.js";
import { leftBy, leftByWishes } from "./explained.js";
import { PROFILE_SLIPS } from "./profiles.js";
import { type ColourLimits, forSide, THRESHOLDS } from "./thresholds.js";

export interface JudgedColour {
  readonly change: ColourChange;
  readonly recoloured: boolean;
}

/**
 * The colours of a picture that shows the reference. Null where those of either are not known: signatures of older recipes have luma only.
 * @param side longer side of the rendition, or of the smaller one of two
 */
export function judgeColour(
  reference: ReferenceSignature,
  rendition: PhotoSignature,
  side: number,
): JudgedColour | null {
  const { luma, chroma } = reference;
  if (chroma === undefined || rendition.chroma === undefined) return null;
  const after = colourCells(rendition.luma, rendition.chroma);
  const coarse = isCoarse(reference) || isCoarse(rendition);
  const asItLies = judgeCells(colourCells(luma, chroma), after, side, coarse);
  if (!asItLies.recoloured) return asItLies;
  // Where the frame slipped, borders of colours lie elsewhere: no colour changed.
  const aligned = alignPlanes({ luma, cells: chroma }, rendition);
  if (aligned === null) return asItLies;
  const judged = judgeCells(colourCells(aligned.luma, aligned.cells), after, side, coarse);
  return judged.recoloured ? asItLies : judged;
}

function isCoarse({ jpegQuality }: ReferenceSignature): boolean {
  return jpegQuality !== null && jpegQuality < THRESHOLDS.coarseBelow;
}

/** @param coarse whether either is a JPEG whose blocks are seen */
export function judgeCells(before: ColourCells, after: ColourCells, side: number, coarse: boolean): JudgedColour {
  const row = forSide(THRESHOLDS.recoloured, side);
  const limits = coarse ? { ...row, changedShare: row.coarseShare } : row;
  const change = colourChange(before, after, limits.visible);
  return { change, recoloured: !isWithin(change, limits) && !hasLostProfile(before, after, side) };
}

/**
 * A profile that somebody ignored explains the colours: most of the change in chroma, and better than a white balance or a saturation would
 * that a person chose.
 */
function hasLostProfile(before: ColourCells, after: ColourCells, side: number): boolean {
  const { limits, unexplained, ofSaturation } = forSide(THRESHOLDS.profileLost, side);
  const left = leftByWishes(before, after);
  return PROFILE_SLIPS.some(({ of, common }) => {
    const supposed = recolouredCells(before, of);
    const most = Math.min(
      unexplained * left.nothing,
      left.balance,
      left.saturation * (common ? ofSaturation.common : ofSaturation.rare),
    );
    return leftBy(supposed, after) <= most && isWithin(colourChange(supposed, after, limits.visible), limits);
  });
}

function isWithin(
  { changedShare, spot, lightness, contrast, cast, saturation }: ColourChange,
  limits: ColourLimits,
): boolean {
  return (
    changedShare <= limits.changedShare &&
    spot <= limits.spot &&
    Math.abs(lightness - 1) <= limits.lightness &&
    Math.abs(contrast - 1) <= limits.contrast &&
    cast <= limits.cast &&
    (saturation === null || (saturation >= limits.faded && saturation <= limits.vivid))
  );
}

/** Do two pictures of the same motif have the same colours, too, whichever of them is taken for the original? True where it is not known. */
export function coloursAgree(a: PhotoSignature, b: PhotoSignature): boolean {
  const side = Math.min(Math.max(a.width, a.height), Math.max(b.width, b.height));
  return judgeColour(a, b, side)?.recoloured !== true && judgeColour(b, a, side)?.recoloured !== true;
}
