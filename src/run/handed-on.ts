import { foldName, MAPPING_PATTERN, type MatchResult, type Withheld } from "../desired/index.js";
import type { UserId } from "../model/ids.js";
import type { DirectoryUser } from "../model/user.js";
import { othersTurn } from "../model/turns.js";
import { currentMaster } from "./observe-masters.js";
import { takingTurns } from "./ordered.js";
import type { SourceScan } from "./ports.js";
import type { CountRecords } from "./records/counts.js";
import type { HolderTraits, MasterHolder, MasterRecords } from "./records/masters.js";
import type { PictureRecords } from "./records/pictures.js";
import type { Transactions } from "./records.js";
import type { UserRecords } from "./records/users.js";
import type { PortsOf } from "./settings.js";

/**
 * Names are given out again: `jsmith.jpg` of somebody who left fits whoever is jsmith@ next, and shows somebody else. So a file that was the master of one account is not
 * given to another one by its name alone, as long as its picture is the same, where the former account is gone or has another name now - unless both are one
 * person: an account that was made anew. What the mapping file says is believed.
 */

type HandedPorts = PortsOf<"images", UserRecords & MasterRecords & PictureRecords & CountRecords>;

/** Files that are not given to the user whom they fit, with the reason. @param only these users' files, null for everybody's */
export async function handedOn(
  ports: HandedPorts,
  matches: MatchResult,
  scan: SourceScan,
  only: ReadonlySet<UserId> | null = null,
): Promise<ReadonlyMap<string, Withheld>> {
  const { records } = ports;
  const found = new Map<string, Withheld>();
  for await (const { file, outcome } of takingTurns(matches.byFile.values())) {
    if (outcome.kind !== "matched" || outcome.pattern === MAPPING_PATTERN) continue;
    if (only?.has(outcome.userId) === false || records.assignedMaster(outcome.userId) === file) continue;
    const sha256 = records.masterVersion(file)?.sha256 ?? null;
    if (sha256 === null) continue;
    const user = records.user(outcome.userId);
    if (user === null) continue;
    const former = formerHolder(ports, { file, sha256 }, user);
    if (former !== null && (await stillShows(ports, scan, { file, sha256 })))
      found.set(file, withheldFrom(user, former));
  }
  return found;
}

/** Keeps by what everybody is known again who has a master, where that is not kept yet. */
export async function rememberHolders({
  records,
}: PortsOf<never, UserRecords & MasterRecords & Transactions>): Promise<void> {
  for (let some = records.unknownHolders(); some.length > 0; some = records.unknownHolders()) {
    records.transaction(() => {
      for (const userId of some) {
        const user = records.user(userId);
        records.knowHolder(userId, user === null ? null : traitsOf(user));
      }
    });
    await othersTurn();
  }
}

interface FormerHolder {
  readonly id: string;
  /** As the account is called now, null where it is gone. */
  readonly upn: string | null;
}

function formerHolder(
  { records }: HandedPorts,
  { file, sha256 }: { readonly file: string; readonly sha256: string },
  user: DirectoryUser,
): FormerHolder | null {
  for (const holder of records.holdersOf(file, sha256)) {
    if (holder.userId === user.id) continue;
    const now = records.user(holder.userId);
    const hasMovedOn = now === null || holder.had("upn", traitsOf(now).upn) === false;
    if (hasMovedOn && isSomebodyElse(holder, user)) return { id: holder.userId, upn: now?.upn ?? null };
  }
  return null;
}

/** The file may have been replaced since it was read last. */
async function stillShows(
  ports: HandedPorts,
  scan: SourceScan,
  { file, sha256 }: { readonly file: string; readonly sha256: string },
): Promise<boolean> {
  const scanned = scan.files.find((one) => one.file === file);
  if (scanned === undefined) return false;
  const now = await currentMaster(ports, scanned, null);
  return now.kind === "usable" && now.signature.sha256 === sha256;
}

function traitsOf({ displayName, employeeId, upn }: DirectoryUser): HolderTraits {
  const words = foldName(displayName).split(/[^\p{L}\p{N}]+/u);
  return {
    name: words.sort().join(" ").trim(),
    employee: employeeId?.trim().toLowerCase() ?? "",
    upn: upn.toLowerCase(),
  };
}

/** By the employee number where both have one, else by name; nobody of whom nothing was kept. */
function isSomebodyElse(holder: MasterHolder, user: DirectoryUser): boolean {
  const { name, employee } = traitsOf(user);
  const byNumber = employee === "" ? null : holder.had("employee", employee);
  return (byNumber ?? holder.had("name", name)) === false;
}

function withheldFrom({ upn }: DirectoryUser, former: FormerHolder): Withheld {
  const whose = former.upn === null ? `account ${former.id}, which the directory no longer has` : former.upn;
  return {
    reason: `was the master of ${whose}, and now fits ${upn} by its name alone`,
    cure: `If the picture shows ${upn}, say so in the mapping file (source.mapping); else replace the file by a portrait of ${upn}, or take it away.`,
  };
}
