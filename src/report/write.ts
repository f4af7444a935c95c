import { randomBytes } from "node:crypto";
import { mkdir, open, realpath, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { PhotodriftError } from "../model/errors.js";

/**
 * Writes a report so that `file` is either the old report or the whole new one: into a temporary file of the same folder, flushed, then
 * renamed. Missing folders are made; a link keeps pointing where it points; devices and pipes are written directly. What the iterable
 * throws is thrown on, with nothing left behind; trouble with the file is a PhotodriftError `report-not-written`.
 */
export async function writeReport(report: AsyncIterable<string>, file: string): Promise<void> {
  const target = await resolveTarget(file);
  const temporary = target.direct ? target.path : join(dirname(target.path), temporaryName(target.path));
  const handle = await orExplain(file, () => open(temporary, target.direct ? "w" : "wx"));
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
    const path = await realpath(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
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
  await mkdir(folder).catch(async (error: NodeJS.ErrnoException) => {
    const made = error.code === "EEXIST" && (await stat(folder)).isDirectory();
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

const CURES: Readonly<Record<string, readonly [what: string, cure: string]>> = {
  ENOENT: ["the folder cannot be made there", "Name a file in another folder with --output."],
  EACCES: [
    "no permission to write there",
    "Give this account write access to the folder, or name another file with --output.",
  ],
  EPERM: [
    "the system does not allow to write there",
    "Give this account write access to the folder, or name another file with --output.",
  ],
  EROFS: ["the file system is read-only", "Name a file on a writable file system with --output."],
  ENOSPC: ["no space left on the device", "Free some space, or name a file on another device with --output."],
  EDQUOT: ["the disk quota is used up", "Free some space, or name a file on another device with --output."],
  EISDIR: ["it is a directory", "Name a file, for example `--output reports/drift.html`."],
  ENOTDIR: ["a part of the path is a file, not a directory", "Correct the path given with --output."],
  EEXIST: ["a part of the path is a file, not a directory", "Correct the path given with --output."],
  ENAMETOOLONG: ["the name is too long", "Name a shorter file with --output."],
  EBUSY: ["another program holds the file", "Close the report where it is open, then run `photodrift report` again."],
};

async function orExplain<T>(file: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    const [what, cure] = CURES[code] ?? [
      error instanceof Error ? error.message : String(error),
      "Name another file with --output; `photodrift report` renders the run again.",
    ];
    throw new PhotodriftError("report-not-written", `cannot write ${file}: ${what}`, cure, "failed", error);
  }
}
