import { randomUUID } from "node:crypto";
import { closeSync, existsSync, openSync } from "node:fs";
import { hostname } from "node:os";
import Database from "better-sqlite3";
import { PhotodriftError } from "../model/errors.js";
import { systemReason } from "../model/system-errors.js";
import type { ScheduleRecords } from "./ports.js";
import { sqliteScheduleRecords, type DaemonIdentity } from "./records.js";

/** This process, for the lease on the records. */
function thisProcess(): DaemonIdentity {
  return { host: hostname(), pid: process.pid, token: randomUUID(), alive: isAlive };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another account.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Opens (or creates) the records file. Every commit reaches the disk before a run begins, so that a power cut neither loses nor doubles
 * one.
 * @throws PhotodriftError `schedule-records` when the file cannot be used
 */
export function openScheduleRecords(path: string): { readonly records: ScheduleRecords; close(): void } {
  let database: Database.Database | null = null;
  try {
    if (!existsSync(path)) closeSync(openSync(path, "a", 0o600));
    database = new Database(path, { timeout: 10_000 });
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = FULL");
    const records = sqliteScheduleRecords(database, thisProcess());
    const open = database;
    return { records, close: () => void open.close() };
  } catch (error) {
    database?.close();
    throw new PhotodriftError(
      "schedule-records",
      `The schedule records ${path} cannot be opened: ${systemReason(error)}.`,
      "Check that the folder exists and may be written; a damaged file may be moved away, then the history begins anew.",
      "failed",
      error,
    );
  }
}
