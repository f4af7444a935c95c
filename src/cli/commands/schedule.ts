import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import type { Argv } from "yargs";
import { loadConfig } from "../../config/index.js";
import type { Schedule } from "../../model/schedule.js";
import {
  MOST_AT_ONCE,
  openScheduleRecords,
  runScheduler,
  systemTimers,
  viewSchedule,
  type ScheduleRecords,
} from "../../schedule/index.js";
import { EXIT } from "../../model/exit-codes.js";
import type { GlobalFlags, Invocation } from "../line/globals.js";
import { knownError } from "../known-errors.js";
import { executor } from "../schedule/execute.js";
import { daemonProgress, scheduleLog } from "../schedule/log.js";
import { exportFor } from "../schedule/export.js";
import { folderOf, readAll, scheduleSource } from "../schedule/files.js";
import { jsonOf, LIST_COLUMNS, listRow, listText, nextEntry, nextRow } from "../schedule/rows.js";
import { unknownName } from "../line/unknown-name.js";
import { portNumber, wholeNumber } from "../line/whole-number.js";
import { ALL_FORMATS, requireFormats, TEXT_ONLY } from "../terminal/formats.js";
import { writeList } from "../terminal/results.js";

export interface ScheduleFlags extends GlobalFlags {
  readonly action: string;
  readonly name: string | undefined;
  readonly dir: string;
  readonly records: string | undefined;
  readonly count: number;
  readonly port: number | undefined;
  readonly concurrency: number;
  readonly to: string | undefined;
  readonly image: string;
  readonly program: string | undefined;
  readonly format: readonly string[] | undefined;
  readonly output: readonly string[] | undefined;
}

/** Its first word. */
export const SCHEDULE_ACTIONS = ["run", "list", "next", "export"] as const;

export function scheduleFlags<T>(yargs: Argv<T>) {
  return yargs
    .positional("action", { type: "string", demandOption: true, describe: "run, list, next or export" })
    .positional("name", { type: "string", describe: "only this schedule" })
    .option("dir", { type: "string", default: "./schedules", describe: "folder of schedule files" })
    .option("records", { type: "string", describe: "file that remembers the runs (DIR/.photodrift-schedules.db)" })
    .option("count", { type: "number", default: 5, describe: "next: how many times" })
    .option("port", { type: "number", describe: "run: serve /healthz and /metrics on this loopback port" })
    .option("concurrency", {
      type: "number",
      default: MOST_AT_ONCE,
      describe: "run: runs at the same time, of all tenants together",
    })
    .option("to", { type: "string", describe: "export: folder to write the files to; printed when left out" })
    .option("program", {
      type: "string",
      describe: "export: absolute path of the photodrift program; this one when left out",
    })
    .option("image", {
      type: "string",
      default: "photodrift:latest",
      describe: "export: container image for kubernetes and container-apps",
    });
}

/** Runs the files in schedules/ as a daemon, shows them, shows the next times, or writes them for another scheduler. */
export async function scheduleCommand(flags: ScheduleFlags, invocation: Invocation): Promise<number> {
  switch (flags.action) {
    case "run":
      requireFormats(invocation, "schedule run", TEXT_ONLY);
      return run(flags, invocation);
    case "list":
      requireFormats(invocation, "schedule list", ALL_FORMATS);
      return list(flags, invocation);
    case "next":
      requireFormats(invocation, "schedule next", ALL_FORMATS);
      return next(flags, invocation);
    case "export":
      return exportAll(flags, invocation);
    default:
      throw unknownName("schedule command", flags.action, SCHEDULE_ACTIONS);
  }
}

function recordsPath(flags: ScheduleFlags): string {
  return resolve(flags.records ?? join(flags.dir, ".photodrift-schedules.db"));
}

async function run(flags: ScheduleFlags, invocation: Invocation): Promise<number> {
  folderOf(flags);
  const mostAtOnce = wholeNumber("--concurrency", flags.concurrency, { from: 1, example: "4." });
  const port = portNumber(flags.port);
  // A name that is in no file is told now; later its file may come and go as any other.
  if (flags.name !== undefined) readAll(flags, invocation);
  const log = scheduleLog(invocation);
  const opened = openScheduleRecords(recordsPath(flags));
  const tenants = new Map<string, string>();
  try {
    await runScheduler({
      source: scheduleSource(flags, invocation),
      clock: { now: Date.now },
      timers: systemTimers,
      records: opened.records,
      execute: executor({ progress: daemonProgress(log, invocation.verbose), env: invocation.env }),
      tenantOf: (schedule) => tenantOf(schedule, invocation, tenants),
      log,
      signal: invocation.signal,
      hostName: hostname(),
      mostAtOnce,
      healthPort: port ?? null,
      onHealthPort: (port) => log.info(`health and metrics: http://127.0.0.1:${port}/healthz and /metrics`),
    });
    return EXIT.ok;
  } catch (error) {
    throw knownError(error, recordsPath(flags));
  } finally {
    opened.close();
  }
}

/** The tenant a schedule works on; a configuration that cannot be read now stands for itself, and its run will say why. */
function tenantOf(schedule: Schedule, invocation: Invocation, known: Map<string, string>): string {
  try {
    const tenant = loadConfig(schedule.config, invocation.env).tenant.id.toLowerCase();
    known.set(schedule.config, tenant);
    return tenant;
  } catch {
    return known.get(schedule.config) ?? schedule.config;
  }
}

async function list(flags: ScheduleFlags, invocation: Invocation): Promise<number> {
  const schedules = readAll(flags, invocation);
  const views = withRecords(flags, (records) =>
    schedules.map((one) => viewSchedule(one, records, hostname(), new Date(), 1)),
  );
  const none = `No schedules in ${flags.dir}. schedules/README.md explains the files.\n`;
  await writeList(invocation, {
    title: "Schedules",
    columns: LIST_COLUMNS,
    rows: views.map(listRow),
    json: { schedules: views.map(jsonOf) },
    text: views.length === 0 ? none : listText(views),
  });
  return EXIT.ok;
}

async function next(flags: ScheduleFlags, invocation: Invocation): Promise<number> {
  const count = wholeNumber("--count", flags.count, { from: 1, to: 10_000, example: "10." });
  const schedules = readAll(flags, invocation);
  const times = schedules
    .flatMap((schedule) =>
      viewSchedule(schedule, null, hostname(), new Date(), count).next.map((at) => ({ schedule, at })),
    )
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .slice(0, count);
  await writeList(invocation, {
    title: "Next runs",
    columns: ["UTC", "local", "schedule", "mode"],
    rows: times.map(nextRow),
    json: { next: times.map(nextEntry) },
    ...(times.length === 0 ? { text: "Nothing is due: no schedule, or all suspended.\n" } : {}),
  });
  return EXIT.ok;
}

async function exportAll(flags: ScheduleFlags, invocation: Invocation): Promise<number> {
  await exportFor(readAll(flags, invocation), flags, invocation);
  return EXIT.ok;
}

function withRecords<T>(flags: ScheduleFlags, work: (records: ScheduleRecords | null) => T): T {
  const path = recordsPath(flags);
  if (!existsSync(path)) return work(null);
  const opened = openScheduleRecords(path);
  try {
    return work(opened.records);
  } finally {
    opened.close();
  }
}
