export { parseDuration } from "./fields.js";
export { fleetTenants, loadFleet, type FleetTenants } from "./fleet.js";
export { loadConfig, loadConfigWithoutFiles, readConfig, type MissingFile } from "./load.js";
export { reportsFolderOf } from "./reports-folder.js";
export { loadSchedule, type ScheduleChecks } from "./schedule-file.js";
export { starterConfig, type StarterAnswers } from "./starter.js";
export { withCredential, type CredentialEdit } from "./edit.js";
export { endpointsOf } from "./endpoints.js";
export { loadPartialConfig, type PartialConfig } from "./partial.js";
