import type { Sharp } from "sharp";
import type { Size } from "./crop.js";
import { sharp } from "./library.js";
import { asUnreadable } from "./unreadable.js";

/** Longer side of the pictures in reports: that of the rendition which an audit reads. */
export const PREVIEW_SIDE = 240;

/** Whether a picture is shown as it is. */
export function isPreviewSize({ width, height }: Size): boolean {
  return Math.max(width, height) <= PREVIEW_SIDE;
}

/** Half the bytes of a JPEG that looks the same, at a third of the time that more effort takes. */
const WEBP = { quality: 60, effort: 2 } as const;

export async function previewImage(picture: Sharp): Promise<Buffer> {
  return picture.resize(PREVIEW_SIDE, PREVIEW_SIDE, { fit: "inside", withoutEnlargement: true }).webp(WEBP).toBuffer();
}

/** A square grey picture of stored luma, in its own few pixels. */
export async function greyImage(luma: Uint8Array): Promise<Buffer> {
  const side = Math.max(1, Math.floor(Math.sqrt(luma.length)));
  return sharp(luma.subarray(0, side * side), { raw: { width: side, height: side, channels: 1 } })
    .webp(WEBP)
    .toBuffer();
}

/** A picture of a report with a longer side of at most `side` px. Throws PhotodriftError `unreadable-image` where the picture is damaged. */
export async function smallerImage(image: Uint8Array, side: number): Promise<Buffer> {
  try {
    return await sharp(image).resize(side, side, { fit: "inside", withoutEnlargement: true }).webp(WEBP).toBuffer();
  } catch (error) {
    throw asUnreadable(error);
  }
}
