import { shapeOf, type PictureSource, type Recipe } from "../pictures.js";
import { hash32 } from "../random.js";
import type { Shown, Size, Subject } from "./member.js";

/** Thumbnail sides seen in tenants (facts/sharepoint.md section 1.5): PnP's, SharePoint scripts', and those made from Graph renditions. */
export const THUMBNAIL_SETS: readonly { readonly [size in Size]: number }[] = [
  { S: 48, M: 72, L: 200 },
  { S: 48, M: 72, L: 300 },
  { S: 48, M: 96, L: 240 },
];

/**
 * The length of a thumbnail's file. It is decided before the picture is made, so that an inventory of 300,000 files needs no pixels;
 * JPEG comments fill what the picture does not need. Varies by picture, grows with the pixels.
 */
function fileLength(source: PictureSource, pixels: number): number {
  const variation = hash32(JSON.stringify(source)) % 400;
  return Math.round(pixels * pixels * 0.42) + 1200 + variation;
}

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

/** The photo of a user without a mailbox: the directory takes at most 100 KB (facts/graph-entra-exchange.md 2.1). */
export function directoryPhotoOf(source: PictureSource, subject: Subject, limit: number): Shown {
  const side = squareSide(source, Math.min(limit, 432));
  return shown(subject, { source, width: side, height: side, fit: "centre", quality: 88, length: 72_000 });
}

/** One thumbnail of a picture. */
export function thumbnailOf(source: PictureSource, side: number, subject: Subject = "own"): Shown {
  const pixels = squareSide(source, side);
  const length = fileLength(source, pixels);
  return shown(subject, { source, width: pixels, height: pixels, fit: "centre", quality: 84, length });
}

/** S, M and L of a picture. */
export function thumbnailsOf(
  source: PictureSource,
  sides: { readonly [size in Size]: number },
  subject: Subject = "own",
): Record<Size, Shown> {
  return {
    S: thumbnailOf(source, sides.S, subject),
    M: thumbnailOf(source, sides.M, subject),
    L: thumbnailOf(source, sides.L, subject),
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
