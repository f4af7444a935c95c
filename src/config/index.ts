export { loadConfig } from "./load.js";
export { nearMiss } from "./near-miss.js";
export { loadSchedule, type ScheduleChecks } from "./schedule-file.js";
export { starterConfig, type StarterAnswers } from "./starter.js";
