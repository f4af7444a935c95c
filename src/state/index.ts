import type { AuditRecords } from "../run/records.js";
import { openDatabase, type Db } from "./database.js";
import { historyRecords } from "./history.js";
import { imageRecords } from "./images.js";
import { observationRecords } from "./observations.js";
import { peopleRecords } from "./people.js";

export interface State {
  readonly records: AuditRecords;
  readonly db: Db;
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
    ...images,
    ...peopleRecords(db, (sha) => images.signature(sha)),
    ...observationRecords(db),
    ...historyRecords(db),
  };
  return { records, db, close: () => db.close() };
}
