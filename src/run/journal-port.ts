import type { JournalAfter, JournalBefore } from "../model/journal.js";
import type { StoreError } from "../model/photo.js";
import type { Plan, PlanHead } from "../model/plan.js";
import type { PlanAction } from "../model/plan-action.js";
import type { OutcomeKind } from "../model/run.js";
import type { OpenRun } from "./records/runs.js";

/** A write that is about to leave. */
export interface Intent {
  readonly runId: string;
  readonly planId: string;
  readonly action: PlanAction;
  readonly before: JournalBefore;
  /** SHA-256 of the bytes sent; null for removals and properties. */
  readonly sentSha256: string | null;
  /** ISO 8601 UTC. */
  readonly at: string;
}

export interface Settlement {
  readonly kind: OutcomeKind;
  readonly at: string;
  readonly after: JournalAfter | null;
  readonly error: StoreError | null;
}

/** One write as the journal has it: intended, and settled or still open. */
export interface JournalEntry extends Intent {
  readonly entry: number;
  /** Why the backup is gone, or null while it is there (or never was). */
  readonly backupNote: string | null;
  /** null: the program ended before the answer was known. */
  readonly settlement: Settlement | null;
}

/**
 * The journal of writes. An intent is safe where the next run will look for it - on disk, or in the fleet's database - when its promise
 * resolves; what else is called has happened when it returns, and is as safe before the next intent is.
 */
export interface Journal {
  /**
   * Journals intents in one transaction; the numbers are in the same order. Rejects with a PhotodriftError `journal-failed`, or `lease-lost`
   * where another machine has taken the tenant over: nothing may be sent then.
   */
  intend(intents: readonly Intent[]): Promise<readonly number[]>;
  settle(entry: number, settlement: Settlement): void;
  /** Intents without settlement, oldest first. */
  open(): readonly JournalEntry[];
  /** Entries of a run, newest first. */
  entriesOf(runId: string): Iterable<JournalEntry>;
  /** Confirmed writes of the entry's user at its address after it, oldest first. */
  laterWrites(entry: JournalEntry): readonly JournalEntry[];
  /** True when a thumbnail or a property of the user was written, in whatever run, and no new picture timestamp after it. */
  owesTimestamp(userId: string): boolean;
  /** ISO time of the latest write of any other plan, or null. */
  lastWriteOfOthers(planId: string): string | null;
  /** Runs that never came to their end, oldest first; the one that is under way is among them. */
  unfinishedRuns(): readonly OpenRun[];
  /**
   * Marks the backups of these users as gone, with the reason; returns the contents that no other entry names and that may be removed.
   */
  releaseBackupsOf(userIds: readonly string[], why: string): readonly string[];
  /** Drops the settled entries of runs that are no longer kept; returns the contents that no entry names any more. */
  prune(): readonly string[];
  /** True while an entry names this content as its backup. */
  namesBackup(sha256: string): boolean;
}

/** Plans in the state file: actions come and go one at a time. */
export interface PlanRecords {
  /** Adds actions under sort keys; they come out in the order of the keys. */
  addActions(planId: string, actions: readonly { readonly key: string; readonly action: PlanAction }[]): void;
  actions(planId: string): Iterable<PlanAction>;
  savePlan(head: PlanHead, digest: string): void;
  plan(planId: string): Plan | null;
  dropPlan(planId: string): void;
  /** Drops plans that expired before this time (ISO 8601 UTC), and actions that never got a head. */
  dropPlansBefore(time: string): void;
}

/** Replaced pictures by content, beside the state file. */
export interface BackupStore {
  /** Durable when it returns. Throws PhotodriftError `backup-failed` (disk full, no permission): nothing may be written then. */
  put(bytes: Buffer): Promise<string>;
  /** The bytes, or null when there is no such backup. Throws PhotodriftError `backup-damaged`. */
  get(sha256: string): Promise<Buffer | null>;
  path(sha256: string): string;
  remove(sha256: string): Promise<void>;
  /** Every content there is. */
  all(): AsyncIterable<string>;
}

/** The folder of masters, as far as writes need it. */
export interface MasterFiles {
  /** Absolute path of a file named in a plan. Throws PhotodriftError `source-outside` for one that leads out of the folder. */
  path(file: string): string;
  /** SHA-256 of the file as it is now, or null when it is gone. */
  sha256(file: string): Promise<string | null>;
}
