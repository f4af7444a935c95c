import type { Plan } from "../../model/plan.js";
import { isProved, signPlan, type ReadPlan } from "../../state/index.js";
import type { Workbench } from "../compose.js";

/** PHOTODRIFT_PLAN_KEY: proves a plan of another state file, for pipelines that audit on one machine and apply on another. */
function planKeys(env: NodeJS.ProcessEnv): readonly string[] {
  const shared = env["PHOTODRIFT_PLAN_KEY"] ?? "";
  return shared === "" ? [] : [shared];
}

/** Signs plans with that key; no signature without it. */
export function signedBy(env: NodeJS.ProcessEnv): (plan: Plan) => readonly string[] {
  return (plan) => signPlan(plan, planKeys(env));
}

/** How a plan file is proved: `here`, it is to the letter one that this state file made and remembers; `key`, by signature; or not at all. */
export type Proof = "here" | "key" | null;

export function proofOf(
  { plan, foundDigest, signatures }: ReadPlan,
  { state }: Pick<Workbench, "state">,
  env: NodeJS.ProcessEnv,
): Proof {
  if (state.plans.plan(plan.head.planId)?.digest === foundDigest) return "here";
  return isProved(plan, signatures, planKeys(env)) ? "key" : null;
}
