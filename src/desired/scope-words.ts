import type { ScopeConfig } from "../model/config.js";
import type { DirectoryUser, Scope } from "../model/user.js";
import { matchesGlob } from "./glob.js";
import { FITS_NO_INCLUDE, NOT_ASKED_FOR } from "./scope.js";

/**
 * Why nobody is in scope, in a sentence that names what leaves out most; null where somebody is, or where there are no users at all.
 * Users who were not asked for count only where nobody was.
 */
export function whyNobody(
  users: Iterable<DirectoryUser>,
  scope: (user: DirectoryUser) => Scope,
  { include }: Pick<ScopeConfig, "include">,
): string | null {
  const counts = new Map<string, number>();
  for (const user of users) {
    const found = scope(user);
    if (found.in) return null;
    counts.set(found.reason, (counts.get(found.reason) ?? 0) + 1);
  }
  if (counts.size > 1) counts.delete(NOT_ASKED_FOR);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  if (most === undefined) return null;
  const [reason, count] = most;
  const all = [...counts.values()].reduce((sum, one) => sum + one, 0);
  const who = all === 1 ? "the only user is out" : `${count} of ${all} users are out`;
  const globs = reason === FITS_NO_INCLUDE ? `: ${include.map((glob) => `"${glob}"`).join(", ")}` : "";
  return `No user is in scope: ${who} (${reason}${globs}).`;
}

/** Those of the globs that fit no user's UPN, in or out of scope: a slip, or somebody who left. */
export function idleGlobs(globs: readonly string[], users: readonly DirectoryUser[]): readonly string[] {
  return globs.filter((glob) => !users.some(({ upn }) => matchesGlob(glob, upn)));
}
