import { join } from "node:path";
import { loadConfig } from "../../config/index.js";
import type { Config } from "../../model/config.js";
import type { Failure } from "../../model/describe-error.js";
import { PhotodriftError } from "../../model/errors.js";
import type { Schedule } from "../../model/schedule.js";
import type { Execute, RunResult } from "../../schedule/index.js";
import { announce } from "../sessions/announce.js";
import { applyNow } from "../sessions/apply-now.js";
import { beforeWrites } from "../sessions/apply.js";
import { keepHistory } from "../sessions/keeping.js";
import { runAudit } from "../sessions/audit.js";
import { printReports } from "../sessions/print-reports.js";
import { reportFileName } from "../sessions/report-files.js";
import type { Workbench } from "../compose.js";
import { isAbort } from "../exit-codes.js";
import { failureOf, runBegun, unrecordedRun } from "../sessions/telling.js";
import { withWorkbenchOf, type Surroundings } from "../sessions/workbench.js";
import { openApplyPorts } from "../compose-writers.js";
import type { Invocation } from "../line/globals.js";
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

/** The run is told of however it ended, also where nothing of it came into the records, or its reports cannot be written. */
async function runOne(bench: Workbench, schedule: Schedule, around: RunSurroundings): Promise<RunResult> {
  const { signal, isTold } = around;
  const thrown = await failing(() => carryOut(bench, schedule, signal));
  const error = failureOf(thrown, bench.config.state);
  const told = { entries: schedule.notify ?? bench.config.notify, schedule: schedule.name, plan: null, signal };
  const run = runBegun(bench);
  if (run === null) {
    const unrecorded = unrecordedRun(bench, { mode: schedule.mode, trigger: "schedule" }, thrown);
    if (isTold === undefined) await announce(bench, unrecorded, { ...told, error, report: null });
    throw noRun(error);
  }
  const made: { report: string | null } = { report: null };
  const unwritten = await failing(async () => {
    made.report = await writeReports(bench, schedule, run.head.id);
  });
  const failure = error ?? failureOf(unwritten, bench.config.state);
  const result = { ...run, failure };
  if (isTold?.(result) ?? true) await announce(bench, run, { ...told, ...made, error: failure });
  // Told to stop while they were written: this due time is not done.
  if (isAbort(unwritten)) throw unwritten;
  return result;
}

function noRun(error: Failure | null): PhotodriftError {
  const message = error?.message ?? "The run left no record.";
  return new PhotodriftError("no-run", message, error?.hint ?? "Run photodrift doctor.");
}

/** What the work throws; null where it came to its end. */
async function failing(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
    return null;
  } catch (thrown) {
    return thrown;
  }
}

async function carryOut(bench: Workbench, schedule: Schedule, signal: AbortSignal): Promise<void> {
  if (schedule.mode === "apply") await applyOnce(bench, schedule, signal);
  else await runAudit(bench, filtersOfSchedule(schedule), { trigger: "schedule", failOn: "warning", signal });
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
  return printReports(bench, runId, { terminal: NULL_TERMINAL, outputs: [] }, outputs);
}
