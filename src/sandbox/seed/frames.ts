import { shapeOf, type PictureSource, type Recipe } from "../pictures.js";
import type { Shown, Size, Subject } from "./member.js";

/** Thumbnail sides seen in tenants (facts/sharepoint.md section 1.5): PnP's, SharePoint scripts', and those made from Graph renditions. */
export const THUMBNAIL_SETS: readonly { readonly [size in Size]: number }[] = [
  { S: 48, M: 72, L: 200 },
  { S: 48, M: 72, L: 300 },
  { S: 48, M: 96, L: 240 },
];

/** Lengths of a large tenant's files, known without making them. */
const LENGTHS: { readonly [size in Size]: number } = { S: 2_600, M: 4_200, L: 18_000 };

/** The largest square of a picture, at most `limit` pixels: a photo is never enlarged. */
export function squareSide(source: PictureSource, limit: number): number {
  const { width, height } = shapeOf(source);
  return Math.min(width, height, limit);
}

function shown(subject: Subject, recipe: Recipe): Shown {
  return { subject, recipe };
}

/** The picture as the cloud stores it: a square of at most 648 px. */
export function cloudOf(source: PictureSource, subject: Subject = "own", limit = 648): Shown {
  const side = squareSide(source, limit);
  return shown(subject, { source, width: side, height: side, fit: "centre", quality: 90 });
}

/** One thumbnail of a picture. `fixed`: with the known length of its size. */
export function thumbnailOf(
  source: PictureSource,
  size: Size,
  side: number,
  subject: Subject = "own",
  fixed = false,
): Shown {
  const pixels = squareSide(source, side);
  const recipe: Recipe = { source, width: pixels, height: pixels, fit: "centre", quality: 90 };
  return shown(subject, fixed ? { ...recipe, length: LENGTHS[size] } : recipe);
}

/** S, M and L of a picture. */
export function thumbnailsOf(
  source: PictureSource,
  sides: { readonly [size in Size]: number },
  subject: Subject = "own",
  fixed = false,
): Record<Size, Shown> {
  return {
    S: thumbnailOf(source, "S", sides.S, subject, fixed),
    M: thumbnailOf(source, "M", sides.M, subject, fixed),
    L: thumbnailOf(source, "L", sides.L, subject, fixed),
  };
}

/** A square picture squeezed, or a tall one kept whole: never square. */
export function notSquare(source: PictureSource, longer: number): Shown {
  const { width, height } = shapeOf(source);
  const limit = Math.min(longer, Math.max(width, height));
  if (width === height)
    return shown("own", { source, width: limit, height: Math.round(limit * 0.75), fit: "stretch", quality: 90 });
  const scale = limit / Math.max(width, height);
  return shown("own", {
    source,
    width: Math.round(width * scale),
    height: Math.round(height * scale),
    fit: "centre",
    quality: 90,
  });
}
