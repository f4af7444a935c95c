import type { PhotoSignature, PhotoVerdict, StoreError } from "../model/photo.js";
import type { RenditionRequest } from "./ports.js";

/** A rendition to read. `knownSha`: the picture that the last run saw at the same etag and size; null where there is none. */
export interface WantedRendition extends RenditionRequest {
  readonly knownSha: string | null;
}

/** What one rendition showed. */
export type Look =
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable"; readonly error: StoreError }
  | {
      readonly kind: "seen";
      readonly signature: PhotoSignature;
      readonly verdict: PhotoVerdict | null;
      readonly preview: Buffer | null;
      readonly byteLength: number | null;
    }
  /** Too close to call; a larger rendition exists. */
  | { readonly kind: "undecided" };
