import { statSync } from "node:fs";
import { resolve } from "node:path";
import { fleetTenants, loadConfig, loadFleet, loadSchedule } from "../../config/index.js";
import type { Config } from "../../model/config.js";
import { PhotodriftError } from "../../model/errors.js";
import type { FleetConfig, FleetTenant } from "../../model/fleet.js";
import type { Schedule } from "../../model/schedule.js";
import type { FleetEntry } from "../../fleet/index.js";
import {
  CRON_WORDS,
  cronProblem,
  isTimeZone,
  scheduleDirectory,
  timetableOf,
  type ScheduleFiles,
  type ScheduleSource,
} from "../../schedule/index.js";

/** A fleet as its files tell it now. */
export interface FleetFiles {
  readonly fleet: FleetConfig;
  readonly tenants: readonly FleetTenant[];
  readonly entries: readonly FleetEntry[];
  /** Files that are wrong; they stop nobody else. */
  readonly problems: readonly FileProblem[];
}

export interface FileProblem {
  readonly file: string;
  readonly message: string;
}

/**
 * Reads the files of a fleet again and again; only what changed is parsed.
 * @throws ConfigError of fleet.yaml itself
 */
export function fleetReader(path: string, env: NodeJS.ProcessEnv): () => FleetFiles {
  const load = rememberingLoad(env);
  let folder = "";
  let source: ScheduleSource = { read: () => null };
  let files: ScheduleFiles | null = null;
  let before: readonly FleetTenant[] = [];
  return () => {
    const fleet = loadFleet(path, env);
    if (folder !== fleet.schedules) {
      folder = fleet.schedules;
      source = scheduleDirectory(folder, (file) =>
        loadSchedule(file, env, { cronProblem, cronWords: CRON_WORDS, isTimeZone, defaultConfig: fleet.file }),
      );
    }
    files = source.read() ?? files;
    const { tenants: sound, problems } = fleetTenants(fleet.tenants, env, load);
    const tenants = [...sound, ...lastGood(before, sound, problems)];
    before = tenants;
    const planned = entriesOf(fleet, tenants, files?.schedules ?? []);
    return {
      fleet,
      tenants,
      entries: planned.entries,
      problems: [...problems, ...(files?.problems ?? []), ...planned.problems],
    };
  };
}

/** Tenants whose file is wrong now, as it last was right: a file that is being rewritten may be half there. */
function lastGood(before: readonly FleetTenant[], sound: readonly FleetTenant[], problems: readonly FileProblem[]) {
  const wrong = new Set(problems.map(({ file }) => file));
  const known = new Set(sound.map(({ id }) => id));
  return before.filter(({ id, config }) => wrong.has(config.file) && !known.has(id));
}

/** Reads them once. */
export function readFleetFiles(path: string, env: NodeJS.ProcessEnv): FleetFiles {
  return fleetReader(resolve(path), env)();
}

/** Every schedule for every tenant, or for the one whose configuration it names. */
function entriesOf(fleet: FleetConfig, tenants: readonly FleetTenant[], schedules: readonly Schedule[]) {
  const entries: FleetEntry[] = [];
  const problems: FileProblem[] = [];
  for (const schedule of schedules) {
    const every = schedule.config === fleet.file;
    const meant = every ? tenants : tenants.filter(({ config }) => config.file === schedule.config);
    if (meant.length === 0 && !every) problems.push({ file: schedule.file, message: foreign(schedule) });
    if (schedule.onlyOn.length > 0) problems.push({ file: schedule.file, message: bound(schedule) });
    for (const { id } of meant) {
      entries.push({ tenant: id, schedule, timetable: timetable(schedule, id) });
    }
  }
  return { entries, problems };
}

/** Made once for each version of a schedule: a fleet may have ten thousand. */
const timetables = new WeakMap<Schedule, Map<string, FleetEntry["timetable"]>>();

function timetable(schedule: Schedule, tenant: string): FleetEntry["timetable"] {
  const known = timetables.get(schedule) ?? new Map<string, FleetEntry["timetable"]>();
  timetables.set(schedule, known);
  const made = known.get(tenant) ?? timetableOf(schedule, `${tenant}/${schedule.name}`);
  known.set(tenant, made);
  return made;
}

function foreign({ file, config }: Schedule): string {
  return `${file}: config: ${config} is none of the fleet's tenants, expected one of them, or no config for all of them`;
}

function bound({ file }: Schedule): string {
  return `${file}: onlyOn: a fleet's runs go to whichever worker is free; it is not looked at`;
}

/** loadConfig that parses a file anew only where its size, time or inode has changed. */
function rememberingLoad(env: NodeJS.ProcessEnv): (path: string) => Config {
  const known = new Map<string, { stamp: string; config: Config }>();
  return (path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    const stamp = stat === undefined ? "gone" : `${stat.size}:${stat.mtimeMs}:${stat.ino}`;
    const before = known.get(path);
    if (before?.stamp === stamp) return before.config;
    const config = loadConfig(path, env);
    known.set(path, { stamp, config });
    return config;
  };
}

/** Ends the command with every problem of the files. Throws PhotodriftError `fleet-invalid`. */
export function requireSoundFiles({ problems, fleet }: Pick<FleetFiles, "problems" | "fleet">): void {
  if (problems.length === 0) return;
  throw new PhotodriftError(
    "fleet-invalid",
    problems.map(({ message }) => message).join("\n"),
    `Correct these files of ${fleet.file}; a worker goes on without them.`,
    "usage",
  );
}
