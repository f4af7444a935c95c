import { plain } from "../../model/text.js";
import type { ReportSource } from "../../model/report.js";
import type { Format, ReportOptions, ResultTable } from "../format.js";
import { escapeHtml } from "../html/escape.js";

export const format: Format = { run: asRun, table: asTable };

/** The page with its style and script is loaded when one is written. */
async function* asRun(
  source: ReportSource,
  { pictures, limit }: Pick<ReportOptions, "pictures" | "limit">,
): AsyncIterable<string> {
  const { renderHtml } = await import("../html/index.js");
  yield* renderHtml(source, pictures ? (limit ?? 1000) : 0);
}

const STYLE =
  "body{font:14px/1.5 system-ui,sans-serif;margin:2rem;color-scheme:light dark}table{border-collapse:collapse}" +
  "th,td{text-align:left;vertical-align:top;padding:.3rem .8rem;border-bottom:1px solid #8884}";

/** One page that needs nothing else and loads nothing. */
function* asTable({ title, columns, rows }: ResultTable): Iterable<string> {
  const shown = (text: string): string => escapeHtml(plain(text));
  yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n';
  yield `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">\n`;
  yield `<title>photodrift · ${shown(title)}</title>\n<style>${STYLE}</style>\n</head>\n<body>\n<h1>${shown(title)}</h1>\n`;
  yield `<table>\n<thead>\n<tr>${columns.map((name) => `<th scope="col">${shown(name)}</th>`).join("")}</tr>\n</thead>\n<tbody>\n`;
  for (const cells of rows) yield `<tr>${cells.map((cell) => `<td>${shown(cell)}</td>`).join("")}</tr>\n`;
  yield "</tbody>\n</table>\n</body>\n</html>\n";
}
