import { PhotodriftError } from "../model/errors.js";
import type { UserId } from "../model/ids.js";
import type { CountRecords } from "./records/counts.js";
import type { AuditSettings, PortsOf } from "./settings.js";
import { lostShare } from "./shrinking.js";

type GroupPorts = PortsOf<"directory" | "progress", CountRecords>;

/**
 * The members of the scope's groups together, and of them those in a group that was asked for; null where neither names any. A filter only ever
 * narrows what the configuration allows.
 * Throws what `membersOfGroups` throws.
 */
export async function membersOfScope(
  ports: GroupPorts,
  settings: Pick<AuditSettings, "groups" | "scope" | "maxChangePercent">,
): Promise<ReadonlySet<UserId> | null> {
  const { groups, scope, maxChangePercent } = settings;
  const allowed = await membersOfGroups(ports, scope.groups, maxChangePercent);
  const wanted = await membersOfGroups(ports, groups, maxChangePercent);
  if (allowed === null || wanted === null) return allowed ?? wanted;
  return new Set([...wanted].filter((id) => allowed.has(id)));
}

/**
 * The members of some groups together, null for no group. Each is counted against its last listing: the directory gives no count along, and half a
 * group would leave its other half unlooked at without a word.
 * Throws PhotodriftError `group-not-found` (usage) and `group-shrunken` (refused).
 */
export async function membersOfGroups(
  ports: GroupPorts,
  ids: readonly string[],
  maxChangePercent: number,
): Promise<ReadonlySet<UserId> | null> {
  if (ids.length === 0) return null;
  const members = new Set<UserId>();
  for (const id of new Set(ids)) {
    const before = ports.records.lastGroupSize(id);
    const listed = await ports.directory.groupMembers(id, before ?? 0);
    assertGroupWhole(id, before, listed.size, maxChangePercent);
    ports.records.saveGroupSize(id, listed.size);
    if (listed.size === 0) ports.progress.warn(`The group ${id} has no user as a member.`);
    for (const member of listed) members.add(member);
  }
  return members;
}

function assertGroupWhole(id: string, before: number | null, now: number, maxChangePercent: number): void {
  const missing = (before ?? 0) - now;
  const lost = lostShare(before, missing, maxChangePercent);
  if (lost === null) return;
  throw new PhotodriftError(
    "group-shrunken",
    `The group ${id} lists ${String(now)} users, ${String(missing)} fewer than the ${String(before)} of the last run (${lost}).`,
    "Look at the group in the directory. If the members were taken out on purpose, raise limits.maxChangePercent for one run.",
    "refused",
  );
}
