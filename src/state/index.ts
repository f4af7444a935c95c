export { createWorkingCopies } from "./working-copies.js";
export { planDigest } from "./digest.js";
export { createMasterFiles } from "./master-files.js";
export { holdStateFile, type HeldState } from "./held.js";
export { isProved, signPlan } from "./plan-keys.js";
export { readPlanFile, requirePlanFile, writePlanFile, type ReadPlan } from "./plan-file.js";
export { checkStateFile } from "./sqlite/check.js";
export { openState, type State } from "./sqlite/state.js";
