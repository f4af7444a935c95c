export { CRON_WORDS, cronProblem } from "./cron.js";
export { scheduleDirectory } from "./directory.js";
export {
  EXPORT_FORMATS,
  exportSchedules,
  type ExportedFile,
  type ExportFormat,
  type ExportPlaces,
} from "./export/index.js";
export { viewSchedule, type ScheduleView } from "./list.js";
export { runScheduler, systemTimers, type SchedulerOptions } from "./loop.js";
export { openScheduleRecords } from "./open-records.js";
export { MOST_AT_ONCE } from "./lanes.js";
export { startHealthServer } from "./health.js";
export { timetableOf } from "./plan.js";
export type {
  Execute,
  RunResult,
  ScheduleFiles,
  ScheduleLog,
  ScheduleRecords,
  ScheduleSource,
  Trigger,
} from "./ports.js";
export { isTimeZone } from "./time-zone.js";
