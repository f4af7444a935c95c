import { existsSync } from "node:fs";
import { stat, statfs } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { proveWritable } from "../../files/whole-file.js";
import type { Config } from "../../model/config.js";
import { PhotodriftError } from "../../model/errors.js";
import { systemError, systemReason } from "../../model/system-errors.js";
import { checkStateFile, holdStateFile } from "../../state/index.js";
import type { Probe } from "../../stores/index.js";
import { knownError } from "../known-errors.js";

const MB = 1024 * 1024;
/** State, backups and reports of a run: below this a run may stop in the middle. */
const LEAST_FREE = 100 * MB;
const COMFORTABLE_FREE = 1024 * MB;

/** State file and run lock: whole, of this tenant, and not held by another run. One that is not there yet is not made. */
export async function stateProbe({ state, tenant }: Pick<Config, "state" | "tenant">): Promise<Probe> {
  const name = "state file";
  try {
    if (!existsSync(state)) {
      await proveFolder(dirname(state));
      return { name, ok: true, detail: `${state} is not there yet, the first audit makes it`, cure: "" };
    }
    const looked = checkStateFile(state);
    await holdStateFile(state, tenant.id, "photodrift doctor").release();
    const whole = looked === "whole" ? "undamaged" : "readable (too large to be looked through here)";
    return { name, ok: true, detail: `${state} is ${whole}, no other run holds it`, cure: "" };
  } catch (thrown) {
    const error = knownError(thrown, state);
    if (!(error instanceof PhotodriftError)) throw error;
    if (error.code === "run-in-progress")
      return { name, ok: true, warning: true, detail: error.message, cure: error.hint };
    return { name, ok: false, detail: error.message, cure: error.hint };
  }
}

/** The folder of report files: a run makes it, and must be able to write there. Nothing is made here. */
export async function reportsProbe({ reports }: Pick<Config, "reports">): Promise<Probe> {
  const name = "reports folder";
  try {
    await proveFolder(reports);
    return { name, ok: true, detail: `${reports} can be written`, cure: "" };
  } catch (error) {
    const detail = `${reports} cannot be written: ${systemReason(error)}`;
    const cure = systemError(error)?.cure ?? "make the folder writable";
    return { name, ok: false, detail, cure: `${cure} Or name another folder under \`reports\`.` };
  }
}

/** Throws what the file system throws where no file could be written in the folder, or in the nearest one above it that exists. */
async function proveFolder(folder: string): Promise<void> {
  await proveWritable(join(existing(folder), "photodrift"));
}

/** Room on the disks of state and reports. */
export async function diskProbe(config: Pick<Config, "state" | "reports">): Promise<Probe> {
  const name = "disk room";
  const places = [...new Set([existing(dirname(config.state)), existing(config.reports)])];
  const rooms: { readonly place: string; readonly free: number }[] = [];
  for (const place of places) {
    const { bavail, bsize } = await statfs(place);
    rooms.push({ place, free: bavail * bsize });
  }
  const least = rooms.reduce((a, b) => (b.free < a.free ? b : a));
  const detail = `${size(least.free)} free at ${least.place}`;
  const cure = "make room there, or name other folders under `state` and `reports`";
  if (least.free < LEAST_FREE) return { name, ok: false, detail, cure };
  return least.free < COMFORTABLE_FREE
    ? { name, ok: true, warning: true, detail, cure }
    : { name, ok: true, detail, cure: "" };
}

function size(bytes: number): string {
  return bytes < 10 * 1024 * MB ? `${Math.floor(bytes / MB)} MB` : `${Math.floor(bytes / 1024 / MB)} GB`;
}

/** The folder, or the nearest one above it that exists. */
function existing(folder: string): string {
  let place = folder;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  return place;
}

/**
 * Upper and lower case of file names: where the file system tells them apart, two masters may differ in case alone, and they would be one
 * file elsewhere. @param files names below the folder
 */
export async function caseProbe(folder: string, files: readonly string[]): Promise<Probe> {
  const name = "file names";
  const seen = new Map<string, string>();
  const twins: string[] = [];
  for (const file of files) {
    const folded = file.normalize("NFC").toLowerCase();
    const other = seen.get(folded);
    if (other === undefined) seen.set(folded, file);
    else twins.push(`${other} and ${file}`);
  }
  if (twins.length > 0) {
    return {
      name,
      ok: true,
      warning: true,
      detail: `${twins.length} pairs differ in upper and lower case alone: ${twins.slice(0, 3).join("; ")}`,
      cure: "rename one of each pair: on Windows and macOS they are one file, and here they are two masters of one user",
    };
  }
  const folds = files[0] === undefined ? null : await foldsCase(join(folder, files[0]));
  const words =
    folds === null
      ? ""
      : folds
        ? "; the file system does not tell upper from lower case"
        : "; the file system tells upper from lower case";
  return { name, ok: true, detail: `no two differ in case alone${words}`, cure: "" };
}

/** True where the file is found under its name in the other case too; null where its name has no case. */
async function foldsCase(path: string): Promise<boolean | null> {
  const own = basename(path);
  const swapped = own === own.toLowerCase() ? own.toUpperCase() : own.toLowerCase();
  if (swapped === own) return null;
  try {
    const [a, b] = await Promise.all([stat(path), stat(join(dirname(path), swapped))]);
    return a.ino === b.ino && a.dev === b.dev;
  } catch {
    return false;
  }
}
