import type { ReportFormat } from "../../model/formats.js";
import { renderTable, requireReportFile, textTable, writeReport, type ResultTable } from "../../report/index.js";
import type { Invocation } from "../line/globals.js";
import type { Output } from "./outputs.js";

/** Where a rendered result goes: colours and width belong to the terminal only. */
export interface ResultPlace {
  readonly color: boolean;
  readonly width: number;
  /** Files written before, named at the end of a text result. */
  readonly files: readonly string[];
}

/** A command's result in one format. */
export type RenderResult = (format: ReportFormat, place: ResultPlace) => Iterable<string> | AsyncIterable<string>;

const IN_FILES: ResultPlace = { color: false, width: 120, files: [] };

/**
 * Writes a command's result as it was asked for: files first, then one format to standard output (text where none was named). Nothing else
 * of a command goes to standard output. A file that cannot be written keeps the others, and standard output, from nothing.
 * Throws PhotodriftError `report-not-written` when all else is written.
 */
export async function writeResult(
  { terminal, outputs }: Pick<Invocation, "terminal" | "outputs">,
  render: RenderResult,
  extraFiles: readonly Output[] = [],
): Promise<void> {
  const files: string[] = [];
  const toFiles = [...extraFiles, ...outputs].map(({ format, file }) => async () => {
    if (file === null) return;
    await writeReport(streamed(render(format, IN_FILES)), file);
    files.push(file);
  });
  await everyStep(...toFiles, async () => {
    const toOut = outputs.find(({ file }) => file === null)?.format ?? "text";
    const place = { color: terminal.color, width: terminal.width, files };
    for await (const chunk of render(toOut, place)) if (!(await terminal.out(chunk))) return;
  });
}

/** Takes each step in its turn, also those behind one that failed, and throws what was thrown first. */
export async function everyStep(...steps: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => void failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/** Proves before the work that the files which were asked for can be written. Throws PhotodriftError `report-not-written`. */
export async function requireOutputs(outputs: readonly Output[]): Promise<void> {
  for (const { file } of outputs) if (file !== null) await requireReportFile(file);
}

/** A result that is a list. */
export interface ListResult extends ResultTable {
  /** The JSON document. */
  readonly json: object;
  /** Text for people; the table where left out. */
  readonly text?: string;
  /** What is said below the table, for people. */
  readonly footer?: string;
}

/** Writes rows in the formats that were asked for. */
export async function writeList(
  invocation: Pick<Invocation, "terminal" | "outputs">,
  result: ListResult,
): Promise<void> {
  await writeResult(invocation, (format) => listAs(format, result));
}

function listAs(format: ReportFormat, result: ListResult): Iterable<string> {
  if (format === "json") return [jsonText(result.json)];
  if (format !== "text") return renderTable(result, format);
  return [result.text ?? textTable(result.columns, [...result.rows]), result.footer ?? ""];
}

/** A JSON document for people and programs, ending in a newline. */
export function jsonText(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

async function* streamed(parts: Iterable<string> | AsyncIterable<string>): AsyncIterable<string> {
  yield* parts;
}
