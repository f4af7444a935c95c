import type { PhotoSignature, PhotoVerdict, ReferenceSignature } from "../../model/photo.js";
import { alignPlanes } from "./align.js";
import { type DetailLoss, isSoft, isUpscaled } from "./detail.js";
import { textureChange } from "./texture.js";
import { forSide, THRESHOLDS } from "./thresholds.js";

/** How a part of a picture was worked on: octaves of its fine detail (texture.ts), and whether that is more than a service does. */
export interface JudgedTexture {
  readonly texture: number;
  readonly retouched: boolean;
}

/**
 * Of a rendition in the frame and size of its reference, which show the same picture. Null where it tells nothing: where the texture of either is not known (below 200
 * pixels, and in signatures of older recipes), and of enlarged pictures, whose cells lost whatever lay in them.
 * @param loss of detail of the whole, of these two
 */
export function judgeTexture(
  reference: ReferenceSignature,
  rendition: PhotoSignature,
  loss: DetailLoss | null,
): JudgedTexture | null {
  const texture = isUpscaled(loss, rendition) ? null : textureChange(reference.texture, rendition.texture);
  if (texture === null) return null;
  const limits = forSide(THRESHOLDS.retouched, Math.max(rendition.width, rendition.height));
  const most = loss !== null && isSoft(loss.enlargement, rendition) ? limits.soft : limits.texture;
  return { texture, retouched: texture >= most && remainsInPlace(reference, rendition, limits.slipped) };
}

/** Cells tell less where the frame slipped by a part of one: there the change must be larger, with the cells put back. */
function remainsInPlace({ luma, texture }: ReferenceSignature, rendition: PhotoSignature, most: number): boolean {
  if (texture === undefined) return true;
  const aligned = alignPlanes({ luma, cells: texture }, rendition);
  return aligned === null || (textureChange(aligned.cells, rendition.texture) ?? 0) >= most;
}

/** A recoloured verdict that a part decided, not the colours: by its fine detail, or by the former master that it shows. */
export function isRetouched({ kind, evidence }: PhotoVerdict): boolean {
  return kind === "recoloured" && (evidence.older !== undefined || evidence.colour?.texture !== undefined);
}
