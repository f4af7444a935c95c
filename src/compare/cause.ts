import type { ComparedUser } from "../model/compared.js";
import type { ComparedPhoto } from "../model/photo.js";
import { masterSha, showsLastApplied } from "../model/picture.js";
import type { Cause } from "../model/rule.js";

/**
 * Three-way cause: what we last applied, what the master is now, what the store shows now.
 * never-synced: we never wrote here. master-changed: the store shows an own older master, ours or not. changed-in-tenant: we wrote this
 * master, and somebody put something else there or took it away. unknown: there is no master to tell from, or our write stands and the
 * fault is none of a picture.
 */
export function causeOf(user: ComparedUser, photo: ComparedPhoto): Cause {
  const last = photo.lastApplied;
  const sha = masterSha(user);
  if (sha === null) return "unknown";
  const older = photo.identity?.kind === "own-retired";
  if (last === null) return older ? "master-changed" : "never-synced";
  if (photo.observed.kind === "absent") return "changed-in-tenant";
  if (last.masterSha256 === sha) return showsLastApplied(photo) ? "unknown" : "changed-in-tenant";
  return older || showsLastApplied(photo) ? "master-changed" : "changed-in-tenant";
}
