import { constants } from "node:fs";
import { access, open, realpath, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { makeFolder } from "../files/folders.js";
import { proveWritable, writeAll, writeWhole } from "../files/whole-file.js";
import { PhotodriftError } from "../model/errors.js";
import { codeOfError, systemError, systemReason } from "../model/system-errors.js";

/**
 * Writes a report so that `file` is either the old report or the whole new one: into a temporary file of the same folder, flushed, then
 * renamed. It holds employees: file and folders that are made are their owner's only. Missing folders are made; a link keeps pointing where it points; devices and pipes are written directly. What the iterable
 * throws is thrown on, with nothing left behind; trouble with the file is a PhotodriftError `report-not-written`.
 */
export async function writeReport(report: AsyncIterable<string>, file: string): Promise<void> {
  const target = await resolveTarget(file);
  // What the report itself throws is its own; whatever else goes wrong is the file's.
  let own: unknown = null;
  async function* told(): AsyncIterable<string> {
    try {
      yield* report;
    } catch (error) {
      own = error;
      throw error;
    }
  }
  try {
    await (target.direct ? writeThrough(target.path, told()) : writeWhole(target.path, told()));
  } catch (error) {
    throw error === own ? error : unwritten(file, error);
  }
}

/**
 * Proves that a report can be written there now, before the work that it is about; missing folders are made, the file is left as it is.
 * Throws PhotodriftError `report-not-written`.
 */
export async function requireReportFile(file: string): Promise<void> {
  const { path, direct } = await resolveTarget(file);
  await orExplain(file, () => (direct ? access(path, constants.W_OK) : proveWritable(path)));
}

/** Devices and pipes cannot be replaced by a rename. */
async function writeThrough(path: string, pieces: AsyncIterable<string>): Promise<void> {
  const handle = await open(path, "w");
  try {
    for await (const piece of pieces) await writeAll(handle, piece);
  } finally {
    await handle.close();
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

async function orExplain<T>(file: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw unwritten(file, error);
  }
}

function unwritten(file: string, error: unknown): PhotodriftError {
  const cure = systemError(error)?.cure ?? "`photodrift report` renders the run again.";
  return new PhotodriftError(
    "report-not-written",
    `cannot write ${file}: ${systemReason(error)}`,
    `${cure} Or name another file (--output, in a schedule the folder \`reports\`).`,
    "failed",
    error,
  );
}
