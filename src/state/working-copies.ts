import { readdir, readFile, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../files/folders.js";
import { writeWhole } from "../files/whole-file.js";
import type { WorkingCopies } from "../run/ports.js";

/** Bytes of all copies together: some hundreds of portraits. */
const MOST_BYTES = 512 * 1024 * 1024;
/** A copy that nobody wanted for this long goes: the portrait it shows is not to outlive its file by much. */
const KEPT_MS = 30 * 24 * 3_600_000;

/**
 * Copies of pictures beside the state file, `<state>.pictures/<key>`: so that a HEIC is decoded once, not once a run. Readable by the
 * owner only. Whatever goes wrong here costs time and nothing else.
 */
export function createWorkingCopies(statePath: string, mostBytes = MOST_BYTES): WorkingCopies {
  const root = `${statePath}.pictures`;
  let tidied = false;

  return {
    async get(key) {
      const path = join(root, key);
      try {
        const copy = await readFile(path);
        const now = new Date();
        await utimes(path, now, now);
        return copy;
      } catch {
        return null;
      }
    },
    async put(key, copy) {
      try {
        await makeFolder(root);
        await writeWhole(join(root, key), [copy]);
        await tidy();
      } catch {
        // The picture is decoded again.
      }
    },
  };

  /** Removes what is old, once, and what is too much, oldest first. */
  async function tidy(): Promise<void> {
    const found: { path: string; size: number; mtimeMs: number }[] = [];
    for (const name of await readdir(root)) {
      const path = join(root, name);
      const { size, mtimeMs } = await stat(path);
      found.push({ path, size, mtimeMs });
    }
    let total = found.reduce((sum, { size }) => sum + size, 0);
    const oldest = found.sort((a, b) => a.mtimeMs - b.mtimeMs);
    for (const { path, size, mtimeMs } of oldest) {
      const old = !tidied && Date.now() - mtimeMs > KEPT_MS;
      if (!old && total <= mostBytes) continue;
      await rm(path, { force: true });
      total -= size;
    }
    tidied = true;
  }
}
