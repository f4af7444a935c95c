import type { Plan } from "../../model/plan.js";
import type { AuditListener } from "../../run/audited.js";
import { createPlanMaker } from "../../run/make-plan.js";
import { planDigest } from "../../state/index.js";
import { bothListen } from "./archive.js";
import { runHeardAudit, type AuditHow, type AuditSession } from "./audit.js";
import type { Filters, Workbench } from "../compose.js";

/** An audit with the plan of repairs that was made of it, saved in the state file. */
export interface PlannedAudit extends AuditSession {
  readonly plan: Plan;
}

/**
 * One audit, and the plan of it.
 * @param maxChanges --max-changes, null without it
 * @param also hears every user beside the planner
 */
export async function runPlannedAudit(
  bench: Workbench,
  filters: Filters,
  how: AuditHow,
  maxChanges: number | null,
  also?: AuditListener,
): Promise<PlannedAudit> {
  const session = await runHeardAudit(bench, filters, how, (run) => {
    const maker = createPlanMaker(`plan-${run.id}`, bench.state.plans, planDigest, run.startedAt);
    return { maker, ...(also === undefined ? maker : bothListen(maker, also)) };
  });
  const { run, result, exitCode, listener } = session;
  const { maxChangePercent, maxRemovals } = bench.config.limits;
  const plan = listener.maker.finish({
    tenant: result.head.tenant,
    runId: run.id,
    observedAt: run.startedAt,
    complete: result.complete,
    rules: filters.rules,
    authority: bench.config.policy.authority,
    usersInScope: result.summary.usersInScope,
    maxChangePercent,
    maxRemovals,
    maxChanges,
    writesBlocked: result.writesBlocked,
  });
  return { run, result, exitCode, plan };
}
