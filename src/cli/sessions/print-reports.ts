import { join, resolve } from "node:path";
import type { Config } from "../../model/config.js";
import { PhotodriftError } from "../../model/errors.js";
import { commandLine } from "../../model/shell.js";
import { MANAGER_FORMATS, renderManagerReport, renderReport } from "../../report/index.js";
import type { RecordedRun } from "../../run/records/runs.js";
import type { State } from "../../state/index.js";
import type { Invocation } from "../line/globals.js";
import type { Output } from "../terminal/outputs.js";
import { writeResult, type RenderResult } from "../terminal/results.js";
import { reportFileName } from "./report-files.js";
import { reportSourceOf, type ReportImages } from "./report-source.js";

/** What reports are made of; a workbench is more than enough. */
interface PrintedBench {
  readonly state: Pick<State, "records">;
  readonly images: ReportImages;
  readonly config: Config;
}

/**
 * Writes the reports that were asked for: files first, then one to standard output. Without any --format the text report goes to
 * standard output.
 * @param ownFiles files that the program named itself: they go with the run when it is no longer kept
 * @param plan absolute path of the plan that was saved with the run
 * @returns absolute path of the HTML report, null where none was asked for
 */
export async function printReports(
  bench: PrintedBench,
  runId: string,
  invocation: Pick<Invocation, "terminal" | "outputs" | "tenant">,
  ownFiles: readonly Output[] = [],
  plan: string | null = null,
): Promise<string | null> {
  const { records } = bench.state;
  const run = records.run(runId);
  if (run === null) return null;
  for (const { file } of ownFiles) if (file !== null) records.saveReportFile(runId, resolve(file));
  const report = htmlFileOf([...ownFiles, ...invocation.outputs]);
  const source = reportSourceOf(records, bench.images, bench.config, run, { plan, report });
  try {
    const render: RenderResult = (format, place) => renderReport(source, format, { ...place, pictures: true });
    await writeResult(invocation, render, ownFiles);
  } catch (error) {
    throw unwritten(error, againCommand(bench.config, runId, invocation));
  }
  return report;
}

/** The run stands in the records, whatever became of its files. */
function unwritten(error: unknown, again: string | null): unknown {
  if (!(error instanceof PhotodriftError) || error.code !== "report-not-written" || again === null) return error;
  const hint = `${error.hint} The run is recorded: \`${again}\` renders it again.`;
  return new PhotodriftError("report-not-written", error.message, hint, error.errorClass, error);
}

function againCommand({ file, tenant }: Config, runId: string, invocation: Pick<Invocation, "tenant">): string | null {
  return invocation.tenant === undefined
    ? commandLine("report", runId, "--config", file)
    : commandLine("fleet", "report", tenant.id, runId);
}

/** Writes the page for managers in the formats that were asked for, which must be MANAGER_FORMATS. */
export async function printManagerPage(
  bench: PrintedBench,
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
function htmlFileOf(outputs: readonly Output[]): string | null {
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
