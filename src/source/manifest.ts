import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse";
import { pipeline } from "node:stream";
import { stringify } from "csv-stringify/sync";
import { pathKey } from "../model/path-key.js";
import { errnoOf } from "./errors.js";

/** The list of what was moved into an archive; one row a master. */
export const MANIFEST = "manifest.csv";
const COLUMNS = ["archivedAt", "user", "file", "archivedAs", "sha256", "bytes"] as const;

export type ManifestRow = Readonly<Record<(typeof COLUMNS)[number], string>>;

/**
 * Appends one row and returns when it is on the disk. Writes the header into a new file, and ends a row that a power cut left half written.
 * Cells that a spreadsheet would take for a formula are defused.
 */
export async function appendManifest(archive: string, row: ManifestRow): Promise<void> {
  const file = await open(join(archive, MANIFEST), "a+", 0o600);
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await file.read(last, 0, 1, size - 1);
    const torn = size > 0 && last.toString() !== "\n";
    const lines = [...(size === 0 ? [COLUMNS] : []), COLUMNS.map((column) => row[column])];
    await file.appendFile(
      (torn ? "\r\n" : "") + stringify(lines, { record_delimiter: "windows", escape_formulas: true }),
    );
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Whose masters were moved into the archive, of these files: UPNs by path in lower case. What a power cut tore, and what somebody else wrote
 * into the list, is passed over: it tells of no master.
 * @param keys `pathKey` of each file in lower case; only these are kept
 */
export async function archivedUsers(
  archive: string,
  keys: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  const rows = parse({ columns: true, relax_column_count: true, skip_records_with_error: true });
  // The error of either ends the loop below.
  pipeline(createReadStream(join(archive, MANIFEST)), rows, () => undefined);
  try {
    for await (const { user, file } of rows as AsyncIterable<Partial<ManifestRow>>) {
      const key = pathKey(asWritten(file ?? "")).toLowerCase();
      if (user !== undefined && keys.has(key)) found.set(key, [...(found.get(key) ?? []), asWritten(user)]);
    }
  } catch (error) {
    if (!["ENOENT", "ENOTDIR"].includes(errnoOf(error))) throw error;
  }
  return found;
}

/** A cell without the mark that keeps a spreadsheet from taking it for a formula. */
function asWritten(cell: string): string {
  return cell.replace(/^'(?=[=+\-@\t\r＝＋－＠])/u, "");
}
