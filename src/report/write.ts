import { randomBytes } from "node:crypto";
import { mkdir, open, realpath, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { PhotodriftError } from "../model/errors.js";
import { codeOfError, systemError, systemReason } from "../model/system-errors.js";

/**
 * Writes a report so that `file` is either the old report or the whole new one: into a temporary file of the same folder, flushed, then
 * renamed. It holds employees: file and folders that are made are their owner's only. Missing folders are made; a link keeps pointing where it points; devices and pipes are written directly. What the iterable
 * throws is thrown on, with nothing left behind; trouble with the file is a PhotodriftError `report-not-written`.
 */
export async function writeReport(report: AsyncIterable<string>, file: string): Promise<void> {
  const target = await resolveTarget(file);
  const temporary = target.direct ? target.path : join(dirname(target.path), temporaryName(target.path));
  const handle = await orExplain(file, () => open(temporary, target.direct ? "w" : "wx", 0o600));
  try {
    try {
      for await (const chunk of report) await orExplain(file, () => writeAll(handle, chunk));
      if (!target.direct) await orExplain(file, () => handle.sync());
    } finally {
      await handle.close();
    }
    if (!target.direct) await orExplain(file, () => rename(temporary, target.path));
  } catch (error) {
    if (!target.direct) await rm(temporary, { force: true });
    throw error;
  }
}

/** Where the bytes go in the end; `direct` for what cannot be replaced by a rename. */
async function resolveTarget(file: string): Promise<{ readonly path: string; readonly direct: boolean }> {
  return orExplain(file, async () => {
    const path = await realpath(file).catch((error: unknown) => {
      if (codeOfError(error) === "ENOENT") return null;
      throw error;
    });
    if (path === null) {
      await makeFolder(dirname(resolve(file)));
      return { path: resolve(file), direct: false };
    }
    const kind = await stat(path);
    if (kind.isDirectory()) throw Object.assign(new Error("is a directory"), { code: "EISDIR" });
    return { path, direct: !kind.isFile() };
  });
}

/** Folder by folder: Node's own recursive mkdir never ends below file systems such as /proc, which answer ENOENT to every mkdir. */
async function makeFolder(folder: string): Promise<void> {
  const known = await stat(folder).catch(() => null);
  if (known?.isDirectory() === true) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  await mkdir(folder, 0o700).catch(async (error: unknown) => {
    const made = codeOfError(error) === "EEXIST" && (await stat(folder)).isDirectory();
    if (!made) throw error;
  });
}

/** Hidden, in the same folder (a rename must not cross file systems), short enough for any file system. */
function temporaryName(path: string): string {
  return `.${basename(path).slice(0, 60)}.${randomBytes(6).toString("hex")}.tmp`;
}

async function writeAll(handle: FileHandle, text: string): Promise<void> {
  const bytes = Buffer.from(text, "utf8");
  for (let done = 0; done < bytes.length;) done += (await handle.write(bytes, done)).bytesWritten;
}

async function orExplain<T>(file: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const cure = systemError(error)?.cure ?? "`photodrift report` renders the run again.";
    throw new PhotodriftError(
      "report-not-written",
      `cannot write ${file}: ${systemReason(error)}`,
      `${cure} Or name another file with --output.`,
      "failed",
      error,
    );
  }
}
