import { extname } from "node:path";
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
 */
export function outputsOf(argv: readonly string[]): readonly Output[] {
  const outputs: Output[] = [];
  let pending: ReportFormat | null = null;
  for (const { name, value } of flags(argv)) {
    if (name === "format") {
      if (pending !== null) outputs.push({ format: pending, file: null });
      pending = parseFormat(value);
    } else {
      outputs.push({ format: pending ?? formatOfFile(value), file: value });
      pending = null;
    }
  }
  if (pending !== null) outputs.push({ format: pending, file: null });
  if (outputs.filter(({ file }) => file === null).length > 1) {
    throw usage("Two formats cannot both go to standard output.", "Give each --format an --output FILE but one.");
  }
  return outputs;
}

function* flags(argv: readonly string[]): Generator<{ name: "format" | "output"; value: string }> {
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? "";
    if (word === "--") return;
    const match = /^(?:--(format|output)(?:=(.*))?|-([fo])(?:=(.*))?)$/s.exec(word);
    if (match === null) continue;
    const name = match[1] === "format" || match[3] === "f" ? "format" : "output";
    const value = match[2] ?? match[4] ?? argv[++i];
    if (value === undefined || value === "")
      throw usage(`--${name} needs a value.`, `Formats are ${REPORT_FORMATS.join(", ")}.`);
    yield { name, value };
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
