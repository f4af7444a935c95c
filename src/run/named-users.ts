import { nameTheUser } from "../desired/index.js";
import { PhotodriftError } from "../model/errors.js";
import type { PlanAction } from "../model/plan-action.js";
import type { DirectoryUser } from "../model/user.js";
import { refreshUsers, type DirectoryPorts } from "./observe-directory.js";
import type { UserRecords } from "./records/users.js";

/** Throws PhotodriftError `user-unknown` (usage), with the nearest users, where a UPN or object id is nobody's. */
export function requireUsers(records: Pick<UserRecords, "user" | "users">, names: readonly string[]): void {
  const unknown = names.filter((name) => records.user(name) === null);
  if (unknown.length === 0) return;
  throw new PhotodriftError(
    "user-unknown",
    `No user of the tenant has the name or id ${unknown.map((name) => `"${name}"`).join(", ")}.`,
    nameTheUser(unknown[0] ?? "", records.users()),
    "usage",
  );
}

/** The user of this UPN or object id, for commands that ask the tenant nothing. Throws PhotodriftError `user-unknown` (usage), with the nearest user. */
export function auditedUser(records: Pick<UserRecords, "user" | "users">, name: string): DirectoryUser {
  const user = records.user(name);
  if (user !== null) return user;
  throw new PhotodriftError(
    "user-unknown",
    `No audit has seen a user "${name}".`,
    nameTheUser(name, records.users()),
    "usage",
  );
}

export interface NamedInPlan {
  /** UPNs or object ids, as they were typed. */
  readonly names: readonly string[];
  /** What was planned or written before. */
  readonly actions: Iterable<PlanAction>;
  readonly runId: string;
  readonly maxChangePercent: number;
}

/**
 * The users who are named for a part of what was planned or written before: by the names that they had then, and who had none of these by those of
 * today's directory. Whoever was renamed since is found by either. An old name means whom it meant then, for it stands in what is printed.
 * Throws PhotodriftError `user-unknown` (usage) for a name that was nobody's then and is nobody's now, and of the directory.
 */
export async function usersInPlan(ports: DirectoryPorts, named: NamedInPlan): Promise<readonly string[]> {
  const { names, runId, maxChangePercent } = named;
  if (names.length === 0) return names;
  const then = new Set<string>();
  for (const { user } of named.actions) if (user !== null) then.add(user.upn.toLowerCase()).add(user.id.toLowerCase());
  const strangers = names.filter((name) => !then.has(name.toLowerCase()));
  if (strangers.length === 0) return names;
  await refreshUsers(ports, runId, strangers, maxChangePercent);
  requireUsers(ports.records, strangers);
  return names.map((name) => (strangers.includes(name) ? (ports.records.user(name)?.id ?? name) : name));
}
