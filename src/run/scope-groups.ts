import { PhotodriftError } from "../model/errors.js";
import type { UserId } from "../model/ids.js";
import type { CountRecords } from "./records/counts.js";
import type { AuditSettings, PortsOf } from "./settings.js";

/** From this many members on, a share says something. */
const COUNTED_FROM = 10;

/**
 * The members of the groups of the scope together; null where the scope has none. Each group is counted against its last listing: the
 * directory gives no count along, and half a group would leave its other half unlooked at without a word.
 * Throws PhotodriftError for a group that does not exist, and `group-shrunken` (refused).
 */
export async function membersOfScope(
  ports: PortsOf<"directory" | "progress", CountRecords>,
  settings: Pick<AuditSettings, "groups" | "scope" | "maxChangePercent">,
): Promise<ReadonlySet<UserId> | null> {
  const ids = settings.groups.length > 0 ? settings.groups : settings.scope.groups;
  if (ids.length === 0) return null;
  const members = new Set<UserId>();
  for (const id of ids) {
    const before = ports.records.lastGroupSize(id);
    const listed = await ports.directory.groupMembers(id, before ?? 0);
    assertGroupWhole(id, before, listed.size, settings.maxChangePercent);
    ports.records.saveGroupSize(id, listed.size);
    if (listed.size === 0) ports.progress.warn(`The group ${id} of the scope has no user as a member.`);
    for (const member of listed) members.add(member);
  }
  return members;
}

function assertGroupWhole(id: string, before: number | null, now: number, maxChangePercent: number): void {
  if (before === null || before < COUNTED_FROM || now >= before) return;
  const lost = ((before - now) / before) * 100;
  if (lost <= maxChangePercent) return;
  throw new PhotodriftError(
    "group-shrunken",
    `The group ${id} lists ${String(now)} users, ${String(before - now)} fewer than the ${String(before)} of the last run (${lost.toFixed(0)} %, limit ${String(maxChangePercent)} %).`,
    "Look at the group in the directory. If the members were taken out on purpose, raise limits.maxChangePercent for one run.",
    "refused",
  );
}
