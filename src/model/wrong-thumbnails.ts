import type { ThumbnailSize } from "./address.js";
import type { ComparedUser } from "./compared.js";
import type { ComparedPhoto } from "./photo.js";
import { standsByPolicy } from "./picture.js";

/**
 * A thumbnail that a rule about the whole user (no mailbox: nobody else will ever write it) may repair: not there, another picture, or too
 * poor. Never what only a person may decide: another user's face, a picture that was taken away in the tenant, an accepted one, or one that
 * policy.authority lets stand.
 */
export function needsThumbnail(user: ComparedUser, photo: ComparedPhoto, size: ThumbnailSize): boolean {
  const { observed, verdict, identity, lastApplied } = photo;
  if (photo.accepted || identity?.kind === "other-user" || standsByPolicy(user, photo)) return false;
  if (observed.kind === "absent") return lastApplied === null;
  if (observed.kind === "present" && observed.noPicture !== undefined) return true;
  if (observed.kind !== "present" || verdict === null || isOurs(user, photo, observed.etag)) return false;
  if (verdict.kind !== "same") return verdict.kind !== "reframed";
  return verdict.upscaled || verdict.distorted || isMisshapen(observed, user.policy.thumbnails[size]);
}

/** Too small for its size, or not square. Pixels; what was not measured is neither. */
function isMisshapen(
  { width, height }: { readonly width: number | null; readonly height: number | null },
  least: number,
): boolean {
  return width !== null && height !== null && (Math.min(width, height) < least || width !== height);
}

/** What we wrote ourselves from the present master stands. */
function isOurs(user: ComparedUser, photo: ComparedPhoto, etag: string | null): boolean {
  const written = photo.lastApplied?.etag ?? null;
  return written !== null && written === etag && isFromPresentMaster(user, photo);
}

function isFromPresentMaster(user: ComparedUser, photo: ComparedPhoto): boolean {
  return user.masterPhoto?.kind === "usable" && photo.lastApplied?.masterSha256 === user.masterPhoto.signature.sha256;
}
