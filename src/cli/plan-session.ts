import { actionSortKey, assemblePlan, planOrphan, planUser } from "../plan/index.js";
import type { Plan, PlanAction } from "../model/index.js";
import type { AuditListener } from "../run/audit.js";
import { planDigest } from "../state/index.js";
import type { AuditSession } from "./audit-session.js";
import type { Workbench } from "./compose.js";

/** Collects the actions of an audit as it streams by, in the state file rather than in memory. */
export interface PlanCollector extends AuditListener {
  /** The plan of the finished audit, saved in the state file. */
  finish(session: AuditSession, maxChanges: number | null): Plan;
}

export function collectPlan(bench: Workbench, runIdHint: string): PlanCollector {
  const { plans } = bench.state;
  const planId = `plan-${runIdHint}`;
  plans.dropPlan(planId);
  const add = (actions: readonly PlanAction[]): void => {
    if (actions.length > 0)
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
    finish(session, maxChanges) {
      const { result, run } = session;
      const head = assemblePlan(
        {
          planId,
          purpose: "apply",
          tenant: result.head.tenant,
          runId: run.id,
          observedAt: run.startedAt,
          complete: result.complete,
          usersInScope: result.summary.usersInScope,
          maxChangePercent: bench.config.limits.maxChangePercent,
          maxRemovals: bench.config.limits.maxRemovals,
          maxChanges,
          writesBlocked: result.writesBlocked,
        },
        plans.actions(planId),
      );
      const digest = planDigest(head, plans.actions(planId));
      plans.savePlan(head, digest);
      return { head, digest, actions: () => plans.actions(planId) };
    },
  };
}
