import type { Schedule } from "../../model/schedule.js";
import { toCrontab } from "./crontab.js";
import { toKubernetes } from "./kubernetes.js";
import { toSystemd } from "./systemd.js";
import { toTaskScheduler } from "./task-scheduler.js";
import type { ExportedFile, ExportFormat, ExportPlaces } from "./command.js";

export { EXPORT_FORMATS, type ExportedFile, type ExportFormat, type ExportPlaces } from "./command.js";

/**
 * The schedule for another scheduler: files with their names and contents, nothing is written.
 * @throws PhotodriftError `schedule-export` (usage) when that scheduler cannot express the times
 */
export function exportSchedule(
  schedule: Schedule,
  format: ExportFormat,
  places: ExportPlaces,
): readonly ExportedFile[] {
  switch (format) {
    case "systemd":
      return toSystemd(schedule, places);
    case "cron":
      return toCrontab(schedule, places);
    case "kubernetes":
      return toKubernetes(schedule, places);
    case "task-scheduler":
      return toTaskScheduler(schedule, places);
  }
}
