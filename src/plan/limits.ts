import { changePercent, type PlanLimits, type PlanRefusal } from "../model/plan.js";
import type { PlanAction } from "../model/plan-action.js";

/** Below this many users in scope a share says nothing: one of three would already be 33 percent. */
const PERCENT_COUNTS_FROM = 10;

/** Counts the blast radius of actions as they stream by. */
export interface ActionCounter {
  add(action: PlanAction): void;
  counts(): {
    readonly changes: number;
    readonly removals: number;
    readonly usersChanged: number;
    readonly photoWrites: number;
  };
}

/** Actions must come grouped by owner (the order of a plan), so that no set of users is held. */
export function countActions(ownerOf: (action: PlanAction) => string): ActionCounter {
  let changes = 0;
  let removals = 0;
  let usersChanged = 0;
  let photoWrites = 0;
  let last: string | null = null;
  return {
    add(action) {
      changes++;
      if (isRemoval(action)) removals++;
      if (action.action === "upload-photo" || action.action === "delete-photo") photoWrites++;
      const owner = ownerOf(action);
      if (action.user !== null && owner !== last) usersChanged++;
      last = owner;
    },
    counts: () => ({ changes, removals, usersChanged, photoWrites }),
  };
}

export function isRemoval(action: PlanAction): boolean {
  return action.action === "delete-photo" || action.action === "delete-thumbnail";
}

/** Every limit that the plan is over, with share, limit, counts and the cure. */
export function checkLimits(limits: PlanLimits): readonly PlanRefusal[] {
  const { usersChanged, usersInScope, removals, maxChangePercent, maxRemovals, maxChanges } = limits;
  const refusals: PlanRefusal[] = [];
  if (
    maxChangePercent !== null &&
    usersInScope >= PERCENT_COUNTS_FROM &&
    usersChanged * 100 > maxChangePercent * usersInScope
  ) {
    refusals.push({
      code: "max-change-percent",
      message: `The plan changes ${usersChanged} of ${usersInScope} users in scope (${changePercent(limits)} %); limits.maxChangePercent allows ${maxChangePercent} %.`,
      cure: "Read the plan. If it is right, raise limits.maxChangePercent, or apply in parts with --user, --group, --rule or --store.",
    });
  }
  if (maxRemovals !== null && removals > maxRemovals) {
    refusals.push({
      code: "max-removals",
      message: `The plan takes away ${removals} ${removals === 1 ? "picture" : "pictures"}; limits.maxRemovals allows ${maxRemovals}.`,
      cure: "Read the removals of the plan. If they are right, raise limits.maxRemovals, or leave their rules out with --rule.",
    });
  }
  if (maxChanges !== null && usersChanged > maxChanges) {
    refusals.push({
      code: "max-changes",
      message: `The plan changes ${usersChanged} users; --max-changes allows ${maxChanges}.`,
      cure: "Raise --max-changes, or apply in parts with --user, --group, --rule or --store.",
    });
  }
  return refusals;
}
