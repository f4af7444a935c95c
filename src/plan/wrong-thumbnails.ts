import type { ThumbnailSize } from "../model/address.js";
import type { ComparedUser } from "../model/compared.js";
import type { ComparedPhoto } from "../model/photo.js";

/**
 * A thumbnail that a rule about the whole user (no mailbox: nobody else will ever write it) may repair: not there, another picture, or too
 * poor. Never what only a person may decide: another user's face, a picture that was taken away in the tenant, an accepted one.
 */
export function needsThumbnail(user: ComparedUser, photo: ComparedPhoto, size: ThumbnailSize): boolean {
  const { observed, verdict, identity, lastApplied } = photo;
  if (photo.accepted || identity?.kind === "other-user") return false;
  if (observed.kind === "absent") return lastApplied === null;
  if (observed.kind !== "present" || verdict === null) return false;
  if (lastApplied?.etag !== null && lastApplied?.etag === observed.etag && isFromPresentMaster(user, photo))
    return false;
  if (verdict.kind !== "same") return verdict.kind !== "reframed";
  const { width, height } = observed;
  const small = width !== null && height !== null && Math.min(width, height) < user.policy.thumbnails[size];
  return verdict.upscaled || verdict.distorted || small || (width !== null && height !== null && width !== height);
}

function isFromPresentMaster(user: ComparedUser, photo: ComparedPhoto): boolean {
  return user.masterPhoto?.kind === "usable" && photo.lastApplied?.masterSha256 === user.masterPhoto.signature.sha256;
}
