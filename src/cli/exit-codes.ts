import { EXIT } from "../model/exit-codes.js";
import { PhotodriftError, type ErrorClass } from "../model/errors.js";

const BY_CLASS: Readonly<Record<ErrorClass, number>> = {
  failed: EXIT.failed,
  refused: EXIT.refused,
  incomplete: EXIT.incomplete,
  usage: EXIT.usage,
};

/** The one map from errors to exit codes. */
export function exitCodeOfError(error: unknown): number {
  if (isAbort(error)) return EXIT.interrupted;
  return error instanceof PhotodriftError ? BY_CLASS[error.errorClass] : EXIT.failed;
}

export function isAbort(error: unknown): boolean {
  if (error instanceof PhotodriftError) return error.code === "interrupted";
  return error instanceof Error && error.name === "AbortError";
}
