import { PhotodriftError } from "../model/errors.js";
import type { MasterPhoto } from "../model/master.js";
import type { LibraryFile, ObservedPhoto, PhotoSignature } from "../model/photo.js";
import type { ImageReader } from "./ports.js";
import type { StoredLibraryFile } from "./records/library.js";
import type { PictureRecords } from "./records/pictures.js";

/** Code of a stored file that is no readable picture. */
export const BROKEN_IMAGE = "broken-image";

const CURE =
  "Give the user a master, and the next apply writes it anew; or delete the file in the User Photos library.";

/**
 * The signature of a file that was read. Throws PhotodriftError: `broken-image` where the bytes are no readable picture and are proved to be
 * what is stored, by the etag and the length that the library gives the file; else what the reading of the image throws.
 */
export async function signStored(
  images: Pick<ImageReader, "sign">,
  file: LibraryFile,
  { bytes, etag }: { readonly bytes: Buffer; readonly etag: string | null },
): Promise<PhotoSignature> {
  try {
    return await images.sign(bytes);
  } catch (error) {
    const isStored = etag !== null && etag === file.etag && bytes.length === file.length;
    if (!(error instanceof PhotodriftError) || !isStored) throw error;
    const message = `${file.folder}/${file.name} is stored so: ${error.message}`;
    throw new PhotodriftError(BROKEN_IMAGE, message, CURE, "failed", error);
  }
}

/** A file of the library as its last reading left it. One that is broken can be put right where there is a master; else it is only told. */
export function observedFile(
  records: Pick<PictureRecords, "signature">,
  { file, signatureSha, error }: StoredLibraryFile,
  master: MasterPhoto | null,
): ObservedPhoto {
  const broken = error?.code === BROKEN_IMAGE && master?.kind === "usable";
  if (error !== null && !broken) return { kind: "unreadable", error };
  const signature = signatureSha === null ? null : records.signature(signatureSha);
  return {
    kind: "present",
    etag: file.etag,
    width: signature?.width ?? null,
    height: signature?.height ?? null,
    byteLength: file.length,
    modifiedAt: file.modifiedAt,
    signature,
    ...(broken ? { broken } : {}),
  };
}
