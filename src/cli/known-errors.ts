import { PhotodriftError } from "../model/errors.js";
import { codeOfError, fileOfError, systemError } from "../model/system-errors.js";

/**
 * The error as people read it: one of the operating system or of SQLite becomes a PhotodriftError that names the file and the cure, every
 * other stays as it is.
 * @param stateFile path of the state file, for SQLite's errors, which name none; "" when it is not known
 */
export function knownError(error: unknown, stateFile = ""): unknown {
  if (error instanceof PhotodriftError) return error;
  const known = systemError(error);
  if (known === null) return error;
  const code = codeOfError(error) || known.code;
  const file = fileOfError(error) || (code.startsWith("SQLITE_") ? stateFile : "");
  const message = `${file === "" ? "" : `${file}: `}${known.what} (${code}).`;
  return new PhotodriftError(known.code, message, known.cure, known.errorClass, error);
}
