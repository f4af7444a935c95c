import type { BackupStore, Journal, PlanRecords } from "../../run/journal-port.js";
import type { AuditRecords } from "../../run/records.js";
import type { RemainderRecords } from "../../run/remainder.js";
import { createBackups } from "../backups.js";
import { appliedRecords } from "./applied.js";
import { openDatabase, type Db } from "./database.js";
import { decisionRecords } from "./decisions.js";
import { historyRecords } from "./history.js";
import { imageRecords } from "./images.js";
import { libraryRecords } from "./library.js";
import { journalRecords } from "./journal.js";
import { observationRecords } from "./observations.js";
import { ownWriteRecords } from "./own-writes.js";
import { peopleRecords } from "./people.js";
import { planRecords } from "./plans.js";
import { remainderRecords } from "./remainder.js";

/** The open state file behind its ports. */
export interface State {
  readonly records: AuditRecords;
  readonly journal: Journal;
  readonly plans: PlanRecords;
  readonly remainder: RemainderRecords;
  readonly backups: BackupStore;
  readonly db: Db;
  /**
   * Runs work that only observes: what is written within a moment is committed together, and commits are not forced to the disk. After a kill
   * or a power cut the file is whole and lacks the last readings, which the next run makes again. The journal of writes is never kept this way.
   */
  observing<T>(work: () => Promise<T>): Promise<T>;
  close(): void;
}

/**
 * Opens the state file. `tenant` null opens any tenant's file (reports, list of runs).
 * Throws PhotodriftError, see openDatabase.
 */
export function openState(path: string, tenant: string | null): State {
  const db = openDatabase(path, tenant);
  const images = imageRecords(db);
  const records: AuditRecords = {
    transaction: (work) => db.transaction(work)(),
    unforced: (work) => unforced(db, work),
    ...images,
    ...peopleRecords(db, (sha) => images.signature(sha)),
    ...observationRecords(db),
    ...libraryRecords(db),
    ...appliedRecords(db),
    ...historyRecords(db),
    ...decisionRecords(db),
    ...ownWriteRecords(db),
  };
  return {
    records,
    journal: journalRecords(db),
    plans: planRecords(db),
    remainder: remainderRecords(db),
    backups: createBackups(path),
    db,
    observing: (work) => observing(db, work),
    close: () => db.close(),
  };
}

function unforced<T>(db: Db, work: () => T): T {
  const forced = Number(db.pragma("synchronous", { simple: true }));
  if (db.inTransaction || forced <= NORMAL) return db.transaction(work)();
  db.pragma("synchronous = NORMAL");
  try {
    return db.transaction(work)();
  } finally {
    db.pragma(`synchronous = ${forced}`);
  }
}

/** https://sqlite.org/pragma.html#pragma_synchronous: commits of a database with a log are not forced to the disk. */
const NORMAL = 1;

/**
 * How long writes are committed together, and how long each by itself so that another process finds a moment to write, milliseconds. Who waits
 * looks every tenth of a second. A page that is written again within that time goes into the log once: most of what a run writes.
 */
const TOGETHER_MS = 1000;
const APART_MS = 120;

async function observing<T>(db: Db, work: () => Promise<T>): Promise<T> {
  db.pragma("synchronous = NORMAL");
  let turn: NodeJS.Timeout | undefined;
  const failures: unknown[] = [];
  const went = (act: () => void): boolean => {
    try {
      act();
      return true;
    } catch (error) {
      failures.push(error);
      rollback(db);
      return false;
    }
  };
  const together = (): void => {
    if (went(() => db.exec("BEGIN"))) turn = setTimeout(apart, TOGETHER_MS);
  };
  const apart = (): void => {
    if (went(() => commit(db))) turn = setTimeout(together, APART_MS);
  };
  together();
  const result = await work().finally(() => {
    clearTimeout(turn);
    if (!db.open) return;
    went(() => commit(db));
    db.pragma("synchronous = FULL");
  });
  // What could not be committed is gone, and the work believes it recorded: it has failed, whatever came of it.
  if (failures.length > 0) throw failures[0];
  return result;
}

/** A disk that is full may have ended the transaction by itself. */
function commit(db: Db): void {
  if (db.inTransaction) db.exec("COMMIT");
}

function rollback(db: Db): void {
  try {
    if (db.inTransaction) db.exec("ROLLBACK");
  } catch {
    // The next statement tells what is wrong.
  }
}
