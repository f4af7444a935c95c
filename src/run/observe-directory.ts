import { PhotodriftError } from "../model/errors.js";
import { assertDirectoryWhole, assertLicencesKnown, refusedDirectory } from "./directory-guard.js";
import type { PortsOf } from "./settings.js";
import type { Transactions } from "./records.js";
import type { RefusalRecords } from "./records/refusals.js";
import type { UserRecords } from "./records/users.js";
import { withUnknownRuns } from "./standing.js";

/** Errors of a list that came, and of which it cannot be proved that it is the directory's. */
const NOT_THE_DIRECTORY = new Set(["unusable-answer", "list-not-whole", "answer-too-large"]);

/**
 * Reads some users of the directory by name; everybody else stays in the records as the last run found them. False where only the whole list can
 * tell: somebody is not there under that name, or the name is another user's now.
 */
export async function observeUsers(
  { directory, records }: PortsOf<"directory", UserRecords & RefusalRecords & Transactions>,
  runId: string,
  names: readonly string[],
): Promise<boolean> {
  const known = names.map((name) => records.user(name)?.id);
  if (known.includes(undefined)) return false;
  const users = await Promise.all(names.map((name) => directory.user(name)));
  const present = users.filter((user) => user !== null);
  if (users.some((user, at) => user?.id !== known[at])) return false;
  records.transaction(() => {
    const read = present.map((user) => withUnknownRuns(records, runId, user));
    records.saveUsers(runId, read);
  });
  return true;
}

/** Users that are asked for one by one; to read more of them costs no more with everybody else. */
const MOST_ALONE = 20;

/**
 * Brings users of the records up to date: a few by their ids or names; many, and those of whom one is gone or new, with the whole directory.
 * Throws what `observeDirectory` throws.
 */
export async function refreshUsers(
  ports: DirectoryPorts,
  runId: string,
  names: readonly string[],
  maxChangePercent: number,
): Promise<void> {
  if (names.length <= MOST_ALONE && (await observeUsers(ports, runId, names))) return;
  await observeDirectory(ports, runId, maxChangePercent);
}

/** What reading the tenant's users needs. */
export type DirectoryPorts = PortsOf<"directory" | "progress", UserRecords & RefusalRecords & Transactions>;

/**
 * Reads the tenant's users into the records; a user that is not listed any more is forgotten. A list that contradicts itself, its licences or
 * the last run's is refused before anybody is forgotten: everything else rests on who there is.
 * Throws PhotodriftError `directory-…` (refused), and what the reader throws.
 */
export async function observeDirectory(ports: DirectoryPorts, runId: string, maxChangePercent: number): Promise<void> {
  const { records, progress } = ports;
  const before = records.countUsers();
  let listed = 0;
  let licensed = 0;
  let unknown = 0;
  const step = progress.step("Users");
  try {
    for await (const page of ports.directory.users(before)) {
      records.transaction(() => {
        const users = page.map((user) => withUnknownRuns(records, runId, user));
        records.saveUsers(runId, users);
      });
      listed += page.length;
      licensed += page.filter(
        ({ licences }) => licences.mailbox || licences.sharePoint || "unknown" in licences,
      ).length;
      unknown += page.filter(({ licences }) => "unknown" in licences).length;
      step.tick(page.length);
    }
  } catch (error) {
    if (error instanceof PhotodriftError && NOT_THE_DIRECTORY.has(error.code)) throw refusedDirectory(error);
    throw error;
  }
  assertLicencesKnown(licensed, unknown, maxChangePercent);
  const counts = { before, listed, missing: records.countUsersUnseen(runId), sharedUpns: records.sharedUpns(runId) };
  assertDirectoryWhole(counts, maxChangePercent);
  records.transaction(() => records.forgetUsersUnseen(runId));
  step.done();
}
