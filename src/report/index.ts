import type { ReportFormat } from "../model/formats.js";
import type { ReportSource } from "../model/report.js";
import type { ReportOptions, ResultTable } from "./format.js";
import { FORMATS } from "./formats/table.js";

export { grouped, placeWithoutUser, worst, type Group } from "./digest.js";
export { placeOf } from "./wording.js";
export { MANAGER_FORMATS, renderManagerReport, type ManagerFormat } from "./manager/index.js";
export { reportSchema } from "./schema.js";
export type { ReportOptions, ResultTable } from "./format.js";
export { textTable } from "./text-table.js";
export { writeReport } from "./write.js";

/** Chunks handed out are about this long (UTF-16 units): few writes, little memory. */
const CHUNK = 64 * 1024;

/** A run as a report. Findings are read from the source as they are written; memory does not grow with the tenant. */
export async function* renderReport(
  source: ReportSource,
  format: ReportFormat,
  options: ReportOptions,
): AsyncIterable<string> {
  let chunk = "";
  for await (const part of FORMATS[format].run(source, options)) {
    chunk += part;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}

/** A list of a command in one of the formats. */
export function renderTable(table: ResultTable, format: ReportFormat): Iterable<string> {
  return FORMATS[format].table(table);
}
