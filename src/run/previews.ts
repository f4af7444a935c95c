import { PhotodriftError } from "../model/errors.js";
import { cropKey, MASTER_PREVIEW } from "../model/master.js";
import type { Crop, PhotoSignature } from "../model/photo.js";
import type { ImageReader } from "./ports.js";
import type { PictureRecords } from "./records/pictures.js";
import type { UserRecords } from "./records/users.js";

/** Up to this many users every picture keeps a preview, so that reports show right pictures in colour as well. */
const SMALL_TENANT = 2000;

/**
 * Stored pictures up to so many bytes are kept as they are: a report that shows one makes its preview then. Photos of 300 px have 10 to 50 KB, and
 * encoding a preview takes longer than all that is read from one.
 */
const KEPT_AS_STORED = 64 * 1024;

/** Larger tenants keep previews of pictures that look like a finding; the others are drawn grey from their signature. */
export function keepsAllPreviews(records: Pick<UserRecords, "countUsers">): boolean {
  return records.countUsers() <= SMALL_TENANT;
}

/**
 * What is kept of a stored picture: a preview, or the picture itself where that is small. Encoding costs more than all the rest of judging it, and no
 * report may ever show it. Of large tenants only wrong pictures are kept, as previews: those take a third of the room.
 * @param keepsAll the tenant is small: every picture is kept
 */
export async function previewToKeep(
  images: Pick<ImageReader, "preview">,
  bytes: Buffer,
  { format }: Pick<PhotoSignature, "format">,
  keepsAll: boolean,
): Promise<Buffer> {
  const asStored = keepsAll && format === "jpeg" && bytes.length <= KEPT_AS_STORED;
  return asStored ? bytes : images.preview(bytes);
}

/** The preview of a stored picture, or null where none was kept or what was is damaged; what was kept as stored is made one, once. */
export async function previewToShow(
  images: Pick<ImageReader, "preview">,
  records: Pick<PictureRecords, "preview" | "savePreview">,
  sha256: string,
): Promise<Buffer | null> {
  const kept = await records.preview(sha256);
  if (kept === null || !isJpeg(kept)) return kept;
  try {
    const preview = await images.preview(kept);
    records.savePreview(sha256, preview);
    return preview;
  } catch (error) {
    if (error instanceof PhotodriftError && error.code === "unreadable-image") return null;
    throw error;
  }
}

/** The preview of a master, cropped as it is uploaded: made when a report shows it first. @param path of its file. Throws where that holds it no more. */
export async function masterPreviewToShow(
  images: Pick<ImageReader, "masterPreview">,
  records: Pick<PictureRecords, "preview" | "savePreview">,
  { signature, crop }: { readonly signature: Pick<PhotoSignature, "sha256">; readonly crop: Crop },
  path: string,
): Promise<Buffer> {
  const key = `${MASTER_PREVIEW}${signature.sha256}:${cropKey(crop)}`;
  const kept = await records.preview(key);
  if (kept !== null) return kept;
  const preview = await images.masterPreview({ path, sha256: signature.sha256 }, crop);
  records.savePreview(key, preview);
  return preview;
}

/** Start of image (ITU-T T.81 table B.1); previews are WebP. */
function isJpeg(bytes: Buffer): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8;
}
