import type { Schedule } from "../../model/schedule.js";
import { containerConfigs, type ContainerConfig } from "./container.js";
import { toContainerApps } from "./container-apps.js";
import { toCrontab } from "./crontab.js";
import { sharedKubernetes, toKubernetes } from "./kubernetes.js";
import { toSystemd } from "./systemd.js";
import { toTaskScheduler } from "./task-scheduler.js";
import { notExportable, safeName, type ExportedFile, type ExportFormat, type ExportPlaces } from "./command.js";

export { EXPORT_FORMATS, type ExportedFile, type ExportFormat, type ExportPlaces } from "./command.js";

/**
 * Schedules for another scheduler: files with their names and contents, nothing is written.
 * @param placesOf each schedule's configuration has a folder of reports of its own
 * @param configs text of each configuration that the schedules name, by its absolute path; containers get a copy with their own paths
 * @throws PhotodriftError `schedule-export` (usage) when that scheduler cannot express the times
 */
export function exportSchedules(
  schedules: readonly Schedule[],
  format: ExportFormat,
  placesOf: (schedule: Schedule) => ExportPlaces,
  configs: ReadonlyMap<string, string>,
): readonly ExportedFile[] {
  const inContainer = containerConfigs(configs);
  requireOwnNames(schedules, format);
  const files = schedules.flatMap((schedule) => exportSchedule(schedule, format, placesOf(schedule), inContainer));
  if (format !== "kubernetes" || inContainer.length === 0) return files;
  return [
    ...files,
    ...sharedKubernetes(
      inContainer,
      files.map(({ name }) => name),
    ),
  ];
}

/** One schedule; see exportSchedules. */
export function exportSchedule(
  schedule: Schedule,
  format: ExportFormat,
  places: ExportPlaces,
  configs: readonly ContainerConfig[] = [],
): readonly ExportedFile[] {
  const environment = configs.find(({ file }) => file === schedule.config)?.environment ?? [];
  switch (format) {
    case "systemd":
      return toSystemd(schedule, places, environment);
    case "cron":
      return toCrontab(schedule, places, environment);
    case "kubernetes":
      return toKubernetes(schedule, places, configs);
    case "container-apps":
      return toContainerApps(schedule, places, configs);
    case "task-scheduler":
      return toTaskScheduler(schedule, places, environment);
  }
}

/** Two names that differ in case and signs alone would be one file, of which the first schedule is lost. */
function requireOwnNames(schedules: readonly Schedule[], format: ExportFormat): void {
  const taken = new Map<string, Schedule>();
  for (const schedule of schedules) {
    const name = safeName(schedule.name);
    const other = taken.get(name);
    if (other !== undefined) {
      throw notExportable(
        schedule,
        format,
        `it would be ${name}, as ${other.name} is`,
        "Give one of them another `name`, or export them one by one into folders of their own",
      );
    }
    taken.set(name, schedule);
  }
}
