import { idleGlobs, scopeOf, whyNobody } from "../../desired/index.js";
import type { Config } from "../../model/config.js";
import { PhotodriftError } from "../../model/errors.js";
import type { UserId } from "../../model/ids.js";
import type { DirectoryUser } from "../../model/user.js";
import type { DirectoryReader } from "../../run/ports.js";
import type { Probe } from "../../stores/index.js";

/** The users of the tenant, not remembered; null where they cannot be read, which another check tells. */
export async function usersOf(directory: Pick<DirectoryReader, "users">): Promise<readonly DirectoryUser[] | null> {
  try {
    const users: DirectoryUser[] = [];
    for await (const page of directory.users()) users.push(...page);
    return users;
  } catch (error) {
    if (!(error instanceof PhotodriftError) || error.code === "interrupted") throw error;
    return null;
  }
}

/** Whether the groups of the scope are there and have members, each glob fits somebody, and anybody is in scope at all. */
export async function* scopeProbes(
  { scope }: Pick<Config, "scope">,
  directory: Pick<DirectoryReader, "groupMembers">,
  users: readonly DirectoryUser[],
): AsyncGenerator<Probe> {
  const members = new Set<UserId>();
  let unread = false;
  for (const id of new Set(scope.groups)) {
    const name = `group ${id}`;
    try {
      const listed = await directory.groupMembers(id);
      for (const one of listed) members.add(one);
      if (listed.size > 0) continue;
      const cure = "put users into it, or take it out of scope.groups";
      yield { name, ok: true, warning: true, detail: "it has no user as a member", cure };
    } catch (error) {
      if (!(error instanceof PhotodriftError) || error.code === "interrupted") throw error;
      unread = true;
      yield { name, ok: false, detail: error.message, cure: error.hint };
    }
  }
  for (const key of ["include", "exclude"] as const) {
    for (const glob of idleGlobs(scope[key], users)) {
      const detail = `"${glob}" fits the UPN of no user`;
      yield { name: `scope.${key}`, ok: true, warning: true, detail, cure: "correct the pattern, or take it out" };
    }
  }
  if (!unread) yield sizeProbe(scope, users, scope.groups.length === 0 ? null : members);
}

function sizeProbe(
  scope: Config["scope"],
  users: readonly DirectoryUser[],
  members: ReadonlySet<UserId> | null,
): Probe {
  const name = "scope";
  const of = (user: DirectoryUser) => scopeOf(user, scope, members, null);
  const nobody = whyNobody(users, of, scope);
  if (nobody !== null) {
    return { name, ok: true, warning: true, detail: nobody, cure: "correct `scope` in the configuration" };
  }
  const count = users.filter((user) => of(user).in).length;
  return { name, ok: true, detail: `${count} of ${users.length} users are in scope`, cure: "" };
}
