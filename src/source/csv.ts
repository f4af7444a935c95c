import { readFile, stat } from "node:fs/promises";
import { CsvError, parse } from "csv-parse/sync";
import { PhotodriftError } from "../model/errors.js";
import { systemReason } from "../model/system-errors.js";
import { withoutUnseen } from "../model/text.js";
import { decodeText } from "./decode-text.js";
import { errnoOf } from "./errors.js";

export interface CsvRow<Column extends string> {
  /** Line in the file where the row begins, from 1. */
  readonly line: number;
  /** Cells, trimmed; "" where the row is short. */
  readonly cells: Readonly<Record<Column, string>>;
  /** Cells that belong to no column, empty ones left out; not there where the row has none. */
  readonly beyond?: readonly string[];
}

/** Far beyond 200,000 rows; a larger file is not a list. */
const MAX_BYTES = 64 * 1024 * 1024;
const DELIMITERS = [",", ";", "\t"] as const;

/**
 * Reads a list: RFC 4180 with comma, semicolon or tab (found in the header), quoted cells, any line ends, also where they
 * differ within the file, UTF-8, UTF-16 or Windows-1252, `sep=` line of Excel. The header names the columns in any case and order; others are
 * ignored. Empty lines are skipped. Line ends within a cell are given as "\n".
 * @param setting key of the configuration that names the file, for messages
 * @param optional columns that the file need not have; their cells are then ""
 * @throws PhotodriftError `bad-list` (usage) with file and line
 */
export async function readCsv<Column extends string, Optional extends string = never>(
  file: string,
  setting: string,
  columns: readonly Column[],
  optional: readonly Optional[] = [],
): Promise<readonly CsvRow<Column | Optional>[]> {
  const decoded = decodeText(await readBytes(file, setting));
  if ("problem" in decoded) {
    throw badList(file, setting, null, decoded.problem, 'Save it as "CSV UTF-8" (in Excel: Save as, CSV UTF-8).');
  }
  const { body, firstLine, delimiter } = dialectOf(decoded.text.replace(/\r\n?/g, "\n"));
  const rows = parseRows(file, setting, body, firstLine, delimiter).filter(({ cells }) =>
    cells.some((cell) => cell !== ""),
  );
  const [header, ...rest] = rows;
  if (header === undefined) {
    throw badList(file, setting, null, "it is empty", headerCure(columns));
  }
  const names = header.cells.map((cell) => withoutUnseen(cell).trim().toLowerCase());
  const places = [...columns, ...optional].map((column) => {
    const at = names.indexOf(column.toLowerCase());
    if (at < 0 && !optional.some((each) => each === column)) {
      const found = header.cells.map((cell) => JSON.stringify(cell.slice(0, 40))).join(", ");
      throw badList(file, setting, header.line, `there is no column "${column}"; found ${found}`, headerCure(columns));
    }
    if (names.lastIndexOf(column.toLowerCase()) !== at) {
      throw badList(file, setting, header.line, `the column "${column}" stands there twice`, headerCure(columns));
    }
    return [column, at] as const;
  });
  return rest.map(({ line, cells }) => ({
    line,
    ...beyondOf(names, cells),
    cells: Object.fromEntries(places.map(([column, at]) => [column, cells[at] ?? ""])) as Record<
      Column | Optional,
      string
    >,
  }));
}

/**
 * What stands to the right of the last column with a name, where a list that was typed without quotes puts the rest of a cell, or the next
 * person. A column without a name further left is somebody's numbering or note, but an address in it is a person.
 */
function beyondOf(names: readonly string[], cells: readonly string[]): Pick<CsvRow<never>, "beyond"> {
  const width = names.findLastIndex((name) => name !== "") + 1;
  const beyond = cells.filter(
    (cell, at) => withoutUnseen(cell).trim() !== "" && (at >= width || (names[at] === "" && cell.includes("@"))),
  );
  return beyond.length === 0 ? {} : { beyond };
}

/** An error about one line of a list. @param line from 1, null when the file as a whole is meant */
export function badList(
  file: string,
  setting: string,
  line: number | null,
  problem: string,
  hint: string,
): PhotodriftError {
  const place = line === null ? file : `${file}:${line}`;
  return new PhotodriftError("bad-list", `${place} (${setting}) cannot be used: ${problem}.`, hint, "usage");
}

async function readBytes(file: string, setting: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES) throw badList(file, setting, null, "it is larger than 64 MB", `Check ${setting}.`);
    return await readFile(file);
  } catch (error) {
    const code = errnoOf(error);
    if (code === "") throw error;
    const problem =
      code === "ENOENT"
        ? "it does not exist"
        : code === "EISDIR"
          ? "it is a folder"
          : `${systemReason(error)} (${code})`;
    throw badList(file, setting, null, problem, `Correct ${setting} or the permissions of the file.`);
  }
}

/** The delimiter that the header uses most outside quotes; Excel's `sep=` line wins. @param text every line end is "\n" */
function dialectOf(text: string): { readonly body: string; readonly firstLine: number; readonly delimiter: string } {
  const declared = /^\s*"?sep=([,;\t])"?[ \t]*\n/i.exec(text);
  if (declared !== null) return { body: text.slice(declared[0].length), firstLine: 2, delimiter: declared[1] ?? "," };
  const header = (/.*\S.*/.exec(text)?.[0] ?? "").replace(/"(?:[^"]|"")*"/g, "");
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, count: header.split(delimiter).length - 1 }));
  const most = counts.reduce((best, each) => (each.count > best.count ? each : best));
  return { body: text, firstLine: 1, delimiter: most.delimiter };
}

function parseRows(
  file: string,
  setting: string,
  body: string,
  firstLine: number,
  delimiter: string,
): readonly { readonly line: number; readonly cells: readonly string[] }[] {
  try {
    const records = parse(body, {
      delimiter,
      info: true,
      record_delimiter: "\n",
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    });
    return (records as unknown as readonly ParsedRecord[]).map(({ record, info }) => ({
      line: info.lines + firstLine - 1 - lineBreaks(record.join("")),
      cells: record,
    }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const open = error.code === "CSV_QUOTE_NOT_CLOSED";
    const line = open ? lastQuoteLine(body) : lineOf(error);
    const problem = open ? "a quoted cell is never closed" : "a quote stands in the middle of a cell";
    const cure = 'Put the whole cell in quotes and double the quotes inside ("").';
    throw badList(file, setting, line + firstLine - 1, problem, cure);
  }
}

/** What csv-parse gives with `info`: `lines` is the line where the record ends. */
interface ParsedRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function lineOf(error: CsvError): number {
  const lines: unknown = error["lines"];
  return typeof lines === "number" ? lines : 1;
}

/** The parser names the end of the file; people look for the quote that opened the cell. */
function lastQuoteLine(text: string): number {
  return 1 + lineBreaks(text.slice(0, text.lastIndexOf('"')));
}

function lineBreaks(text: string): number {
  return text.split("\n").length - 1;
}

function wanted(columns: readonly string[]): string {
  const names = columns.map((column) => `"${column}"`).join(" and ");
  return `${columns.length === 1 ? "column" : "columns"} ${names}`;
}

function headerCure(columns: readonly string[]): string {
  return `The first line must name the ${wanted(columns)}.`;
}
