import { inPieces } from "../model/chunks.js";
import type { ReportFormat } from "../model/formats.js";
import type { ReportSource } from "../model/report.js";
import type { ReportOptions, ResultTable } from "./format.js";
import { countedOf } from "./counted.js";
import { FORMATS } from "./formats/table.js";

export { grouped, placeWithoutUser, worst, type Group } from "./digest.js";
export { placeOf } from "./wording.js";
export { MANAGER_FORMATS, renderManagerReport, type ManagerFormat } from "./manager/index.js";
export { renderFleetReport } from "./fleet/index.js";
export { actionLine, actionSentence, planDiff, planSentence } from "./plan.js";
export { reportSchema } from "./schema.js";
export type { ReportOptions, ResultTable } from "./format.js";
export { textTable } from "./text-table.js";
export { requireReportFile, writeReport } from "./write.js";

/**
 * A run as a report. Findings are read from the source as they are written; memory does not grow with the tenant. What one format reads of a
 * source to its end is counted for the next ones.
 */
export function renderReport(
  source: ReportSource,
  format: ReportFormat,
  options: ReportOptions,
): AsyncIterable<string> {
  return inPieces(FORMATS[format].run(countedOf(source).source, options));
}

/** A list of a command in one of the formats. */
export function renderTable(table: ResultTable, format: ReportFormat): Iterable<string> {
  return FORMATS[format].table(table);
}
