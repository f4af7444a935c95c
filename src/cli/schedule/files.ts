import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { loadSchedule } from "../../config/index.js";
import { PhotodriftError } from "../../model/errors.js";
import { REPORT_FORMATS } from "../../model/formats.js";
import type { Schedule } from "../../model/schedule.js";
import {
  CRON_WORDS,
  cronProblem,
  EXPORT_FORMATS,
  isTimeZone,
  scheduleDirectory,
  type ScheduleSource,
} from "../../schedule/index.js";
import type { Invocation } from "../line/globals.js";
import { formatNamed, unknownName } from "../line/unknown-name.js";

/** Which schedules a command is about. */
export interface Named {
  readonly dir: string;
  /** Undefined: all of the folder. */
  readonly name: string | undefined;
}

type Surroundings = Pick<Invocation, "configPath" | "env">;

function parserOf(invocation: Surroundings): (path: string) => Schedule {
  const defaultConfig = invocation.configPath;
  return (path) =>
    loadSchedule(path, invocation.env, { cronProblem, cronWords: CRON_WORDS, isTimeZone, defaultConfig });
}

/** Every schedule of the folder, or the named one; files that are none end the command with all their problems. */
export function readAll(flags: Named, invocation: Surroundings): readonly Schedule[] {
  const files = scheduleDirectory(folderOf(flags), parserOf(invocation)).read();
  if (files !== null && files.problems.length > 0) {
    const text = files.problems.map(({ message }) => message).join("\n");
    throw new PhotodriftError(
      "schedule-invalid",
      text,
      "Correct these files; schedules/README.md explains every field.",
      "usage",
    );
  }
  const schedules = files?.schedules ?? [];
  const found = named(schedules, flags.name);
  if (flags.name === undefined || found.length > 0) return found;
  const format = formatNamed(flags.name, [...REPORT_FORMATS, ...EXPORT_FORMATS]);
  if (format !== null) throw new PhotodriftError("usage", `There is no schedule "${flags.name}".`, format, "usage");
  const names = schedules.map(({ name }) => name);
  throw unknownName("schedule", flags.name, names);
}

/** The schedule of a name; all where none was given. */
function named(schedules: readonly Schedule[], name: string | undefined): readonly Schedule[] {
  return name === undefined ? schedules : schedules.filter((schedule) => schedule.name === name);
}

/** The folder's files for the daemon, as if it held the named schedule alone. */
export function scheduleSource(flags: Named, invocation: Surroundings): ScheduleSource {
  const source = scheduleDirectory(folderOf(flags), parserOf(invocation));
  return {
    read() {
      const files = source.read();
      return files === null ? null : { ...files, schedules: named(files.schedules, flags.name) };
    },
  };
}

/** The folder of schedule files. Throws PhotodriftError `schedule-folder` where there is none. */
export function folderOf(flags: Pick<Named, "dir">): string {
  const directory = resolve(flags.dir);
  if (existsSync(directory)) return directory;
  throw new PhotodriftError(
    "schedule-folder",
    `There is no folder ${directory}.`,
    "Name the folder of schedule files with --dir.",
    "usage",
  );
}
