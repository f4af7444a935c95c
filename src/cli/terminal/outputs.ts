import { extname, resolve } from "node:path";
import { PhotodriftError } from "../../model/errors.js";
import { extensionOf, REPORT_FORMATS, type ReportFormat } from "../../model/formats.js";

export interface Output {
  readonly format: ReportFormat;
  /** null: standard output. */
  readonly file: string | null;
}

/**
 * Pairs of --format and --output in the order they were typed: an --output belongs to the --format before it; one without takes its format
 * from the file name; a --format without goes to standard output. Throws PhotodriftError (usage).
 * @param flags with their values, in the order they were typed; others than these two are passed over
 */
export function outputsOf(flags: readonly { readonly name: string; readonly value: string }[]): readonly Output[] {
  const outputs: Output[] = [];
  let pending: ReportFormat | null = null;
  for (const { name, value } of flags) {
    if (name === "format") {
      if (pending !== null) outputs.push({ format: pending, file: null });
      pending = parseFormat(value);
    } else if (name === "output") {
      outputs.push({ format: pending ?? formatOfFile(value), file: value });
      pending = null;
    }
  }
  if (pending !== null) outputs.push({ format: pending, file: null });
  if (outputs.filter(({ file }) => file === null).length > 1) {
    throw usage("Two formats cannot both go to standard output.", "Give each --format an --output FILE but one.");
  }
  requireOwnFiles(outputs, []);
  return outputs;
}

/** A file that a flag names beside --output: one that is read, or that something else is written into. */
export interface NamedFile {
  readonly flag: string;
  readonly file: string;
}

/** Throws PhotodriftError (usage) where a result would be written over another, or over the file of another flag. */
export function requireOwnFiles(outputs: readonly Output[], others: readonly NamedFile[]): void {
  const taken = new Map(others.map(({ flag, file }) => [resolve(file), flag]));
  for (const { file } of outputs) {
    if (file === null) continue;
    const flag = taken.get(resolve(file));
    if (flag === "--output")
      throw usage(`Two results cannot both go into ${file}.`, "Give each --output a file of its own.");
    if (flag !== undefined) throw usage(`${file} is the file of ${flag} as well.`, "Give --output a file of its own.");
    taken.set(resolve(file), "--output");
  }
}

function parseFormat(text: string): ReportFormat {
  const found = REPORT_FORMATS.find((format) => format === text.toLowerCase());
  if (found !== undefined) return found;
  throw usage(`There is no format "${text}".`, `Formats are ${REPORT_FORMATS.join(", ")}.`);
}

function formatOfFile(file: string): ReportFormat {
  const ending = extname(file).toLowerCase();
  const found = REPORT_FORMATS.find((format) => [`.${format}`, `.${extensionOf(format)}`].includes(ending));
  if (found !== undefined) return found;
  if (ending === ".htm") return "html";
  throw usage(
    `The format of ${file} is not clear.`,
    `Put --format before --output; formats are ${REPORT_FORMATS.join(", ")}.`,
  );
}

function usage(message: string, hint: string): PhotodriftError {
  return new PhotodriftError("usage", message, hint, "usage");
}
