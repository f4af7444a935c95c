import { z } from "zod";
import { AUTHORITIES } from "./config.js";
import { planActionSchema, type PlanAction } from "./plan-action.js";
import { RULE_IDS } from "./rule.js";
import { count, sha256, text, time, type DeepReadonly } from "./shapes.js";

/** Version of the plan file; another one is refused. */
export const PLAN_FORMAT_VERSION = "1.0";
/** A plan is worth nothing a day after the tenant was looked at. */
export const PLAN_LIFETIME_MS = 24 * 60 * 60 * 1000;

const planLimits = z.strictObject({
  maxChangePercent: z.number().min(0).nullable(),
  maxRemovals: count.nullable(),
  maxChanges: count.nullable().describe("from --max-changes: users that may be changed"),
  changes: count.describe("actions, removals among them"),
  removals: count,
  usersChanged: count,
  usersInScope: count,
});
/** The blast radius of a plan beside what is allowed. null: no limit of that kind. */
export type PlanLimits = DeepReadonly<z.output<typeof planLimits>>;

const planRefusal = z.strictObject({
  code: z.enum(["max-change-percent", "max-removals", "max-changes", "writes-blocked"]),
  message: text,
  cure: text,
});
/** Why a plan must not be carried out. */
export type PlanRefusal = DeepReadonly<z.output<typeof planRefusal>>;

export const planHeadSchema = z.strictObject({
  formatVersion: z.string().regex(/^1\.\d+$/),
  planId: text,
  purpose: z.enum(["apply", "undo"]),
  tenant: text,
  basedOn: z.strictObject({ runId: text, observedAt: time }),
  expiresAt: time,
  rules: z.array(z.enum(RULE_IDS)).describe("rules that were named with --rule when it was made; empty: none"),
  authority: z.enum(AUTHORITIES).describe("policy.authority when it was made"),
  limits: planLimits,
  complete: z.boolean().describe("every store and user was looked at: nothing is missing from the plan"),
  applyable: z.boolean().describe("false while a limit or the tenant's policy forbids it"),
  refusals: z.array(planRefusal),
});
/** All of a plan but its actions. */
export type PlanHead = DeepReadonly<z.output<typeof planHeadSchema>>;

/** The members of a plan file that stand before its actions. */
export const planMembersSchema = planHeadSchema.extend({
  digest: sha256.describe("SHA-256 over head and actions"),
  signatures: z.array(sha256).describe("HMAC-SHA256 over head and actions, one a key"),
});

/** The plan file. */
export const planFileSchema = planMembersSchema.extend({ actions: z.array(planActionSchema) });

/** A plan whose actions are taken lazily; each call of `actions` starts anew and gives them in the order of the plan. */
export interface Plan {
  readonly head: PlanHead;
  /** SHA-256 over head and actions, see planDigestText. */
  readonly digest: string;
  actions(): Iterable<PlanAction>;
}

/** Share of the users in scope that would be changed, percent with one decimal; 0 without users. */
export function changePercent(limits: Pick<PlanLimits, "usersChanged" | "usersInScope">): number {
  if (limits.usersInScope === 0) return 0;
  return Math.round((limits.usersChanged / limits.usersInScope) * 1000) / 10;
}
