import type { ScopeConfig } from "../model/config.js";
import type { UserId } from "../model/ids.js";
import type { DirectoryUser, Scope } from "../model/user.js";
import { matchesGlob } from "./glob.js";
import { personKey } from "./person-key.js";

export const NOT_ASKED_FOR = "not among the users asked for";
export const FITS_NO_INCLUDE = "fits no pattern of scope.include";

/**
 * Whether a user is looked at. Out of scope is not drift: no finding, only counted. The first reason is named, in the order in which
 * an administrator would look: asked for, kind of account, group, globs, licence.
 * @param groupMembers members of all groups of the scope together, transitive; null: everybody
 * @param userFilter UPNs or object ids of `--user`, any case; null: everybody
 */
export function scopeOf(
  user: DirectoryUser,
  config: Pick<ScopeConfig, "guests" | "disabledAccounts" | "include" | "exclude">,
  groupMembers: ReadonlySet<UserId> | null,
  userFilter: Iterable<string> | null,
): Scope {
  if (userFilter !== null && !isNamed(user, userFilter)) return out(NOT_ASKED_FOR);
  if (user.guest && !config.guests) return out("a guest (scope.guests is false)");
  if (!user.accountEnabled && !config.disabledAccounts) {
    return out("the account is disabled, as those of shared and room mailboxes are (scope.disabledAccounts is false)");
  }
  if (groupMembers !== null && !groupMembers.has(user.id)) return out("in none of the groups of the scope");
  const excluded = config.exclude.find((glob) => matchesGlob(glob, user.upn));
  if (excluded !== undefined) return out(`excluded by "${excluded}" (scope.exclude)`);
  if (config.include.length > 0 && !config.include.some((glob) => matchesGlob(glob, user.upn))) {
    return out(FITS_NO_INCLUDE);
  }
  if (!user.licences.mailbox && !user.licences.sharePoint) return out("no licence with a mailbox or SharePoint");
  return { in: true };
}

function isNamed(user: DirectoryUser, filter: Iterable<string>): boolean {
  const upn = personKey(user.upn);
  for (const entry of filter) {
    const key = personKey(entry);
    if (key === upn || key === user.id) return true;
  }
  return false;
}

function out(reason: string): Scope {
  return { in: false, reason };
}
