import { setTimeout as sleep } from "node:timers/promises";
import type { Failure } from "../../model/describe-error.js";
import type { NotifyConfig } from "../../model/notify.js";
import type { Finding } from "../../model/finding.js";
import { nextSteps } from "../../model/next-steps.js";
import { SEVERITIES, severityRank, type RuleId, type Severity, RULE_WORDS } from "../../model/rule.js";
import { commandLine } from "../../model/shell.js";
import { systemReason } from "../../model/system-errors.js";
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
  readonly error: Failure | null;
  /** Absolute path of the HTML report, null where none was written. */
  readonly report: string | null;
  /** Absolute path of the plan that was saved with the run. */
  readonly plan: string | null;
  /** Of the run: where it was told to stop, there is little time left to tell of it. */
  readonly signal: AbortSignal;
}

/** A run, recorded or not, as far as it is told of. */
export type AnnouncedRun = Pick<RecordedRun, "head" | "summary">;

/** How long a run that was told to stop may still take to tell of it, milliseconds: less than a supervisor waits before it kills. */
const LAST_WORDS_MS = 5_000;

/** Tells the receivers of `notify` about a run. A notification that fails is reported, never the failure of the run. */
export async function announce(bench: Workbench, run: AnnouncedRun, what: Announcement): Promise<void> {
  if (what.entries.length === 0) return;
  const { progress } = bench.ports;
  const limit = what.signal.aborted ? AbortSignal.timeout(LAST_WORDS_MS) : null;
  try {
    const message = messageOf(bench, run, what);
    const results = await (limit === null
      ? send(bench, message, what.entries)
      : sendUntil(limit, bench, message, what));
    for (const { kind, target, outcome, detail } of results) {
      const why = limit?.aborted === true ? `no answer in ${LAST_WORDS_MS / 1_000} s` : detail;
      if (outcome === "failed") progress.warn(`the ${kind} notification to ${target} failed: ${why}`);
      else progress.note(`${kind} notification to ${target}: ${outcome}`);
    }
  } catch (error) {
    progress.warn(`The notifications could not be made: ${systemReason(error)}.`);
  }
}

function send(bench: Workbench, message: RunMessage, entries: Announcement["entries"]) {
  return notify(entries, message, {
    fetch: bench.tenant.outside,
    sleep: (ms) => sleep(ms),
    sendMail: (mail) => sendMail(bench.tenant, mail),
  });
}

/** The run's own connections ended with it; what is still to be said goes by others, until the limit. */
async function sendUntil(limit: AbortSignal, bench: Workbench, message: RunMessage, { entries }: Announcement) {
  const tenant = bench.tenantUntil(limit);
  try {
    return await notify(entries, message, {
      fetch: (url, init) => tenant.outside(url, { ...init, signal: AbortSignal.any([limit, init.signal ?? limit]) }),
      sleep: (ms) => sleep(ms, undefined, { signal: limit }),
      sendMail: (mail) => sendMail(tenant, mail),
    });
  } finally {
    await tenant.close();
  }
}

function messageOf(bench: Workbench, run: AnnouncedRun, what: Announcement): RunMessage {
  const { config, state } = bench;
  const isNew = (finding: Finding): boolean => finding.firstSeen === run.head.startedAt;
  const drift = { new: 0, persisting: 0, resolved: run.summary.resolved };
  const findings = gravest<Finding>((one) => [isNew(one), one.severity]);
  const people = gravest<NotifiedPerson>((one) => [one.new, one.severity]);
  const work = workloadCounter();
  // What a run found before its comparison came to an end holds for nothing: the next one finds it anew.
  const compared = run.summary.users > 0;
  for (const group of grouped(compared ? state.records.findings(run.head.id) : [])) {
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
    steps: nextSteps(run.head, todo, { config: config.file, plan: what.plan, report }, run.summary.narrowedTo),
    openDecisions: todo.open.findings,
    report: report ?? (state.records.run(run.head.id) === null ? null : reportCommand(run.head.id, config.file)),
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
