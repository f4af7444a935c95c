import { setTimeout as sleep } from "node:timers/promises";
import { severityRank, type Finding, type NotifyConfig } from "../model/index.js";
import { notify, type NotifiedFinding, type RunMessage } from "../notify/index.js";
import type { RecordedRun } from "../run/records.js";
import { sendMail } from "../stores/mail.js";
import type { Workbench } from "./compose.js";

/** Findings named in a notification. */
const MOST_FINDINGS = 50;

export interface Announcement {
  readonly entries: readonly NotifyConfig[];
  readonly schedule: string | null;
  /** For failures: message and hint of the error. */
  readonly error: { readonly message: string; readonly hint: string } | null;
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
  const drift = { new: 0, persisting: 0, resolved: run.summary.resolved };
  const top: Finding[] = [];
  const isNew = (finding: Finding): boolean => finding.firstSeen === run.head.startedAt;
  for (const finding of bench.state.records.findings(run.head.id)) {
    if (!finding.drift) continue;
    drift[isNew(finding) ? "new" : "persisting"]++;
    top.push(finding);
    if (top.length < 4 * MOST_FINDINGS) continue;
    top.sort(byGravity(isNew));
    top.length = MOST_FINDINGS;
  }
  const topFindings: NotifiedFinding[] = top.sort(byGravity(isNew)).slice(0, MOST_FINDINGS);
  return { run: run.head, summary: run.summary, drift, topFindings, schedule: what.schedule, error: what.error };
}

/** New before old, grave before light. */
function byGravity(isNew: (finding: Finding) => boolean): (a: Finding, b: Finding) => number {
  return (a, b) => Number(isNew(b)) - Number(isNew(a)) || severityRank(b.severity) - severityRank(a.severity);
}
