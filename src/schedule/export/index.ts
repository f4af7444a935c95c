import type { Schedule } from "../../model/schedule.js";
import { containerConfigs, type ContainerConfig } from "./container.js";
import { toContainerApps } from "./container-apps.js";
import { toCrontab } from "./crontab.js";
import { sharedKubernetes, toKubernetes } from "./kubernetes.js";
import { toSystemd } from "./systemd.js";
import { toTaskScheduler } from "./task-scheduler.js";
import type { ExportedFile, ExportFormat, ExportPlaces } from "./command.js";

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
  switch (format) {
    case "systemd":
      return toSystemd(schedule, places);
    case "cron":
      return toCrontab(schedule, places);
    case "kubernetes":
      return toKubernetes(schedule, places, configs);
    case "container-apps":
      return toContainerApps(schedule, places, configs);
    case "task-scheduler":
      return toTaskScheduler(schedule, places);
  }
}
