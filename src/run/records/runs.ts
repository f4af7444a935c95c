import type { Finding, FindingDraft } from "../../model/finding.js";
import type { RuleId } from "../../model/rule.js";
import type { Cost, Outcome, RunHead, RunMode, RunSummary, RunTrigger, TrendPoint } from "../../model/run.js";

/** A run that has begun, and what it is for; `startedAt` is ISO 8601 UTC. */
export interface OpenRun {
  readonly id: string;
  readonly mode: RunMode;
  readonly trigger: RunTrigger;
  readonly tenant: string;
  readonly startedAt: string;
}

/** A run as it was recorded. */
export interface RecordedRun {
  readonly head: RunHead;
  readonly summary: RunSummary;
  readonly cost: Cost;
}

/** Which findings a run was able to confirm or clear. */
export interface Coverage {
  readonly rules: ReadonlySet<RuleId> | null;
  readonly stores: ReadonlySet<string>;
  /** Addresses that could not be read: what stood there before still stands. */
  readonly unreadable: ReadonlySet<string>;
  /** null: every user. */
  readonly userIds: ReadonlySet<string> | null;
}

/** How many findings a run saw first, that stood before and still stand, and that are over. */
export interface Settled {
  readonly new: number;
  readonly persisting: number;
  readonly resolved: number;
}

/** What pruning leaves, besides the newest run and runs with a write that is still open. */
export interface Keeping {
  /** How many runs that wrote nothing, the newest first. */
  readonly audits: number;
  /** ISO 8601 UTC: runs that wrote something and ended since. */
  readonly undoSince: string;
}

/** Runs with what they found and did. */
export interface RunRecords {
  beginRun(run: OpenRun): void;
  /** Writes findings in the order given; returns them with id and first-seen time. */
  recordFindings(runId: string, drafts: readonly FindingDraft[]): readonly Finding[];
  /**
   * Prepares that the run's findings stand and that open ones are closed which it could have seen and did not, in steps between which others
   * may commit. Returns how many were new, persisting, resolved. Nothing of it holds, nor does it change what stands, before `confirmFindings`.
   */
  settleFindings(runId: string, coverage: Coverage): Promise<Settled>;
  /** What was settled holds, all at once; called in the transaction that ends the run's audit. */
  confirmFindings(runId: string): void;
  finishRun(head: RunHead, summary: RunSummary, cost: Cost): void;
  /** What the audit of an apply found: known by id from here on, but the run has not come to its end. */
  noteAudit(head: RunHead, summary: RunSummary, cost: Cost): void;
  recordOutcome(runId: string, outcome: Outcome): void;
  /** What a later look told of a write, in place of what the run itself could tell. */
  correctOutcome(runId: string, outcome: Outcome): void;
  run(id: string): RecordedRun | null;
  /** Of those that came to their end. */
  lastRun(): RecordedRun | null;
  /** Those that came to their end, newest first. */
  runs(limit: number): readonly RecordedRun[];
  /** Runs that came to their end and whose id begins so, newest first. */
  runsNamed(beginning: string): readonly RecordedRun[];
  /** Sorted by user, address, rule. */
  findings(runId: string): Iterable<Finding>;
  outcomes(runId: string): Iterable<Outcome>;
  trend(limit: number): readonly TrendPoint[];
  /**
   * Drops runs and images that nothing names any more. A run that wrote something is kept until `undoSince` and while one of its writes is
   * open, whatever else there is; of the others the newest `audits` are kept.
   */
  prune(keep: Keeping): void;
}
