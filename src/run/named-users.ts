import { nameTheUser } from "../desired/index.js";
import { PhotodriftError } from "../model/errors.js";
import type { DirectoryUser } from "../model/user.js";
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
