import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { makeFolder } from "../../files/folders.js";
import { PhotodriftError } from "../../model/errors.js";
import { sha256Of } from "../../files/digest.js";
import { openDatabase, type Db } from "../sqlite/database.js";
import { MIGRATIONS } from "../sqlite/migrations.js";
import { inTenant, type FleetDatabase } from "./database.js";
import { loadRows } from "./rows.js";

/** Schema version of the rows that this program writes. */
export const SCHEMA = MIGRATIONS.length;

const markSchema = z.object({ generation: z.string(), schema: z.number() });

/** What a whole working copy is a copy of. */
export type Mark = Readonly<z.infer<typeof markSchema>>;

/** Where a tenant's working copy lies in a worker's folder. */
export function copyFile(folder: string, tenant: string): string {
  return join(folder, `${sha256Of(Buffer.from(tenant)).slice(0, 24)}.db`);
}

/** True where the copy was left whole at this mark. The mark is taken away: a copy that is worked on is not whole. */
export async function takeMark(file: string, wanted: Mark): Promise<boolean> {
  try {
    const mark = markSchema.parse(JSON.parse(await readFile(`${file}.mark`, "utf8")));
    return existsSync(file) && mark.generation === wanted.generation && mark.schema === wanted.schema;
  } catch {
    return false;
  } finally {
    await rm(`${file}.mark`, { force: true });
  }
}

/** Says that the closed copy is whole. */
export async function leaveMark(file: string, mark: Mark): Promise<void> {
  await writeFile(`${file}.mark`, JSON.stringify(mark), { mode: 0o600 });
}

export async function removeCopy(file: string): Promise<void> {
  for (const path of [`${file}.mark`, file, `${file}-wal`, `${file}-shm`]) await rm(path, { force: true });
  for (const path of [`${file}.backups`, `${file}.pictures`]) await rm(path, { force: true, recursive: true });
}

/**
 * Makes the working copy anew from the database's rows, in their own schema version; openState brings it to this one.
 * Throws PhotodriftError `state-too-new` where a newer version has worked on the tenant.
 */
export async function fillCopy(database: FleetDatabase, tenant: string, file: string, schema: number): Promise<void> {
  if (schema > SCHEMA) {
    throw new PhotodriftError(
      "state-too-new",
      `The state of tenant ${tenant} was written by a newer photodrift (schema ${String(schema)}, known ${String(SCHEMA)}).`,
      "Bring this worker to the newer version; workers of that version take the tenant meanwhile.",
    );
  }
  await removeCopy(file);
  await makeFolder(join(file, ".."));
  if (schema === 0) return;
  const db = openDatabase(file, null, schema, "OFF");
  try {
    // Nobody looks at the copy before it is whole, and a torn one is made again.
    db.pragma("journal_mode = OFF");
    db.pragma("foreign_keys = OFF");
    const indexes = dropIndexes(db);
    // Rows of an older schema are rewritten as a whole.
    const previews = schema === SCHEMA ? "later" : "now";
    // A reader beside the holder sees one moment.
    await inTenant(database, tenant, (transaction) => loadRows(transaction, tenant, db, previews), "repeatable read");
    for (const index of indexes) db.exec(index);
  } finally {
    db.close();
  }
}

/** Takes the indexes away and gives the statements that make them: all rows at once cost less than one by one. */
function dropIndexes(db: Db): readonly string[] {
  const indexes = db
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM main.sqlite_schema WHERE type = 'index' AND sql IS NOT NULL",
    )
    .all();
  for (const { name } of indexes) db.exec(`DROP INDEX "${name}"`);
  return indexes.map((index) => index.sql);
}

/** A name that no other reader of the same folder has. */
export function readersFile(folder: string, tenant: string): string {
  return `${copyFile(folder, tenant)}.${randomBytes(4).toString("hex")}.read`;
}
