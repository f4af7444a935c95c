import type { PhotoSignature } from "../../model/photo.js";
import { THRESHOLDS } from "./thresholds.js";

/**
 * A silhouette, initials, a blank or a single colour, by statistics or by its known bytes. Only asked where the picture shows no
 * known master: a portrait on pure black can score as high.
 */
export function looksLikePlaceholder(signature: PhotoSignature): boolean {
  return signature.placeholderScore > THRESHOLDS.placeholder;
}
