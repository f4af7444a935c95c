import { PhotodriftError } from "../../model/errors.js";
import type { StoreError } from "../../model/photo.js";
import type { PlanAction } from "../../model/plan-action.js";
import type { OutcomeKind } from "../../model/run.js";
import { systemError, systemReason } from "../../model/system-errors.js";
import type { JournalAfter, JournalBefore } from "../../model/journal.js";
import type { OpenRun } from "../../run/records/runs.js";
import type { Intent, Journal, JournalEntry } from "../../run/journal-port.js";
import type { Db } from "./database.js";
import { UNFINISHED_WRITES, type UnfinishedRow } from "./own-writes.js";
import { inPages } from "./pages.js";

interface Row {
  readonly entry: number;
  readonly run_id: string;
  readonly plan_id: string;
  readonly action: string;
  readonly before: string;
  readonly backup_note: string | null;
  readonly sent_sha: string | null;
  readonly at: string;
  readonly outcome: OutcomeKind | null;
  readonly settled_at: string | null;
  readonly after: string | null;
  readonly error: string | null;
}

/** The journal of writes over SQLite with full fsync at commit: what was intended survives the power cut that follows. Throws `journal-failed`. */
export function journalRecords(db: Db): Journal {
  const insert = db.prepare(
    `INSERT INTO journal(run_id, plan_id, user_id, action, before, backup_sha, sent_sha, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const close = db.prepare(
    "UPDATE journal SET outcome = ?, settled_at = ?, after = ?, error = ? WHERE entry = ? AND outcome IS NULL",
  );
  const openRows = db.prepare<[], Row>("SELECT * FROM journal WHERE outcome IS NULL ORDER BY entry");
  const pageOfRun = db.prepare<[string, number], Row>(
    "SELECT * FROM journal WHERE run_id = ? AND entry < ? ORDER BY entry DESC LIMIT 500",
  );
  const laterOfUser = db.prepare<[string | null, number], Row>(
    "SELECT * FROM journal WHERE user_id IS ? AND entry > ? AND outcome = 'applied' ORDER BY entry",
  );
  const unfinished = db.prepare<[string], UnfinishedRow>(UNFINISHED_WRITES);
  const others = db.prepare<[string], { at: string | null }>(
    "SELECT max(settled_at) AS at FROM journal WHERE outcome = 'applied' AND plan_id <> ?",
  );
  const named = db.prepare<[string]>("SELECT 1 FROM journal WHERE backup_sha = ? LIMIT 1");
  const only = (contents: Iterable<string>) => [...new Set(contents)].filter((sha) => named.get(sha) === undefined);

  /** Without a journal nothing is written: the failure is one that the run can report and stop at. */
  function durably<In, Out>(work: (value: In) => Out): (value: In) => Out {
    const transaction = db.transaction(work);
    return (value) => {
      try {
        return transaction(value);
      } catch (error) {
        const cure = `Nothing is written without it. ${systemError(error)?.cure ?? "Check the state file."}`;
        const message = `The journal in ${db.name} cannot be written: ${systemReason(error)}.`;
        throw new PhotodriftError("journal-failed", message, cure, "failed", error);
      }
    };
  }

  const add = durably((intents: readonly Intent[]) =>
    intents.map((intent) => {
      const { action, before } = intent;
      const backup = before.kind === "picture" ? before.backupSha256 : null;
      const user = action.user?.id ?? null;
      const texts = [JSON.stringify(action), JSON.stringify(before)] as const;
      const row = insert.run(intent.runId, intent.planId, user, ...texts, backup, intent.sentSha256, intent.at);
      return Number(row.lastInsertRowid);
    }),
  );

  return {
    intend: async (intents) => add(intents),
    settle(entry, { kind, at, after, error }) {
      close.run(kind, at, jsonOrNull(after), jsonOrNull(error), entry);
    },
    open: () => openRows.all().map(entryOf),
    *entriesOf(runId) {
      const rows = inPages((last: Row | null) => pageOfRun.all(runId, last?.entry ?? Number.MAX_SAFE_INTEGER));
      for (const row of rows) yield entryOf(row);
    },
    laterWrites: ({ entry, action: { user, address } }) =>
      laterOfUser
        .all(user?.id ?? null, entry)
        .map(entryOf)
        .filter(({ action }) => action.address === address),
    owesTimestamp: (userId) => unfinished.get(userId) !== undefined,
    lastWriteOfOthers: (planId) => others.get(planId)?.at ?? null,
    unfinishedRuns() {
      return db
        .prepare<[], OpenRun>(
          `SELECT id, mode, trigger, tenant, started_at AS startedAt FROM runs
           WHERE finished_at IS NULL ORDER BY started_at, id`,
        )
        .all();
    },
    releaseBackupsOf: db.transaction((userIds: readonly string[], why: string) => {
      const find = db.prepare<[string], { sha: string }>(
        "SELECT backup_sha AS sha FROM journal WHERE user_id = ? AND backup_sha IS NOT NULL",
      );
      const release = db.prepare(
        "UPDATE journal SET backup_sha = NULL, backup_note = ? WHERE user_id = ? AND backup_sha IS NOT NULL",
      );
      const contents = userIds.flatMap((id) => {
        const found = find.all(id).map(({ sha }) => sha);
        if (found.length > 0) release.run(why, id);
        return found;
      });
      return only(contents);
    }),
    prune: db.transaction(() => {
      const gone = "outcome IS NOT NULL AND run_id NOT IN (SELECT id FROM runs)";
      const rows = db
        .prepare<[], { sha: string }>(
          `SELECT DISTINCT backup_sha AS sha FROM journal WHERE backup_sha IS NOT NULL AND ${gone}`,
        )
        .all();
      db.prepare(`DELETE FROM journal WHERE ${gone}`).run();
      return only(rows.map(({ sha }) => sha));
    }),
    namesBackup: (sha256) => named.get(sha256) !== undefined,
  };
}

function entryOf(row: Row): JournalEntry {
  const before = JSON.parse(row.before) as JournalBefore;
  return {
    entry: row.entry,
    runId: row.run_id,
    planId: row.plan_id,
    action: JSON.parse(row.action) as PlanAction,
    // A released backup is no longer named.
    before: before.kind === "picture" && row.backup_note !== null ? { ...before, backupSha256: null } : before,
    backupNote: row.backup_note,
    sentSha256: row.sent_sha,
    at: row.at,
    settlement:
      row.outcome === null
        ? null
        : {
            kind: row.outcome,
            at: row.settled_at ?? row.at,
            after: row.after === null ? null : (JSON.parse(row.after) as JournalAfter),
            error: row.error === null ? null : (JSON.parse(row.error) as StoreError),
          },
  };
}

function jsonOrNull(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}
