import type { ReportFormat } from "../model/formats.js";
import type { ReportSource } from "../model/report.js";
import { renderCsv } from "./csv.js";
import { renderHtml } from "./html/index.js";
import { renderJson } from "./json.js";
import { renderMarkdown } from "./markdown.js";
import { renderText } from "./text.js";

export { grouped, placeWithoutUser, worst, type Group } from "./digest.js";
export { placeOf } from "./wording.js";
export { MANAGER_FORMATS, renderManagerReport, type ManagerFormat } from "./manager/index.js";
export { reportSchema } from "./schema.js";
export { tableAsCsv, tableAsHtml, tableAsMarkdown, type ResultTable } from "./table.js";
export { writeReport } from "./write.js";

export interface ReportOptions {
  /** Terminal colours (text only). */
  readonly color: boolean;
  /** Columns of the terminal (text only), 80 to 160 are used. */
  readonly width: number;
  /** Whether the HTML report holds pictures. */
  readonly pictures: boolean;
  /** Users listed in text (default 25) and Markdown (default 100); drifted users with pictures in HTML (default 1,000). */
  readonly limit?: number;
  /** Report files written beside this one, named at the end of the text report. */
  readonly files?: readonly string[];
}

/** Chunks handed out are about this long (UTF-16 units): few writes, little memory. */
const CHUNK = 64 * 1024;

/** A run as a report. Findings are read from the source as they are written; memory does not grow with the tenant. */
export async function* renderReport(
  source: ReportSource,
  format: ReportFormat,
  options: ReportOptions,
): AsyncIterable<string> {
  let chunk = "";
  for await (const part of parts(source, format, options)) {
    chunk += part;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}

function parts(
  source: ReportSource,
  format: ReportFormat,
  { color, width, pictures, limit, files }: ReportOptions,
): Iterable<string> | AsyncIterable<string> {
  switch (format) {
    case "text":
      return renderText(source, { color, width, limit: limit ?? 25, files: files ?? [] });
    case "json":
      return renderJson(source);
    case "csv":
      return renderCsv(source);
    case "md":
      return renderMarkdown(source, limit ?? 100);
    case "html":
      return renderHtml(source, pictures ? (limit ?? 1000) : 0);
  }
}
