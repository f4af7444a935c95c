import { readFileSync } from "node:fs";
import { ConfigError, invalidFile } from "./problems.js";

const MAXIMUM_BYTES = 1_048_576;

/**
 * The text of a configuration file: UTF-8, or UTF-16 with byte order mark (what `>` writes in Windows PowerShell 5).
 * @param cure what to do when the file is not there
 * @throws ConfigError `config-missing` or `config-invalid`
 */
export function readTextFile(file: string, cure: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR")
      throw new ConfigError("config-missing", `There is no file ${file}.`, cure);
    const why =
      code === "EISDIR" ? "it is a folder" : code === "EACCES" ? "permission denied" : (code ?? "unknown error");
    throw new ConfigError(
      "config-missing",
      `${file} cannot be read: ${why}.`,
      "Name a file that this account may read.",
    );
  }
  function refuse(message: string): ConfigError {
    return invalidFile(file, [{ file, line: 1, column: 1, key: "", message }]);
  }
  if (bytes.length > MAXIMUM_BYTES) throw refuse("the file is larger than 1 MB, expected a configuration of a few kB");
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw refuse("the file is not UTF-8 text, expected it to be saved as UTF-8");
  }
}
