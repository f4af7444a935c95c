import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { PhotodriftError } from "../model/errors.js";
import { byText } from "../model/ids.js";
import type { Schedule } from "../model/schedule.js";
import { systemReason } from "../model/system-errors.js";
import type { ScheduleFiles, ScheduleSource } from "./ports.js";

interface Seen {
  readonly stamp: string;
  readonly schedule: Schedule | null;
  readonly problem: string | null;
}

/**
 * The `*.yaml` and `*.yml` files of a folder (hidden ones left out), read again when their size, time or inode changes. Polling, since
 * change events are unreliable on network shares and mounted config maps.
 * @param parse reads one file; what it throws becomes that file's problem
 */
export function scheduleDirectory(directory: string, parse: (path: string) => Schedule): ScheduleSource {
  let seen = new Map<string, Seen>();
  let unreadable: string | null = null;
  let first = true;

  function read(): ScheduleFiles | null {
    let names: string[];
    try {
      names = listFiles(directory);
    } catch (error) {
      const message = `the folder cannot be read: ${systemReason(error)}`;
      const changed = unreadable !== message;
      unreadable = message;
      return changed ? collect(directory, seen, message) : null;
    }
    let changed = first || unreadable !== null || names.length !== seen.size;
    const now = new Map<string, Seen>();
    for (const name of names) {
      const path = join(directory, name);
      const stamp = stampOf(path);
      const before = seen.get(path);
      if (before?.stamp === stamp) now.set(path, before);
      else {
        now.set(path, look(path, stamp, before?.schedule ?? null, parse));
        changed = true;
      }
    }
    first = false;
    unreadable = null;
    seen = now;
    return changed ? collect(directory, seen, null) : null;
  }

  return { read };
}

function listFiles(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => /^[^._].*\.ya?ml$/i.test(name))
    .sort(byText);
}

function stampOf(path: string): string {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat ? `${stat.size}:${stat.mtimeMs}:${stat.ino}` : "gone";
  } catch (error) {
    return `unreadable: ${(error as NodeJS.ErrnoException).code ?? ""}`;
  }
}

/** A file that is being rewritten may be half there: its last good version goes on. */
function look(path: string, stamp: string, last: Schedule | null, parse: (path: string) => Schedule): Seen {
  try {
    return { stamp, schedule: parse(path), problem: null };
  } catch (error) {
    const message = error instanceof PhotodriftError ? error.message : `cannot be read: ${String(error)}`;
    return { stamp, schedule: last, problem: message };
  }
}

/** Names are the keys of the records: of two files with the same name the first one counts. */
function collect(directory: string, seen: ReadonlyMap<string, Seen>, unreadable: string | null): ScheduleFiles {
  const schedules = new Map<string, Schedule>();
  const problems: { file: string; message: string }[] = unreadable ? [{ file: directory, message: unreadable }] : [];
  for (const [file, { schedule, problem }] of seen) {
    if (problem !== null) problems.push({ file, message: problem });
    if (schedule === null) continue;
    const other = schedules.get(schedule.name);
    if (other) {
      const message = `${file}: name: "${schedule.name}" is the name in ${other.file} already, expected another one`;
      problems.push({ file, message });
    } else schedules.set(schedule.name, schedule);
  }
  return { schedules: [...schedules.values()], problems };
}
