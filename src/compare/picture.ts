import { masterSha, showsLastApplied } from "./cause.js";
import type { ComparedUser } from "../model/compared.js";
import type { ComparedPhoto, PhotoIdentity, PhotoVerdict } from "../model/photo.js";

/** What the picture at one address is, before any rule judges it. Exactly one of these holds. */
export type Picture =
  | { readonly kind: "absent" }
  /** Not looked at, not applicable, or unreadable: no rule about pictures applies. */
  | { readonly kind: "unknown" }
  /** Present, and nothing to compare it with (no master) or never read. */
  | { readonly kind: "unjudged" }
  | { readonly kind: "right"; readonly verdict: PhotoVerdict | null }
  | { readonly kind: "wrong-person"; readonly identity: Extract<PhotoIdentity, { kind: "other-user" }> }
  | { readonly kind: "placeholder"; readonly accounts: number | null }
  | { readonly kind: "stale"; readonly why: "recoloured" | "own-retired" | "mirrored" | "unknown" }
  | { readonly kind: "reframed" };

/** Classifies a photo; the order is the precedence of the rules: the master recoloured, another person, placeholder, stale, reframed, right. */
export function pictureOf(user: ComparedUser, photo: ComparedPhoto): Picture {
  const { observed, verdict } = photo;
  if (observed.kind === "absent") return isPlaceUnknown(user, photo) ? { kind: "unknown" } : { kind: "absent" };
  if (observed.kind !== "present") return { kind: "unknown" };
  if (isOurCurrentWrite(user, photo)) return { kind: "right", verdict: null };
  if (verdict?.kind === "same") return { kind: "right", verdict };
  // The master itself, however it was coloured: never another person's picture, and never one that is merely older.
  if (verdict?.kind === "recoloured") return { kind: "stale", why: "recoloured" };
  return notThePerson(photo) ?? olderPicture(user, photo);
}

/** Another person, a picture that many share, or none of anybody: whatever the user's own master is. */
function notThePerson({ verdict, identity }: ComparedPhoto): Picture | null {
  if (identity?.kind === "other-user") return { kind: "wrong-person", identity };
  if (identity?.kind === "shared") return { kind: "placeholder", accounts: identity.accounts };
  return verdict?.kind === "placeholder" ? { kind: "placeholder", accounts: null } : null;
}

function olderPicture(user: ComparedUser, { verdict, identity }: ComparedPhoto): Picture {
  // Without a usable master nothing newer is wanted: the last one that there was (archived, say) is as right as can be told.
  if (user.masterPhoto?.kind !== "usable") return { kind: "unjudged" };
  if (identity?.kind === "own-retired") return { kind: "stale", why: "own-retired" };
  if (verdict === null) return { kind: "unjudged" };
  if (verdict.kind === "mirrored") return { kind: "stale", why: "mirrored" };
  if (verdict.kind === "reframed") return { kind: "reframed" };
  return { kind: "stale", why: "unknown" };
}

/** The profile says where a user's thumbnails lie: where it could not be read, a file that is not in the library here is not missing. */
function isPlaceUnknown(user: ComparedUser, photo: ComparedPhoto): boolean {
  return photo.store === "sharepoint" && user.sharePoint.profile.kind === "unreadable";
}

/** Our last write from the present master still stands: in sync, whatever the service made of the bytes. */
export function isOurCurrentWrite(user: ComparedUser, photo: ComparedPhoto): boolean {
  const sha = masterSha(user);
  return sha !== null && photo.lastApplied?.masterSha256 === sha && showsLastApplied(photo);
}

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

/** policy.authority lets this other picture stand: users decide, or only gaps are filled. Never for another person's face or a placeholder. */
export function standsByPolicy(user: ComparedUser, photo: ComparedPhoto): boolean {
  const picture = pictureOf(user, photo);
  if (picture.kind !== "stale" && picture.kind !== "reframed") return false;
  switch (user.policy.authority) {
    case "source":
      return false;
    case "fill":
      return true;
    case "user":
      return photo.identity?.kind !== "own-retired";
  }
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
