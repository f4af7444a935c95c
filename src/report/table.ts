import { csvRow } from "./csv.js";
import { escapeHtml } from "./html/escape.js";
import { code, safe } from "./markdown.js";
import { plain } from "../model/text.js";

/** What a command found, as rows: runs, masters, schedules, checks. Cells may hold foreign text. */
export interface ResultTable {
  /** What the rows are, for headings: `Runs`. */
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: Iterable<readonly string[]>;
}

/** One row a line after RFC 4180, made harmless for spreadsheets: header, CRLF. */
export function* tableAsCsv({ columns, rows }: ResultTable): Iterable<string> {
  yield csvRow(columns);
  for (const cells of rows) yield csvRow(cells);
}

/** A GitHub-flavoured table under a heading; the first column is a code span, so that ids and names can be copied. */
export function* tableAsMarkdown({ title, columns, rows }: ResultTable): Iterable<string> {
  yield `## ${safe(title)}\n\n`;
  yield `| ${columns.map(safe).join(" | ")} |\n|${columns.map(() => "---").join("|")}|\n`;
  for (const [first = "", ...rest] of rows) yield `| ${[code(first), ...rest.map(safe)].join(" | ")} |\n`;
}

const STYLE =
  "body{font:14px/1.5 system-ui,sans-serif;margin:2rem;color-scheme:light dark}table{border-collapse:collapse}" +
  "th,td{text-align:left;vertical-align:top;padding:.3rem .8rem;border-bottom:1px solid #8884}";

/** One page that needs nothing else and loads nothing. */
export function* tableAsHtml({ title, columns, rows }: ResultTable): Iterable<string> {
  const shown = (text: string): string => escapeHtml(plain(text));
  yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n';
  yield `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">\n`;
  yield `<title>photodrift · ${shown(title)}</title>\n<style>${STYLE}</style>\n</head>\n<body>\n<h1>${shown(title)}</h1>\n`;
  yield `<table>\n<thead>\n<tr>${columns.map((name) => `<th scope="col">${shown(name)}</th>`).join("")}</tr>\n</thead>\n<tbody>\n`;
  for (const cells of rows) yield `<tr>${cells.map((cell) => `<td>${shown(cell)}</td>`).join("")}</tr>\n`;
  yield "</tbody>\n</table>\n</body>\n</html>\n";
}
