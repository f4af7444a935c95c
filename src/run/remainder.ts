import { EXIT } from "../model/exit-codes.js";
import { SEVERITIES, severityRank, type Severity } from "../model/rule.js";
import { EMPTY_SUMMARY, isDone, type Outcome, type RunSummary, type Verdict } from "../model/run.js";
import type { Finding } from "../model/finding.js";
import type { ApplyResult } from "./apply.js";

/** What findings of a run say in numbers. */
export interface FindingCounts {
  readonly byRule: { readonly [rule: string]: number };
  readonly byStore: { readonly [store: string]: number };
  /** Drift findings by severity. */
  readonly drift: Readonly<Record<Severity, number>>;
  readonly usersWithDrift: number;
  /** Users with drift, of whom something could not be read, or of whom an action of the run was left undone. */
  readonly usersNotInSync: number;
  /** A whole store could not be read: nobody more can be called in sync. */
  readonly storeFailed: boolean;
  /** How many were seen first by this run. */
  readonly fresh: number;
}

/** The findings that stand after writes: those of the run before, without what was cured, with what came back. */
export interface RemainderRecords {
  /** Gives a run the findings of another one. */
  carry(from: string, to: string): void;
  /** Takes away the run's findings that its writes cured; returns how many. What was cured is kept for an undo. */
  settleCured(runId: string, cures: (finding: Finding, outcomes: readonly Outcome[]) => boolean): number;
  /** Brings back what the undone run had cured, and takes away what it had brought back, at the addresses that were restored. */
  settleRestored(undone: string, runId: string): void;
  count(runId: string): FindingCounts;
}

/**
 * Did the read-backs prove that this drift is gone? Every action that the finding asks for was looked at after the write (or needed none).
 * @param outcomes of the finding's own address, or of all SharePoint addresses of the user where the rule speaks of them together
 */
export function isCured(finding: Finding, outcomes: readonly Outcome[]): boolean {
  const asked = outcomes.filter(({ action }) => finding.remedy.actions.includes(action));
  return asked.length > 0 && asked.every(isDone);
}

/**
 * The summary of a run after its writes, from the run it is based on (null: counted from nothing) and the findings that are left.
 * @param cured how many findings its writes cured
 */
export function summaryOfLeft(base: RunSummary | null, left: FindingCounts, cured: number): RunSummary {
  const before = base ?? EMPTY_SUMMARY;
  const standing = Object.values(left.byRule).reduce((sum, count) => sum + count, 0);
  return {
    ...before,
    usersInSync: left.storeFailed ? before.usersInSync : Math.max(0, before.usersInScope - left.usersNotInSync),
    usersWithDrift: left.usersWithDrift,
    byRule: left.byRule,
    byStore: left.byStore,
    new: left.fresh,
    persisting: standing - left.fresh,
    resolved: before.resolved + cured,
  };
}

/** How a run ends, and the exit code that says it. */
export interface Ending {
  readonly verdict: Verdict;
  readonly exitCode: number;
  readonly complete: boolean;
}

export interface LeftAfterApply {
  /** null: the audit that the plan rests on is not in this state file, and what it found beside the plan is not known here. */
  readonly left: FindingCounts | null;
  /** The run that the plan rests on could read everything. */
  readonly complete: boolean;
  /** Least severity of drift that makes exit code 2. */
  readonly failOn: Severity;
}

/** How an apply ended: by what is left in the tenant, not by the writes alone. `in-sync` only where nothing drifts. */
export function endOfApply(result: ApplyResult, { left, complete, failOn }: LeftAfterApply): Ending {
  const cut = cutOff(result);
  if (cut !== null) return cut;
  if (!complete) return { verdict: "incomplete", exitCode: EXIT.incomplete, complete: false };
  if (left === null) return { verdict: "drift", exitCode: EXIT.drift, complete: true };
  const severities = SEVERITIES.filter((severity) => left.drift[severity] > 0);
  if (severities.length === 0) {
    // What was left out or found changed has not been looked at again: nobody can call it in sync.
    if (isLeftUndone(result)) return { verdict: "drift", exitCode: EXIT.drift, complete: true };
    return { verdict: "in-sync", exitCode: EXIT.ok, complete: true };
  }
  const counts = severities.some((severity) => severityRank(severity) >= severityRank(failOn));
  return { verdict: "drift", exitCode: counts ? EXIT.drift : EXIT.ok, complete: true };
}

/**
 * How an undo ended: `restored` where everything that was asked for is as it was.
 * @param impossible how many writes could not be planned back, for their backup is gone
 */
export function endOfUndo(result: ApplyResult, impossible: number): Ending {
  const cut = cutOff(result);
  if (cut !== null) return cut;
  if (impossible > 0) return { verdict: "incomplete", exitCode: EXIT.incomplete, complete: false };
  if (isLeftUndone(result)) return { verdict: "drift", exitCode: EXIT.drift, complete: true };
  return { verdict: "restored", exitCode: EXIT.ok, complete: true };
}

function isLeftUndone({ counts: { stale, skipped } }: ApplyResult): boolean {
  return stale + skipped > 0;
}

/** Interrupted, refused by the tenant, or failed in part. */
function cutOff({ interrupted, stopped, counts }: ApplyResult): Ending | null {
  if (interrupted) return { verdict: "interrupted", exitCode: EXIT.interrupted, complete: false };
  if (stopped.some(({ error }) => /blocked|policy/.test(error.code))) {
    return { verdict: "refused", exitCode: EXIT.refused, complete: false };
  }
  if (counts.failed > 0 || stopped.length > 0)
    return { verdict: "incomplete", exitCode: EXIT.incomplete, complete: false };
  return null;
}
