import { createHmac, timingSafeEqual } from "node:crypto";
import type { Plan } from "../model/plan.js";
import { planDigestText } from "../plan/index.js";

/** HMAC-SHA256 of a plan's canonical text, one a key, lower-case hex. */
export function signPlan(plan: Pick<Plan, "head" | "actions">, keys: readonly string[]): readonly string[] {
  const macs = keys.map((key) => createHmac("sha256", key).update("photodrift plan\n"));
  for (const text of planDigestText(plan.head, plan.actions())) for (const mac of macs) mac.update(text);
  return macs.map((mac) => mac.digest("hex"));
}

/** True when one of the keys made one of the signatures over exactly this plan. */
export function isProved(
  plan: Pick<Plan, "head" | "actions">,
  signatures: readonly string[],
  keys: readonly string[],
): boolean {
  const made = signPlan(plan, keys).map((hex) => Buffer.from(hex, "hex"));
  return signatures
    .map((hex) => Buffer.from(hex, "hex"))
    .some((given) => made.some((own) => own.length === given.length && timingSafeEqual(own, given)));
}
