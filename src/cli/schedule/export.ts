import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { reportsFolderOf } from "../../config/index.js";
import { makeFolder } from "../../files/folders.js";
import { PhotodriftError } from "../../model/errors.js";
import type { Schedule } from "../../model/schedule.js";
import { EXPORT_FORMATS, exportSchedules } from "../../schedule/index.js";
import type { Invocation } from "../line/globals.js";
import { unknownName } from "../line/unknown-name.js";

export interface ScheduleExportFlags {
  readonly format: readonly string[] | undefined;
  readonly program: string | undefined;
  readonly image: string;
  readonly to: string | undefined;
}

const CONTAINER_FORMATS: readonly string[] = ["kubernetes", "container-apps"];

/** Writes schedules for another scheduler into a folder, or prints them. Throws PhotodriftError (usage). */
export async function exportFor(
  schedules: readonly Schedule[],
  flags: ScheduleExportFlags,
  { terminal, env }: Pick<Invocation, "terminal" | "env">,
): Promise<void> {
  const wanted = flags.format?.[0];
  if (wanted === undefined) {
    throw new PhotodriftError(
      "usage",
      "export needs to know for which scheduler.",
      `Name it: photodrift schedule export --format ${EXPORT_FORMATS.join("|")}`,
      "usage",
    );
  }
  const format = EXPORT_FORMATS.find((name) => name === wanted);
  if (format === undefined) throw unknownName("scheduler", wanted, EXPORT_FORMATS);
  const places = {
    program: flags.program ?? resolve(process.argv[1] ?? "photodrift"),
    image: flags.image,
    startDay: new Date().toISOString().slice(0, 10),
  };
  const placesOf = ({ config }: Schedule) => ({ ...places, reports: reportsFolderOf(config, env) });
  const configs = CONTAINER_FORMATS.includes(format) ? configTexts(schedules) : new Map<string, string>();
  const files = exportSchedules(schedules, format, placesOf, configs);
  if (flags.to !== undefined) await makeFolder(resolve(flags.to), 0o777);
  for (const { name, content } of files) {
    if (flags.to === undefined) await terminal.out(`# ${name}\n${content}\n`);
    else {
      await writeFile(join(resolve(flags.to), basename(name)), content);
      await terminal.out(`${join(flags.to, basename(name))}\n`);
    }
  }
}

/** Texts of the configurations that are there; a schedule whose configuration is elsewhere still gets its job. */
function configTexts(schedules: readonly Schedule[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { config } of schedules) {
    if (!texts.has(config) && existsSync(config)) texts.set(config, readFileSync(config, "utf8"));
  }
  return texts;
}
