export type {
  EngineDatabase,
  FleetEntry,
  FleetEvents,
  FleetExecute,
  FleetLog,
  FleetRunResult,
  Timetable,
} from "./ports.js";
export type { FleetEntries } from "./followed-files.js";
export { prepareEngine, runFleetWorker, type WorkerLife, type WorkerTimes } from "./worker.js";
export { makeFleetMetrics } from "./metrics.js";
export { readReport, readStatus, type LookedAt } from "./look.js";
