import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DRAWINGS_VARIABLE } from "../../src/sandbox/drawings.js";

/** Sandboxes of one command of tests draw each picture once: half of a small tenant's start is drawing the same people again. */
export default async function keepDrawings(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "photodrift-drawings-"));
  process.env[DRAWINGS_VARIABLE] = folder;
  return () => rm(folder, { recursive: true, force: true });
}
