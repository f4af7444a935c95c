import type { Plan } from "../model/index.js";
import { signPlan } from "../state/index.js";
import type { Workbench } from "./compose.js";

/** The keys whose signature proves a plan: this state file's own and, where it is set, PHOTODRIFT_PLAN_KEY. */
export function planKeys({ state }: Pick<Workbench, "state">, env: NodeJS.ProcessEnv): readonly string[] {
  const shared = env["PHOTODRIFT_PLAN_KEY"] ?? "";
  return shared === "" ? [state.planKey()] : [state.planKey(), shared];
}

/** Signs plans with those keys. */
export function signedBy(bench: Pick<Workbench, "state">, env: NodeJS.ProcessEnv): (plan: Plan) => readonly string[] {
  return (plan) => signPlan(plan, planKeys(bench, env));
}
