import { plain } from "../../model/text.js";
import { PhotodriftError } from "../../model/errors.js";
import { extensionOf } from "../../model/formats.js";
import type { Schedule } from "../../model/schedule.js";

/** Schedulers that a schedule can be written for. */
export const EXPORT_FORMATS = ["systemd", "cron", "kubernetes", "container-apps", "task-scheduler"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportedFile {
  readonly name: string;
  readonly content: string;
}

/** Where things are on the machine that will run the schedule. */
export interface ExportPlaces {
  /** Absolute path of the `photodrift` program. */
  readonly program: string;
  /** Absolute folder for reports. */
  readonly reports: string;
  /** Container image, for kubernetes and container-apps. */
  readonly image: string;
  /** Day from which triggers count, for task-scheduler: `2026-11-23`. */
  readonly startDay: string;
}

/** The arguments that do what the schedule does, after the program's name. `notify` of the schedule has no argument. */
export function argumentsOf(schedule: Schedule, places: Pick<ExportPlaces, "reports">): readonly string[] {
  const each = (flag: string, values: readonly string[]) => values.flatMap((value) => [flag, value]);
  return [
    schedule.mode,
    ...(schedule.mode === "apply" ? ["--yes"] : []),
    "--config",
    schedule.config,
    ...each("--store", schedule.stores),
    ...each("--rule", schedule.rules),
    ...each("--user", schedule.users),
    ...each("--group", schedule.groups),
    ...(schedule.full ? ["--full"] : []),
    ...schedule.formats.flatMap((format) => [
      "--format",
      format,
      "--output",
      `${places.reports}/${schedule.name}.${extensionOf(format)}`,
    ]),
  ];
}

/** Notes for the reader of an exported file: what the other scheduler cannot take over. */
export function notesOf(schedule: Schedule): readonly string[] {
  return [
    `photodrift schedule ${plain(schedule.name)}: ${plain(schedule.cron)} ${schedule.timezone}`,
    ...(schedule.suspend ? ["The schedule is suspended: this is written switched off."] : []),
    ...(schedule.notify ? ["The schedule's own notifications are left out: those of the configuration apply."] : []),
    ...(schedule.onlyOn.length > 0 ? [`Meant for: ${schedule.onlyOn.map(plain).join(", ")}`] : []),
  ];
}

/**
 * Tells the C library of most Linux systems to keep what is freed in two places instead of one for each thread (mallopt(3)); others do not read it.
 * It can be told only before the program starts. Measured in bench/README.md, "Memory of a first audit".
 */
export const FEWER_ARENAS = "MALLOC_ARENA_MAX=2";

/** Exit codes 2 (drift) and 3, 4 are results, not crashes of the program. */
export const DRIFT_EXIT_CODE = 2;

export function notExportable(schedule: Schedule, format: ExportFormat, why: string): PhotodriftError {
  return new PhotodriftError(
    "schedule-export",
    `${schedule.name} cannot be written for ${format}: ${why}.`,
    "Give the schedule other times, or run it with `photodrift schedule run`.",
    "usage",
  );
}

/** A name that every file system and every scheduler takes. */
export function safeName(name: string): string {
  const safe = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return `photodrift-${safe === "" ? "schedule" : safe}`;
}
