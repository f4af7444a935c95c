import { sha256Of } from "../../files/digest.js";
import { plain } from "../../model/text.js";
import { PhotodriftError } from "../../model/errors.js";
import { extensionOf } from "../../model/formats.js";
import type { Schedule } from "../../model/schedule.js";

/** Schedulers that a schedule can be written for. */
export const EXPORT_FORMATS = ["systemd", "cron", "kubernetes", "container-apps", "task-scheduler"] as const;
/** One of them. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportedFile {
  readonly name: string;
  readonly content: string;
}

/** Where things are on the machine that will run the schedule. */
export interface ExportPlaces {
  /** The words that start photodrift, the first an absolute path: the program, or the Node that runs it and the file that Node runs. */
  readonly program: readonly string[];
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

/** Zones that count as UTC does, by the names of the time zone database. */
const UTC_NAMES = new Set(["UTC", "Etc/UTC", "Etc/UCT", "Etc/GMT", "GMT", "UCT", "Zulu", "Etc/Zulu"]);

/** Whether the schedule's times are those of UTC, under whichever name. */
export function isInUtc({ timezone }: Schedule): boolean {
  return UTC_NAMES.has(timezone);
}

/** What the note of a scheduler says that starts every run on time. */
export function noJitter({ jitterMs }: Schedule, scheduler: string): readonly string[] {
  return jitterMs > 0 ? [`${scheduler} knows no jitter: the job starts on time.`] : [];
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

/** What the note of a scheduler says that starts runs in an environment of its own. @param names of variables that the configuration takes */
export function environmentNote(names: readonly string[], place: string): readonly string[] {
  return names.length > 0 ? [`The configuration takes ${names.join(", ")} from the environment: ${place}.`] : [];
}

/**
 * Tells the C library of most Linux systems to keep what is freed in two places instead of one for each thread (mallopt(3)); others do not read it.
 * It can be told only before the program starts. Measured in bench/README.md, "Memory of a first audit".
 */
export const FEWER_ARENAS = "MALLOC_ARENA_MAX=2";

/** Exit codes 2 (drift) and 3, 4 are results, not crashes of the program. */
export const DRIFT_EXIT_CODE = 2;

export function notExportable(
  schedule: Schedule,
  format: ExportFormat,
  why: string,
  instead = "Give the schedule other times",
): PhotodriftError {
  return new PhotodriftError(
    "schedule-export",
    `${schedule.name} cannot be written for ${format}: ${why}.`,
    `${instead}, or run it with \`photodrift schedule run\`.`,
    "usage",
  );
}

/** Characters that every file system takes in a name. */
const FILE_NAME = 200;

/**
 * A name that every file system and every scheduler takes. Where letters are lost on the way - of another script, or beyond the longest name -
 * a few characters of a digest keep apart what would be one.
 * @param most longest name that the scheduler takes
 */
export function safeName(name: string, most = FILE_NAME): string {
  const letters = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}+/gu, "");
  const whole = `photodrift-${dashed(letters) || "schedule"}`;
  if (whole.length <= most && !/(?![a-z0-9])[\p{L}\p{N}]/u.test(letters)) return whole;
  const digest = sha256Of(new TextEncoder().encode(name)).slice(0, 6);
  return `${whole.slice(0, most - digest.length - 1).replace(/-+$/, "")}-${digest}`;
}

/** Runs of whatever is neither a small letter of a to z nor a digit become one hyphen; none at the ends. */
export function dashed(text: string): string {
  return text.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
}

/** The name, or the next one that is free: `list.csv`, `list-2.csv`. Takes it. */
export function freeName(name: string, taken: Set<string>): string {
  const [, stem = name, ending = ""] = /^(.+?)(\.[^.]*)?$/.exec(name) ?? [];
  let free = name;
  for (let at = 2; taken.has(free); at++) free = `${stem}-${at}${ending}`;
  taken.add(free);
  return free;
}
