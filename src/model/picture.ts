import type { ThumbnailSize } from "./address.js";
import type { ComparedUser } from "./compared.js";
import type { ComparedPhoto, PhotoIdentity, PhotoVerdict } from "./photo.js";

/** Sha of the user's usable master, or null. */
export function masterSha(user: ComparedUser): string | null {
  return user.masterPhoto?.kind === "usable" ? user.masterPhoto.signature.sha256 : null;
}

/**
 * True when the store still shows what this program last put there: the same etag, or the very bytes that were read back after the write.
 * Equality with the accepted read-back is what keeps a re-encoding service from causing an upload in every run.
 */
export function showsLastApplied(photo: Pick<ComparedPhoto, "lastApplied" | "observed">): boolean {
  const last = photo.lastApplied;
  if (last === null || photo.observed.kind !== "present") return false;
  if (last.etag !== null && photo.observed.etag === last.etag) return true;
  return last.readBackSha256 !== null && photo.observed.signature?.sha256 === last.readBackSha256;
}

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

/**
 * The same where no master is there to compare with: a picture that was accepted, one that took the place of our own write where users decide, and
 * whatever is there where only gaps are filled.
 */
export function standsWithoutMaster({ policy }: ComparedUser, photo: ComparedPhoto): boolean {
  if (photo.accepted) return true;
  if (photo.observed.kind !== "present" || policy.authority === "source") return false;
  return policy.authority === "fill" || (photo.lastApplied !== null && !showsLastApplied(photo));
}

/**
 * May this thumbnail become visible without anybody saying so? Right, poor, or out of date: it is the user's own face, and people see it elsewhere
 * already. Never somebody else's face, a picture of many accounts, one of which nobody can tell whom it shows, or what is left of a set of which
 * somebody took a part away: whoever hid those may have done it on purpose, and what was once shown cannot be taken back.
 */
export function mayBeShown(user: ComparedUser, size: ThumbnailSize): boolean {
  const photo = user.sharePoint.photos[size];
  if (photo.accepted) return true;
  const picture = pictureOf(user, photo);
  switch (picture.kind) {
    case "right":
    case "reframed":
      return true;
    case "stale":
      return picture.why !== "unknown" || showsLastApplied(photo);
    case "wrong-person":
    case "placeholder":
    case "unknown":
      return false;
    case "absent":
      return photo.lastApplied === null;
    case "unjudged":
      return mayBeShownUnjudged(user, size);
  }
}

/**
 * Small thumbnails are read only where something about them or about L is suspicious. Without a usable master what is there, and known to be nobody
 * else's, is as right as can be told: those of an archive stand so.
 */
function mayBeShownUnjudged(user: ComparedUser, size: ThumbnailSize): boolean {
  const { observed } = user.sharePoint.photos[size];
  const isRead = observed.kind === "present" && observed.signature !== null;
  if (!isRead && size !== "L") return mayBeShown(user, "L");
  return user.masterPhoto?.kind !== "usable";
}
