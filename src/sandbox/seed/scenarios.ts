import { FINER } from "./finer-scenarios.js";
import type { Scenario } from "./scenario.js";
import { TELLING } from "./telling-scenarios.js";

export type { Props, Scenario } from "./scenario.js";

/** Every situation that a first audit can see, most telling first: a tenant too small for all of them has the first ones. */
export const SCENARIOS: readonly Scenario[] = [...TELLING, ...FINER];

/** How many users of a full set of situations drift. */
export const SCENARIO_DRIFT = SCENARIOS.reduce((sum, scenario) => sum + (scenario.drift ? scenario.count : 0), 0);
