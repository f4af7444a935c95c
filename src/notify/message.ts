import type { NotifyCondition } from "../model/config.js";
import type { Finding } from "../model/finding.js";
import type { RunHead, RunSummary } from "../model/run.js";

/** A finding as far as a notification shows it. */
export type NotifiedFinding = Pick<
  Finding,
  "id" | "rule" | "severity" | "drift" | "user" | "address" | "cause" | "summary" | "firstSeen"
>;

/** What is told about a run. */
export interface RunMessage {
  readonly run: RunHead;
  readonly summary: RunSummary;
  /** Findings that count as drift, since the last run of the tenant. `summary` counts all findings. */
  readonly drift: { readonly new: number; readonly persisting: number; readonly resolved: number };
  /** The gravest findings, new ones first; a few dozen at most. */
  readonly topFindings: readonly NotifiedFinding[];
  /** Name of the schedule, or null. */
  readonly schedule: string | null;
  /** For failures: message and hint of the error, free of secrets. */
  readonly error: { readonly message: string; readonly hint: string } | null;
}

/** Whether a run is to be told under a condition; `failure` is every run whose result cannot be trusted to be whole. */
export function applies(condition: NotifyCondition, message: RunMessage): boolean {
  switch (condition) {
    case "always":
      return true;
    case "failure":
      return ["failed", "refused", "incomplete", "interrupted"].includes(message.run.verdict);
    case "drift":
      return message.run.verdict === "drift" || message.drift.new + message.drift.persisting > 0;
    case "new-drift":
      return message.drift.new > 0;
  }
}

/** One line: `Photo drift in contoso: 3 new, 12 persisting, 4 resolved`. */
export function headline(message: RunMessage): string {
  const { run, drift, summary } = message;
  const counts = `${drift.new} new, ${drift.persisting} persisting, ${drift.resolved} resolved`;
  switch (run.verdict) {
    case "in-sync":
      return `Photos in ${run.tenant} are in sync (${summary.usersInScope} users)`;
    case "restored":
      return `Photos in ${run.tenant} are as they were before the run that was undone`;
    case "drift":
      return `Photo drift in ${run.tenant}: ${counts}`;
    case "refused":
      return `Photo ${run.mode} of ${run.tenant} was refused: a limit or policy stands against it`;
    case "incomplete":
      return `Photo ${run.mode} of ${run.tenant} is incomplete: ${counts}`;
    case "failed":
      return `Photo ${run.mode} of ${run.tenant} failed`;
    case "interrupted":
      return `Photo ${run.mode} of ${run.tenant} was interrupted`;
  }
}

/** The numbers under the headline, as title and value. */
export function facts(message: RunMessage): readonly (readonly [string, string])[] {
  const { run, summary, drift } = message;
  return [
    ["Run", `${run.id} (${run.mode}${message.schedule === null ? "" : `, ${message.schedule}`})`],
    ["Finished", run.finishedAt],
    ["Users with drift", `${summary.usersWithDrift} of ${summary.usersInScope}`],
    ["New / persisting / resolved", `${drift.new} / ${drift.persisting} / ${drift.resolved}`],
    ...Object.entries(summary.byRule)
      .sort(([, a], [, b]) => b - a)
      .slice(0, 8)
      .map(([rule, count]) => [rule, String(count)] as const),
  ];
}
