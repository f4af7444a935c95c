import type { Cause, ComparedPhoto, ComparedUser } from "../model/index.js";

/** Sha of the user's usable master, or null. */
export function masterSha(user: ComparedUser): string | null {
  return user.masterPhoto?.kind === "usable" ? user.masterPhoto.signature.sha256 : null;
}

/**
 * True when the store still shows what this program last put there: the same etag, or the very bytes that were read back after the write.
 * Equality with the accepted read-back is what keeps a re-encoding service from causing an upload in every run.
 */
export function showsLastApplied(photo: ComparedPhoto): boolean {
  const last = photo.lastApplied;
  if (last === null || photo.observed.kind !== "present") return false;
  if (last.etag !== null && photo.observed.etag === last.etag) return true;
  return last.readBackSha256 !== null && photo.observed.signature?.sha256 === last.readBackSha256;
}

/**
 * Three-way cause: what we last applied, what the master is now, what the store shows now.
 * never-synced: we never wrote here and nothing is here. master-changed: the store shows our last write or an own older master.
 * changed-in-tenant: we wrote, and somebody put something else there. unknown: a picture that we did not put there.
 */
export function causeOf(user: ComparedUser, photo: ComparedPhoto): Cause {
  const last = photo.lastApplied;
  if (last === null) {
    if (photo.observed.kind === "absent") return "never-synced";
    return photo.identity?.kind === "own-retired" ? "master-changed" : "unknown";
  }
  if (photo.observed.kind === "absent") return "changed-in-tenant";
  if (showsLastApplied(photo) || photo.identity?.kind === "own-retired") {
    return last.masterSha256 === masterSha(user) ? "unknown" : "master-changed";
  }
  return "changed-in-tenant";
}
