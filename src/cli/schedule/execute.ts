import { join } from "node:path";
import { loadConfig } from "../../config/index.js";
import type { Config } from "../../model/config.js";
import { PhotodriftError } from "../../model/errors.js";
import type { Schedule } from "../../model/schedule.js";
import type { Execute, RunResult } from "../../schedule/index.js";
import { announce } from "../sessions/announce.js";
import { applyNow } from "../sessions/apply-now.js";
import { beforeWrites } from "../sessions/apply.js";
import { keepHistory } from "../sessions/keeping.js";
import { runAudit } from "../sessions/audit.js";
import { htmlFileOf, printReports } from "../sessions/print-reports.js";
import { reportFileName } from "../sessions/report-files.js";
import type { Workbench } from "../compose.js";
import { withWorkbenchOf, type Surroundings } from "../sessions/workbench.js";
import { openApplyPorts } from "../compose-writers.js";
import { isAbort } from "../exit-codes.js";
import type { Invocation } from "../line/globals.js";
import { knownError } from "../known-errors.js";
import { inRunScope } from "../terminal/run-scope.js";
import { NULL_TERMINAL } from "../terminal/null-terminal.js";

/** How the daemon carries out one run of a schedule: audit or apply, reports, notifications. */
export function executor(invocation: Pick<Invocation, "progress" | "env">): Execute {
  return (schedule, _trigger, signal) =>
    runScheduled(loadConfig(schedule.config, invocation.env), schedule, { ...invocation, signal });
}

export interface RunSurroundings extends Surroundings {
  readonly signal: AbortSignal;
  /** Whether people are to be notified of this run, where not always: one that is tried again is nobody's news. */
  readonly isTold?: (run: RunResult) => boolean;
}

/**
 * One run of a schedule for the tenant of a configuration.
 * @param surroundings whose signal ends the run: it journals what is in hand and resolves with the verdict `interrupted`
 */
export function runScheduled(config: Config, schedule: Schedule, surroundings: RunSurroundings): Promise<RunResult> {
  const doing = `photodrift schedule ${schedule.name}`;
  return inRunScope(() =>
    withWorkbenchOf(config, surroundings, doing, (bench) => runOne(bench, schedule, surroundings)),
  );
}

async function runOne(
  bench: Workbench,
  schedule: Schedule,
  { signal, isTold = () => true }: RunSurroundings,
): Promise<RunResult> {
  const { records } = bench.state;
  const before = records.lastRun()?.head.id ?? null;
  const error = await carryOut(bench, schedule, signal);
  const run = records.lastRun();
  if (run === null || run.head.id === before) {
    throw new PhotodriftError(
      "no-run",
      error?.message ?? "The run left no record.",
      error?.hint ?? "Run photodrift doctor.",
    );
  }
  const report = await writeReports(bench, schedule, run.head.id);
  const entries = schedule.notify ?? bench.config.notify;
  if (isTold(run)) await announce(bench, run.head.id, { entries, schedule: schedule.name, error, report, plan: null });
  return run;
}

/** What the run failed with, for people; null where it came to its end or was told to stop. */
async function carryOut(
  bench: Workbench,
  schedule: Schedule,
  signal: AbortSignal,
): Promise<{ readonly message: string; readonly hint: string } | null> {
  try {
    if (schedule.mode === "apply") await applyOnce(bench, schedule, signal);
    else await runAudit(bench, filtersOfSchedule(schedule), { trigger: "schedule", failOn: "warning", signal });
    return null;
  } catch (thrown) {
    const failure = knownError(thrown, bench.config.state);
    if (failure instanceof PhotodriftError) return { message: failure.message, hint: failure.hint };
    if (isAbort(failure)) return null;
    throw failure;
  }
}

async function applyOnce(bench: Workbench, schedule: Schedule, signal: AbortSignal): Promise<void> {
  const ports = openApplyPorts(bench);
  await beforeWrites(bench, ports);
  const how = { trigger: "schedule", failOn: "warning", signal, maxChanges: null, planned: () => undefined } as const;
  await applyNow(bench, ports, filtersOfSchedule(schedule), how);
  await keepHistory(bench);
}

function filtersOfSchedule(schedule: Schedule) {
  const { users, groups, rules, stores, full } = schedule;
  return { users, groups, rules, stores, full };
}

/** Writes the report files of a schedule; gives the path of the HTML report, null where it has none. */
async function writeReports(bench: Workbench, schedule: Schedule, runId: string): Promise<string | null> {
  const outputs = schedule.formats.map((format) => ({
    format,
    file: join(bench.config.reports, reportFileName(format, schedule.name, runId)),
  }));
  await printReports(bench, runId, { terminal: NULL_TERMINAL, outputs: [] }, outputs);
  return htmlFileOf(outputs);
}
