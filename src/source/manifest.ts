import { open } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "csv-stringify/sync";

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
