import type { ComparedUser } from "../model/compared.js";
import type { FindingDraft } from "../model/finding.js";
import type { LibraryFile } from "../model/photo.js";
import type { Plan } from "../model/plan.js";
import type { PlanAction } from "../model/plan-action.js";
import { actionSortKey, assemblePlan, planOrphan, planUser, type PlanBasis } from "../plan/index.js";
import type { PlanRecords } from "./journal-port.js";

export interface PlanMaker {
  /** One compared user with its findings; call it as the audit streams by. */
  user(user: ComparedUser, findings: readonly FindingDraft[]): void;
  orphan(file: LibraryFile, finding: FindingDraft): void;
  /** Counts, limits and digest; the plan is in the records from now on. */
  finish(basis: Omit<PlanBasis, "planId" | "purpose">): Plan;
}

/**
 * Makes a plan while users stream by; actions go to the plan records, so that memory holds one user.
 * @param now ISO 8601 UTC; plans that have expired by then are dropped
 */
export function createPlanMaker(
  planId: string,
  plans: PlanRecords,
  digest: (head: Plan["head"], actions: Iterable<PlanAction>) => string,
  now: string,
): PlanMaker {
  plans.dropPlansBefore(now);
  plans.dropPlan(planId);
  const add = (actions: readonly PlanAction[]): void => {
    if (actions.length === 0) return;
    plans.addActions(
      planId,
      actions.map((action) => ({ key: actionSortKey(action), action })),
    );
  };
  return {
    user: (user, findings) => add(planUser(user, findings)),
    orphan(file, finding) {
      const action = planOrphan(file, finding);
      if (action !== null) add([action]);
    },
    finish(basis) {
      const head = assemblePlan({ ...basis, planId, purpose: "apply" }, plans.actions(planId));
      const found = digest(head, plans.actions(planId));
      plans.savePlan(head, found);
      return { head, digest: found, actions: () => plans.actions(planId) };
    },
  };
}
