import {
  PLAN_FORMAT_VERSION,
  PLAN_LIFETIME_MS,
  type Plan,
  type PlanHead,
  type PlanLimits,
  type PlanRefusal,
} from "../model/plan.js";
import type { Authority } from "../model/config.js";
import { ownerKey, type PlanAction } from "../model/plan-action.js";
import type { RuleId } from "../model/rule.js";
import { checkLimits, countActions } from "./limits.js";

/** What a plan rests on, before its actions are counted. Limits that are null do not hold. */
export interface PlanBasis {
  readonly planId: string;
  readonly purpose: PlanHead["purpose"];
  readonly tenant: string;
  readonly runId: string;
  /** ISO 8601 UTC: when the tenant was looked at. */
  readonly observedAt: string;
  readonly complete: boolean;
  /** Rules named with --rule. */
  readonly rules?: readonly RuleId[];
  /** policy.authority, `source` where it plays no part. */
  readonly authority?: Authority;
  readonly usersInScope: number;
  readonly maxChangePercent: number | null;
  readonly maxRemovals: number | null;
  readonly maxChanges: number | null;
  /** Why the tenant forbids photo writes through the cloud, or null. */
  readonly writesBlocked: string | null;
}

/**
 * The head of a plan over its actions, which are read once and must come in the order of a plan. It is applyable when no limit is exceeded
 * and the tenant's own photo policy does not stand against it; a plan without actions is.
 */
export function assemblePlan(basis: PlanBasis, actions: Iterable<PlanAction>): PlanHead {
  const counter = countActions(ownerKey);
  for (const action of actions) counter.add(action);
  const { photoWrites, ...counted } = counter.counts();
  const { maxChangePercent, maxRemovals, maxChanges, usersInScope } = basis;
  const limits: PlanLimits = { maxChangePercent, maxRemovals, maxChanges, ...counted, usersInScope };
  const refusals = [...checkLimits(limits), ...blocked(basis.writesBlocked, photoWrites)];
  return {
    formatVersion: PLAN_FORMAT_VERSION,
    planId: basis.planId,
    purpose: basis.purpose,
    tenant: basis.tenant,
    basedOn: { runId: basis.runId, observedAt: basis.observedAt },
    expiresAt: new Date(Date.parse(basis.observedAt) + PLAN_LIFETIME_MS).toISOString(),
    rules: basis.rules ?? [],
    authority: basis.authority ?? "source",
    limits,
    complete: basis.complete,
    applyable: refusals.length === 0,
    refusals,
  };
}

/**
 * The actions of a plan that are wanted, as a plan of their own: what they come to is counted anew, and held against the plan's limits. Its digest
 * stays that of the whole plan.
 */
export function partOf(plan: Plan, isWanted: (action: PlanAction) => boolean): Plan {
  const { head, digest } = plan;
  function* actions(): Generator<PlanAction> {
    for (const action of plan.actions()) if (isWanted(action)) yield action;
  }
  const counter = countActions(ownerKey);
  for (const action of actions()) counter.add(action);
  const { photoWrites, ...counted } = counter.counts();
  const limits = { ...head.limits, ...counted };
  const blocks = head.refusals.filter(({ code }) => code === "writes-blocked" && photoWrites > 0);
  const refusals = [...checkLimits(limits), ...blocks];
  return { head: { ...head, limits, refusals, applyable: refusals.length === 0 }, digest, actions };
}

/** Limits as they hold today; null: no limit of that kind. */
export type LimitsToday = Pick<PlanLimits, "maxChangePercent" | "maxRemovals" | "maxChanges"> & {
  /** Users in scope today, null where the directory was never read. */
  readonly usersInScope: number | null;
};

/** The same plan under today's limits: of each the stricter one holds, and the share is taken of the plan's users and of today's. */
export function underLimits(head: PlanHead, today: LimitsToday): PlanHead {
  const limits: PlanLimits = {
    ...head.limits,
    maxChangePercent: stricter(head.limits.maxChangePercent, today.maxChangePercent),
    maxRemovals: stricter(head.limits.maxRemovals, today.maxRemovals),
    maxChanges: stricter(head.limits.maxChanges, today.maxChanges),
  };
  const found = checkLimits(limits);
  const asToday = today.usersInScope === null ? [] : checkLimits({ ...limits, usersInScope: today.usersInScope });
  const refusals = [
    ...found,
    ...asToday.filter(({ code }) => !found.some((one) => one.code === code)),
    ...head.refusals.filter(({ code }) => code === "writes-blocked"),
  ];
  return { ...head, limits, refusals, applyable: refusals.length === 0 };
}

function stricter(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function blocked(why: string | null, photoWrites: number): readonly PlanRefusal[] {
  if (why === null || photoWrites === 0) return [];
  return [
    {
      code: "writes-blocked",
      message: `The tenant's photo policy (source ${why}) forbids the ${photoWrites} photo ${photoWrites === 1 ? "write" : "writes"} of this plan.`,
      cure: "Set photoUpdateSettings.source to cloud (PATCH /beta/admin/people/photoUpdateSettings, up to 24 hours), or apply SharePoint alone with --store sharepoint.",
    },
  ];
}
