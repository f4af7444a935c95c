import type { PhotoSignature } from "../model/photo.js";
import type { Crop } from "../model/shapes.js";

/** Makes the JPEGs that are written. */
export interface ImageRenderer {
  /** The JPEG to upload: at most 648 px, never enlarged, sRGB, no metadata, at most `maxBytes`. */
  cloudPhoto(
    path: string,
    crop: Crop,
    maxBytes: number,
  ): Promise<RenderedImage & { readonly signature: PhotoSignature }>;
  /** A thumbnail of exactly `side` px (less only when the master's crop is smaller). */
  thumbnail(path: string, crop: Crop, side: number): Promise<RenderedImage>;
}

export interface RenderedImage {
  readonly jpeg: Buffer;
  /** SHA-256 of the bytes of the file that it was made of, as they were read. */
  readonly sourceSha256: string;
}
