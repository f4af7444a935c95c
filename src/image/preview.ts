import sharp, { type Sharp } from "sharp";

/** Longer side of the pictures in reports. */
export const PREVIEW_SIDE = 120;

export async function previewJpeg(picture: Sharp): Promise<Buffer> {
  return picture
    .resize(PREVIEW_SIDE, PREVIEW_SIDE, { fit: "inside", withoutEnlargement: true })
    .jpeg({ quality: 72 })
    .toBuffer();
}

/** A square grey picture from stored luma, as JPEG. */
export async function greyJpeg(luma: Uint8Array): Promise<Buffer> {
  const side = Math.max(1, Math.floor(Math.sqrt(luma.length)));
  return sharp(luma.subarray(0, side * side), { raw: { width: side, height: side, channels: 1 } })
    .resize(PREVIEW_SIDE, PREVIEW_SIDE)
    .jpeg({ quality: 72 })
    .toBuffer();
}
