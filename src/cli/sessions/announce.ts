import { setTimeout as sleep } from "node:timers/promises";
import type { NotifyConfig } from "../../model/notify.js";
import type { Finding } from "../../model/finding.js";
import { nextSteps } from "../../model/next-steps.js";
import { SEVERITIES, severityRank, type RuleId, type Severity, RULE_WORDS } from "../../model/rule.js";
import { commandLine } from "../../model/shell.js";
import { workloadCounter } from "../../model/workload.js";
import { notify, type NotifiedPerson, type RunMessage } from "../../notify/index.js";
import { grouped, placeOf, placeWithoutUser, worst, type Group } from "../../report/index.js";
import type { RecordedRun } from "../../run/records/runs.js";
import { sendMail } from "../../stores/mail.js";
import type { Workbench } from "../compose.js";
import { reportFileName } from "./report-files.js";

/** Findings and people named in a notification. */
const MOST_NAMED = 50;

export interface Announcement {
  readonly entries: readonly NotifyConfig[];
  readonly schedule: string | null;
  /** For failures: message and hint of the error. */
  readonly error: { readonly message: string; readonly hint: string } | null;
  /** Absolute path of the HTML report, null where none was written. */
  readonly report: string | null;
  /** Absolute path of the plan that was saved with the run. */
  readonly plan: string | null;
}

/** Tells the receivers of `notify` about a run. A notification that fails is reported, never the failure of the run. */
export async function announce(bench: Workbench, runId: string, what: Announcement): Promise<void> {
  const run = bench.state.records.run(runId);
  if (run === null || what.entries.length === 0) return;
  const results = await notify(what.entries, messageOf(bench, run, what), {
    fetch: (url, init) => fetch(url, init),
    sleep: (ms) => sleep(ms),
    sendMail: (mail) => sendMail(bench.tenant, mail),
  });
  for (const { kind, target, outcome, detail } of results) {
    if (outcome === "failed") bench.ports.progress.warn(`the ${kind} notification to ${target} failed: ${detail}`);
    else bench.ports.progress.note(`${kind} notification to ${target}: ${outcome}`);
  }
}

function messageOf(bench: Workbench, run: RecordedRun, what: Announcement): RunMessage {
  const { config, state } = bench;
  const isNew = (finding: Finding): boolean => finding.firstSeen === run.head.startedAt;
  const drift = { new: 0, persisting: 0, resolved: run.summary.resolved };
  const findings = gravest<Finding>((one) => [isNew(one), one.severity]);
  const people = gravest<NotifiedPerson>((one) => [one.new, one.severity]);
  const work = workloadCounter();
  for (const group of grouped(state.records.findings(run.head.id))) {
    for (const finding of group.findings) work.add(finding);
    const drifting = group.findings.filter((finding) => finding.drift);
    if (drifting.length === 0) continue;
    people.add(personOf({ ...group, findings: drifting }, drifting.some(isNew)));
    for (const finding of drifting) {
      drift[isNew(finding) ? "new" : "persisting"]++;
      findings.add(finding);
    }
  }
  const todo = work.result();
  const { report } = what;
  return {
    run: run.head,
    tenantName: config.tenant.name,
    summary: run.summary,
    drift,
    topFindings: findings.top(),
    people: { top: people.top(), total: people.total() },
    steps: nextSteps(run.head, todo, { config: config.file, plan: what.plan, report }),
    openDecisions: todo.open.findings,
    report: report ?? reportCommand(run.head.id, config.file),
    schedule: what.schedule,
    error: what.error,
  };
}

/** How the report of a run is made that has none yet. */
function reportCommand(runId: string, config: string): string | null {
  return commandLine("report", runId, "--output", reportFileName("html", runId), "--config", config);
}

/** All that is wrong with one user in one line; thumbnails are named together. */
function personOf({ user, findings }: Group, fresh: boolean): NotifiedPerson {
  const places = new Map<RuleId, string[]>();
  for (const finding of findings) places.set(finding.rule, [...(places.get(finding.rule) ?? []), placeOf(finding)]);
  const what = [...places].map(
    ([rule, spots]) => `${RULE_WORDS[rule]} (${spots.join(", ").replaceAll(", SharePoint ", ", ")})`,
  );
  const who = user === null ? placeWithoutUser(findings[0]) : `${user.displayName} (${user.upn})`;
  return { who, severity: worst(findings), new: fresh, what: what.join("; ") };
}

/** Keeps the gravest of many: new before old, grave before light. Memory does not grow with their number. */
function gravest<T>(gravity: (one: T) => readonly [fresh: boolean, severity: Severity]): {
  add(one: T): void;
  top(): readonly T[];
  total(): number;
} {
  const kept: T[] = [];
  let total = 0;
  const weight = (one: T): number => {
    const [fresh, severity] = gravity(one);
    return Number(fresh) * SEVERITIES.length + severityRank(severity);
  };
  const sort = (): void => {
    kept.sort((a, b) => weight(b) - weight(a));
    kept.length = Math.min(kept.length, MOST_NAMED);
  };
  return {
    add(one) {
      total++;
      if (kept.push(one) >= 4 * MOST_NAMED) sort();
    },
    top() {
      sort();
      return kept;
    },
    total: () => total,
  };
}
