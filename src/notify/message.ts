import type { NotifyCondition } from "../model/notify.js";
import type { Finding } from "../model/finding.js";
import type { NextStep } from "../model/next-steps.js";
import { RULE_WORDS, isRuleId, type Severity } from "../model/rule.js";
import type { RunHead, RunSummary } from "../model/run.js";

/** A finding as far as a notification shows it. */
export type NotifiedFinding = Pick<
  Finding,
  "id" | "rule" | "severity" | "drift" | "user" | "address" | "cause" | "summary" | "firstSeen"
>;

/** One user with drift, or one file of nobody: all of their findings in one line. */
export interface NotifiedPerson {
  /** Name and UPN, or the place of a file. */
  readonly who: string;
  readonly severity: Severity;
  readonly new: boolean;
  /** What is wrong and where, e.g. `somebody else's face (SharePoint L, M, S)`. */
  readonly what: string;
}

/** What is told about a run. */
export interface RunMessage {
  readonly run: RunHead;
  /** The tenant's name for people. */
  readonly tenantName: string;
  readonly summary: RunSummary;
  /** Findings that count as drift, since the last run of the tenant. `summary` counts all findings. */
  readonly drift: { readonly new: number; readonly persisting: number; readonly resolved: number };
  /** The gravest findings, new ones first; a few dozen at most. */
  readonly topFindings: readonly NotifiedFinding[];
  /** The same, one line a user, and how many users and files drift in all. */
  readonly people: { readonly top: readonly NotifiedPerson[]; readonly total: number };
  /** What to do now, the most urgent first. */
  readonly steps: readonly NextStep[];
  /** Findings that wait for a person's decision. */
  readonly openDecisions: number;
  /** Path of the HTML report, or the command that makes it; null where neither can be told. */
  readonly report: string | null;
  /** Name of the schedule, or null. */
  readonly schedule: string | null;
  /** For failures: message and hint of the error, free of secrets. */
  readonly error: { readonly message: string; readonly hint: string } | null;
}

/** Whether a run is to be told under a condition; `failure` is every run whose result cannot be trusted to be whole, or that has an error to tell. */
export function applies(condition: NotifyCondition, message: RunMessage): boolean {
  switch (condition) {
    case "always":
      return true;
    case "failure":
      return message.error !== null || ["failed", "refused", "incomplete", "interrupted"].includes(message.run.verdict);
    case "drift":
      return message.run.verdict === "drift" || message.drift.new + message.drift.persisting > 0;
    case "new-drift":
      return message.drift.new > 0;
  }
}

/** One line: `Photo drift in contoso: 3 new, 12 persisting, 4 resolved; 2 decisions are open`. */
export function headline(message: RunMessage): string {
  const { run, drift, summary, tenantName, openDecisions } = message;
  const open =
    openDecisions === 0 ? "" : `; ${openDecisions} ${openDecisions === 1 ? "decision is" : "decisions are"} open`;
  const counts = `${drift.new} new, ${drift.persisting} persisting, ${drift.resolved} resolved${open}`;
  switch (run.verdict) {
    case "in-sync":
      return `Photos in ${tenantName} are in sync (${summary.usersInScope} users)${open}`;
    case "restored":
      return `Photos in ${tenantName} are as they were before the run that was undone`;
    case "drift":
      return `Photo drift in ${tenantName}: ${counts}`;
    case "refused":
      return `Photo ${run.mode} of ${tenantName} was refused: a limit or policy stands against it`;
    case "incomplete":
      return `Photo ${run.mode} of ${tenantName} is incomplete: ${counts}`;
    case "failed":
      return `Photo ${run.mode} of ${tenantName} failed`;
    case "interrupted":
      return `Photo ${run.mode} of ${tenantName} was interrupted`;
  }
}

/** The numbers under the headline, as title and value. */
export function facts(message: RunMessage): readonly (readonly [string, string])[] {
  const { run, summary, drift, tenantName, openDecisions, report } = message;
  return [
    ["Tenant", tenantName === run.tenant ? tenantName : `${tenantName} (${run.tenant})`],
    ["Run", `${run.id} (${run.mode}${message.schedule === null ? "" : `, ${message.schedule}`})`],
    ["Finished", run.finishedAt],
    ["Users with drift", `${summary.usersWithDrift} of ${summary.usersInScope}`],
    ["New / persisting / resolved", `${drift.new} / ${drift.persisting} / ${drift.resolved}`],
    ["Open decisions", String(openDecisions)],
    ...(report === null ? [] : [["Report", report] as const]),
    ...Object.entries(summary.byRule)
      .sort(([, a], [, b]) => b - a)
      .slice(0, 8)
      .map(([rule, count]) => [isRuleId(rule) ? RULE_WORDS[rule] : rule, String(count)] as const),
  ];
}

/** How many users and files a list of `shown` leaves out, as a line; empty where it leaves out none. */
export function restLine({ people }: RunMessage, shown: number): string {
  const more = people.total - shown;
  return shown > 0 && more > 0 ? `and ${more} more in the report` : "";
}
