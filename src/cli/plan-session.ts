import type { Plan } from "../model/index.js";
import type { RunIdentity } from "../run/audit.js";
import { createPlanMaker, type PlanMaker } from "../run/make-plan.js";
import { planDigest } from "../state/index.js";
import type { AuditSession } from "./audit-session.js";
import type { Workbench } from "./compose.js";

/** Collects the plan of an audit as it streams by. */
export function makePlanOf(bench: Workbench, run: RunIdentity): PlanMaker {
  return createPlanMaker(`plan-${run.id}`, bench.state.plans, planDigest, run.startedAt);
}

/** The plan of a finished audit, saved in the state file. */
export function finishPlan(maker: PlanMaker, bench: Workbench, session: AuditSession, maxChanges: number | null): Plan {
  const { result, run } = session;
  const { limits } = bench.config;
  return maker.finish({
    tenant: result.head.tenant,
    runId: run.id,
    observedAt: run.startedAt,
    complete: result.complete,
    usersInScope: result.summary.usersInScope,
    maxChangePercent: limits.maxChangePercent,
    maxRemovals: limits.maxRemovals,
    maxChanges,
    writesBlocked: result.writesBlocked,
  });
}
