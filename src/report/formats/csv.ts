import type { Finding } from "../../model/finding.js";
import type { SkippedFile } from "../../model/master.js";
import type { ReportSource } from "../../model/report.js";
import { stringify } from "csv-stringify/sync";
import type { Format, ResultTable } from "../format.js";

export const format: Format = { run: asRun, table: asTable };

const COLUMNS: readonly (readonly [name: string, cell: (finding: Finding) => string])[] = [
  ["rule", (f) => f.rule],
  ["severity", (f) => f.severity],
  ["drift", (f) => String(f.drift)],
  ["upn", (f) => f.user?.upn ?? ""],
  ["displayName", (f) => f.user?.displayName ?? ""],
  ["userId", (f) => f.user?.id ?? ""],
  ["address", (f) => f.address],
  ["attribution", (f) => f.attribution ?? ""],
  ["cause", (f) => f.cause],
  ["remedy", (f) => f.remedy.kind],
  ["actions", (f) => f.remedy.actions.join(" ")],
  ["summary", (f) => f.summary],
  ["expected", (f) => JSON.stringify(f.expected)],
  ["actual", (f) => JSON.stringify(f.actual)],
  ["firstSeen", (f) => f.firstSeen],
  ["id", (f) => f.id],
];

/** A file that was left out is no finding: it breaks no rule, and its row names none. */
function leftOutCell({ file, reason }: SkippedFile, column: string): string {
  const known: { readonly [column: string]: string } = {
    severity: "info",
    drift: "false",
    address: `source/${file}`,
    summary: `left out: ${reason}`,
  };
  return known[column] ?? "";
}

/** One row a finding, then one a file that was left out, after RFC 4180: header, CRLF, quotes doubled; UTF-8 without byte order mark. */
function* asRun(source: ReportSource): Iterable<string> {
  yield csvRow(COLUMNS.map(([name]) => name));
  for (const finding of source.findings()) yield csvRow(COLUMNS.map(([, cell]) => cell(finding)));
  for (const left of source.summary.leftOut ?? []) yield csvRow(COLUMNS.map(([name]) => leftOutCell(left, name)));
}

/** One row a line after RFC 4180, made harmless for spreadsheets: header, CRLF. */
function* asTable({ columns, rows }: ResultTable): Iterable<string> {
  yield csvRow(columns);
  for (const cells of rows) yield csvRow(cells);
}

/** One line after RFC 4180, ending in CRLF; cells that a spreadsheet would take for a formula are made text. */
function csvRow(cells: readonly string[]): string {
  return stringify([cells.map(defuse)], { record_delimiter: "\r\n", quoted_match: /^\s|[\r\n]|\s$/ });
}

/**
 * Spreadsheets take a cell that begins with = + - @ (also in fullwidth form, also behind white space) or with a control character for a
 * formula; a leading apostrophe makes it text. https://owasp.org/www-community/attacks/CSV_Injection
 */
export function defuse(cell: string): string {
  // eslint-disable-next-line no-control-regex
  return /^(?:[\u0000-\u001f\u007f-\u009f]|[\s\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\u2212\ufe62\ufe63\ufe66\ufe6b])/u.test(
    cell,
  )
    ? `'${cell}`
    : cell;
}
