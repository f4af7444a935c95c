import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A folder for what was drawn; without it each process draws for itself. Not to be shared by versions of the program that draw otherwise. */
export const DRAWINGS_VARIABLE = "PHOTODRIFT_SANDBOX_DRAWINGS";

/**
 * What `make` makes, or what it made before in any process that keeps its drawings in the same folder.
 * @param key names all that the bytes depend on
 */
export async function keptDrawing(key: string, make: () => Promise<Buffer>): Promise<Buffer> {
  const folder = process.env[DRAWINGS_VARIABLE] ?? "";
  if (folder === "") return make();
  const path = join(folder, createHash("sha256").update(key).digest("hex"));
  const kept = await readFile(path).catch(() => null);
  if (kept !== null) return kept;
  const made = await make();
  // Whole or not at all: others read while this one writes.
  const partial = `${path}.${randomUUID()}`;
  await mkdir(folder, { recursive: true });
  await writeFile(partial, made);
  await rename(partial, path);
  return made;
}
