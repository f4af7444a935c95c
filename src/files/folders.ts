import { mkdirSync, statSync } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder and those above it that are missing, by default for their owner only. One level at a time: Node's own recursive mkdir never
 * ends, deaf to signals, below file systems that answer ENOENT to every mkdir, such as /proc. Throws what the file system throws.
 */
export async function makeFolder(folder: string, mode = 0o700): Promise<void> {
  const path = resolve(folder);
  if (await isFolder(path)) return;
  if (dirname(path) !== path) await makeFolder(dirname(path), mode);
  try {
    await mkdir(path, mode);
  } catch (error) {
    if (!(await isFolder(path))) throw error;
  }
}

/** The same for what is opened synchronously. */
export function makeFolderNow(folder: string, mode = 0o700): void {
  const path = resolve(folder);
  if (isFolderNow(path)) return;
  if (dirname(path) !== path) makeFolderNow(dirname(path), mode);
  try {
    mkdirSync(path, mode);
  } catch (error) {
    if (!isFolderNow(path)) throw error;
  }
}

function isFolderNow(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

async function isFolder(path: string): Promise<boolean> {
  const known = await stat(path).catch(() => null);
  return known?.isDirectory() === true;
}
