import type { DirectoryUser } from "../model/user.js";
import { editDistance } from "../model/edit-distance.js";
import { foldName } from "./fold.js";

/**
 * The user that a mistyped name most probably means, by UPN, mail, the part before the @, or display name; null where none is within a third
 * of its letters. Reads the users once.
 */
function nearestUser(typed: string, users: Iterable<DirectoryUser>): DirectoryUser | null {
  const [before = typed] = typed.split("@");
  const whole = foldName(typed);
  const local = foldName(before);
  let limit = Math.max(1, Math.floor(local.length / 3));
  let best: DirectoryUser | null = null;
  for (const user of users) {
    const distance = Math.min(
      editDistance(local, foldName(user.upn.split("@")[0] ?? ""), limit),
      editDistance(local, foldName(user.displayName), limit),
      user.mail === null ? limit + 1 : editDistance(whole, foldName(user.mail), limit),
    );
    if (distance > limit || (best !== null && distance === limit)) continue;
    best = user;
    limit = distance;
    if (distance === 0) return user;
  }
  return best;
}

/** The cure for a name that no user has: the nearest user, and how users are named. */
export function nameTheUser(typed: string, users: Iterable<DirectoryUser>): string {
  const near = nearestUser(typed, users);
  const rule = "Give the user principal name (anna.b@contoso.com) or the object id, as the directory has it.";
  return near === null ? rule : `Did you mean ${near.upn}? ${rule}`;
}
