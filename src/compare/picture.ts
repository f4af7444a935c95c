import type { ComparedUser } from "../model/compared.js";
import type { ComparedPhoto } from "../model/photo.js";
import { pictureOf } from "../model/picture.js";

/** A readable, suitable, unambiguous master large enough to be uploaded. */
export function hasUsableMaster(user: ComparedUser): boolean {
  return user.masterPhoto?.kind === "usable" && !isMasterTooSmall(user);
}

export function isMasterTooSmall(user: ComparedUser): boolean {
  if (user.masterPhoto?.kind !== "usable") return false;
  const { width, height } = user.masterPhoto.signature;
  return Math.min(width, height) < user.policy.minimumPixels;
}

/** The user's photos that exist to be judged, cloud first. */
export function photosOf(user: ComparedUser): readonly ComparedPhoto[] {
  const { observed, photos } = user.sharePoint;
  return observed ? [...user.cloud, photos.S, photos.M, photos.L] : user.cloud;
}

export function thumbnailsOf(user: ComparedUser): readonly ComparedPhoto[] {
  return user.sharePoint.observed ? [user.sharePoint.photos.S, user.sharePoint.photos.M, user.sharePoint.photos.L] : [];
}

/** The address of the one cloud photo a user is judged by. */
export function cloudPhotoOf(user: ComparedUser): ComparedPhoto | null {
  return user.cloud[0] ?? null;
}

/**
 * SharePoint has not caught up yet and still may: the user has a mailbox, the cloud photo is right, others changed it less than
 * `policy.propagation` ago, and the thumbnail shows the picture from before. Our own upload starts no waiting where thumbnails are
 * written by us: what a cut-off apply left is drift. With `fix: wait-for-sync` nobody writes them but SharePoint: there every change
 * counts, and a thumbnail that was never there is waited for, too.
 * Source: SharePoint pulls from Exchange within up to 72 h (facts/sharepoint.md section 8).
 */
export function isPropagating(user: ComparedUser, photo: ComparedPhoto): boolean {
  const cloud = cloudPhotoOf(user);
  const { cloudChange, policy } = user;
  if (photo.store !== "sharepoint" || !user.user.licences.mailbox || cloud === null || cloudChange === null)
    return false;
  const waits = policy.sharePointFix === "wait-for-sync";
  if (cloudChange.by === "photodrift" && !waits) return false;
  if (pictureOf(user, cloud).kind !== "right") return false;
  const age = user.now - Date.parse(cloudChange.at);
  if (age < 0 || age >= policy.propagationMs) return false;
  return photo.observed.kind === "absent" ? waits : photo.showsPrevious;
}

/** Every place that should show the master was looked at and shows it, at full quality or as our own standing write. */
export function isConfirmedEverywhere(user: ComparedUser): boolean {
  if (!hasUsableMaster(user) || user.consentWithdrawn || user.cloud.length === 0) return false;
  if (user.user.licences.sharePoint && !user.sharePoint.observed) return false;
  const thumbnails = user.user.licences.sharePoint ? thumbnailsOf(user) : [];
  return [...user.cloud, ...thumbnails].every((photo) => {
    const picture = pictureOf(user, photo);
    return picture.kind === "right" && picture.verdict?.upscaled !== true;
  });
}
