import type { ReportSource } from "../model/report.js";

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

/** What a command found, as rows: runs, masters, schedules, checks. Cells may hold foreign text. */
export interface ResultTable {
  /** What the rows are, for headings: `Runs`. */
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: Iterable<readonly string[]>;
}

/** One format: the file of its name in `formats/` exports it as `format`; `REPORT_FORMATS` (model) has the line that names it. */
export interface Format {
  /** A run. Findings are read as they are written; memory must not grow with the tenant. */
  readonly run: (source: ReportSource, options: ReportOptions) => Iterable<string> | AsyncIterable<string>;
  /** A list that a command found. */
  readonly table: (table: ResultTable) => Iterable<string>;
}
