import { join, resolve } from "node:path";
import { audit, exitCodeOf } from "../../run/audit.js";
import type { AuditListener, AuditResult, RunIdentity } from "../../run/audited.js";
import type { Severity } from "../../model/rule.js";
import type { RunTrigger } from "../../model/run.js";
import type { Workbench } from "../compose.js";
import { openLookPorts } from "../compose-look.js";
import { keepHistory } from "./keeping.js";
import { settleInterrupted } from "./recovery.js";
import { auditSettings, newRun, type Filters } from "../compose.js";
import { endFailed } from "./end-run.js";
import { reportFileName } from "./report-files.js";
import { reportSourceOf } from "./report-source.js";
import type { RecordedRun } from "../../run/records/runs.js";
import { MANAGER_FORMATS, renderManagerReport, renderReport } from "../../report/index.js";
import type { Output } from "../terminal/outputs.js";
import type { Invocation } from "../line/globals.js";
import { writeResult } from "../terminal/results.js";

export interface AuditSession {
  readonly run: RunIdentity;
  readonly result: AuditResult;
  readonly exitCode: number;
}

export interface AuditHow {
  readonly trigger: RunTrigger;
  readonly failOn: Severity;
  readonly signal: AbortSignal | null;
  readonly mode?: "audit" | "apply";
}

/** One audit from begin to record. A run that fails or is interrupted is recorded as such, then the error goes on. */
export function runAudit(bench: Workbench, filters: Filters, how: AuditHow): Promise<AuditSession> {
  return runHeardAudit(bench, filters, how, () => null);
}

/** The same, with a listener that is made for the run and given back with its result. */
export async function runHeardAudit<Listener extends AuditListener | null>(
  bench: Workbench,
  filters: Filters,
  how: AuditHow,
  listenerOf: (run: RunIdentity) => Listener,
): Promise<AuditSession & { readonly listener: Listener }> {
  const { records } = bench.state;
  const mode = how.mode ?? "audit";
  const settings = auditSettings(bench.config, filters, { mode, trigger: how.trigger, signal: how.signal });
  // Apply has done so already, before it looked at the lists.
  if (mode === "audit") await settleInterrupted(bench, openLookPorts(bench));
  const run = newRun(bench.ports.clock.now());
  records.beginRun({ ...run, mode, trigger: how.trigger, tenant: settings.tenant });
  const listener = listenerOf(run);
  try {
    const result = await bench.state.observing(() => audit(bench.ports, settings, run, listener));
    const exitCode = exitCodeOf(result, how.failOn);
    if (mode === "audit") {
      if (exitCode !== result.head.exitCode) {
        records.finishRun({ ...result.head, exitCode }, result.summary, bench.ports.meter.cost());
      }
      await keepHistory(bench);
    }
    return { run, result, exitCode, listener };
  } catch (error) {
    endFailed(bench, { ...run, mode, trigger: how.trigger }, error);
    throw error;
  }
}

/**
 * Writes the reports that were asked for: files first, then one to standard output. Without any --format the text report goes to
 * standard output.
 * @param ownFiles files that the program named itself: they go with the run when it is no longer kept
 * @param plan absolute path of the plan that was saved with the run
 */
export async function printReports(
  bench: Pick<Workbench, "state" | "images" | "config">,
  runId: string,
  invocation: Pick<Invocation, "terminal" | "outputs">,
  ownFiles: readonly Output[] = [],
  plan: string | null = null,
): Promise<void> {
  const { records } = bench.state;
  const run = records.run(runId);
  if (run === null) return;
  for (const { file } of ownFiles) if (file !== null) records.saveReportFile(runId, resolve(file));
  const report = htmlFileOf([...ownFiles, ...invocation.outputs]);
  const source = reportSourceOf(records, bench.images, bench.config, run, { plan, report });
  await writeResult(
    invocation,
    (format, place) => renderReport(source, format, { ...place, pictures: true }),
    ownFiles,
  );
}

/** Writes the page for managers in the formats that were asked for, which must be MANAGER_FORMATS. */
export async function printManagerPage(
  bench: Pick<Workbench, "state" | "images" | "config">,
  run: RecordedRun,
  invocation: Pick<Invocation, "terminal" | "outputs">,
): Promise<void> {
  const source = reportSourceOf(bench.state.records, bench.images, bench.config, run, { plan: null, report: null });
  await writeResult(invocation, (format, { width }) => {
    const known = MANAGER_FORMATS.find((one) => one === format) ?? "text";
    return renderManagerReport(source, known, width);
  });
}

/** The HTML report among files to write, as an absolute path. */
export function htmlFileOf(outputs: readonly Output[]): string | null {
  const file = outputs.find(({ format, file: named }) => format === "html" && named !== null)?.file ?? null;
  return file === null ? null : resolve(file);
}

/** The standard files of a run under the reports folder. */
export function standardFiles(folder: string, runId: string): readonly Output[] {
  return (["html", "json", "csv"] as const).map((format) => ({
    format,
    file: join(folder, reportFileName(format, runId)),
  }));
}
