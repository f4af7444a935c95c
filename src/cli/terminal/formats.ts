import { PhotodriftError } from "../../model/errors.js";
import { REPORT_FORMATS, type ReportFormat } from "../../model/formats.js";
import type { Output } from "./outputs.js";

/** Throws PhotodriftError (usage) where a format was asked for that the command cannot give, naming those it can. */
export function requireFormats(
  { outputs }: { readonly outputs: readonly Output[] },
  what: string,
  formats: readonly ReportFormat[],
): void {
  const filesToo = formats !== TEXT_ONLY;
  const wrong = outputs.find(({ format, file }) => !formats.includes(format) || (file !== null && !filesToo));
  if (wrong === undefined) return;
  const given = formats.includes(wrong.format) ? "a file" : `the format ${wrong.format}`;
  const known = filesToo ? `It gives ${formats.join(", ")}.` : "It gives text on standard output.";
  throw new PhotodriftError("usage", `${what} cannot give ${given}.`, known, "usage");
}

export const ALL_FORMATS: readonly ReportFormat[] = REPORT_FORMATS;
export const TEXT_ONLY: readonly ReportFormat[] = ["text"];
