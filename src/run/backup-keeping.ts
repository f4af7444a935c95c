import type { BackupStore, Journal } from "./journal-port.js";

/** What stands in the journal where a backup was deleted. */
const CONSENT_NOTE = "deleted: the user withdrew consent";

/**
 * Deletes every backup of users who withdrew consent, at once, and notes it in the journal. Call it at the start of every run.
 * @param userIds object ids of users on the consent list
 * @returns number of pictures deleted
 */
export async function deleteBackupsOf(
  journal: Pick<Journal, "releaseBackupsOf">,
  backups: Pick<BackupStore, "remove">,
  userIds: readonly string[],
): Promise<number> {
  const contents = journal.releaseBackupsOf(userIds, CONSENT_NOTE);
  for (const sha256 of contents) await backups.remove(sha256);
  return contents.length;
}

/**
 * Drops journal entries and backups of runs that are no longer kept (call it after AuditRecords.prune), and pictures that a killed run left
 * without an entry. The run lock must be held: a picture is kept before its entry is written.
 * @returns number of pictures deleted
 */
export async function pruneBackups(
  journal: Pick<Journal, "prune" | "namesBackup">,
  backups: Pick<BackupStore, "remove" | "all">,
): Promise<number> {
  journal.prune();
  let deleted = 0;
  for await (const sha256 of backups.all()) {
    if (journal.namesBackup(sha256)) continue;
    await backups.remove(sha256);
    deleted++;
  }
  return deleted;
}
