import { PhotodriftError } from "../model/errors.js";
import type { PhotoSignature, StoredBytes, StoreError } from "../model/photo.js";
import type { ImageReader } from "./ports.js";
import { noPictureError } from "./standing.js";

/** What a store gave, all of it: a picture, or none. */
export type Signed =
  | { readonly kind: "picture"; readonly signature: PhotoSignature }
  | { readonly kind: "no-picture"; readonly error: StoreError };

/** Signs what is stored at a place. @param place what of whom, as the start of a sentence */
export async function signStored(
  images: Pick<ImageReader, "sign" | "digest">,
  place: string,
  { bytes, flaw }: Pick<StoredBytes, "bytes" | "flaw">,
): Promise<Signed> {
  const noPicture = (why: string): Signed => {
    return { kind: "no-picture", error: noPictureError(place, images.digest(bytes), why) };
  };
  if (flaw !== null) return noPicture(flaw);
  try {
    return { kind: "picture", signature: await images.sign(bytes) };
  } catch (error) {
    if (!(error instanceof PhotodriftError)) throw error;
    return noPicture(error.message);
  }
}
