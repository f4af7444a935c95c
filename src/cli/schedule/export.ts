import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, isAbsolute, join, resolve, win32 } from "node:path";
import { reportsFolderOf, withReferredSecrets } from "../../config/index.js";
import { makeFolder } from "../../files/folders.js";
import { PhotodriftError } from "../../model/errors.js";
import type { Schedule } from "../../model/schedule.js";
import { EXPORT_FORMATS, exportSchedules, type ExportFormat } from "../../schedule/index.js";
import type { Invocation } from "../line/globals.js";
import { unknownName } from "../line/unknown-name.js";

export interface ScheduleExportFlags {
  readonly format: readonly string[] | undefined;
  readonly output?: readonly string[] | undefined;
  readonly program: string | undefined;
  readonly image: string;
  readonly to: string | undefined;
}

/** Here the configuration itself is written as well. */
const CONTAINER_FORMATS: readonly ExportFormat[] = ["kubernetes", "container-apps"];

/** Writes schedules for another scheduler into a folder, or prints them. Throws PhotodriftError (usage). */
export async function exportFor(
  schedules: readonly Schedule[],
  flags: ScheduleExportFlags,
  { terminal, env }: Pick<Invocation, "terminal" | "env">,
): Promise<void> {
  const format = formatOf(flags);
  const places = {
    program: programOf(flags),
    image: flags.image,
    startDay: new Date().toISOString().slice(0, 10),
  };
  const placesOf = ({ config }: Schedule) => ({ ...places, reports: reportsFolderOf(config, env) });
  const files = exportSchedules(schedules, format, placesOf, configTexts(schedules, format));
  if (flags.to !== undefined) await makeFolder(resolve(flags.to), 0o777);
  for (const { name, content } of files) {
    if (flags.to === undefined) await terminal.out(`# ${name}\n${content}\n`);
    else {
      await writeFile(join(resolve(flags.to), basename(name)), content);
      await terminal.out(`${join(flags.to, basename(name))}\n`);
    }
  }
}

function formatOf({ format: formats, output }: ScheduleExportFlags): ExportFormat {
  const [wanted, ...more] = formats ?? [];
  if (wanted === undefined) {
    throw usage(
      "export needs to know for which scheduler.",
      `Name it: photodrift schedule export --format ${EXPORT_FORMATS.join("|")}`,
    );
  }
  if (more.length > 0)
    throw usage("export writes for one scheduler at a time.", "Give --format once, and export again.");
  if (output !== undefined) throw usage("export writes several files.", "Name the folder for them with --to DIR.");
  const format = EXPORT_FORMATS.find((name) => name === wanted);
  if (format === undefined) throw unknownName("scheduler", wanted, EXPORT_FORMATS);
  return format;
}

/**
 * The words that start photodrift. A scheduler has neither the folder nor the search path of whoever exports, and Windows runs no script of Node by
 * itself: unless a program is named, this Node runs this file.
 */
function programOf({ program }: ScheduleExportFlags): readonly string[] {
  if (program === undefined) return [process.execPath, resolve(process.argv[1] ?? "photodrift")];
  if (isAbsolute(program) || win32.isAbsolute(program)) return [program];
  throw usage(
    `--program ${program} is no absolute path.`,
    "Name the program as the machine of the scheduler has it, such as --program /usr/bin/photodrift.",
  );
}

function usage(message: string, hint: string): PhotodriftError {
  return new PhotodriftError("usage", message, hint, "usage");
}

/** Texts of the configurations that are there, for a container without their secrets; a schedule whose configuration is elsewhere still gets its job. */
function configTexts(schedules: readonly Schedule[], format: ExportFormat): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { config } of schedules) {
    if (texts.has(config) || !existsSync(config)) continue;
    const text = readFileSync(config, "utf8");
    const ending = texts.size === 0 ? "" : `_${texts.size + 1}`;
    texts.set(config, CONTAINER_FORMATS.includes(format) ? withReferredSecrets(text, ending) : text);
  }
  return texts;
}
