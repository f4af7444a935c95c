import type { Severity } from "../../model/rule.js";
import type { RunTrigger } from "../../model/run.js";
import { requireApplyable } from "../../plan/index.js";
import type { ApplyPorts, ApplyResult } from "../../run/apply.js";
import { carryOut, type ApplyHow } from "./apply.js";
import { confirmedMasters } from "./archive.js";
import type { Filters, Workbench } from "../compose.js";
import { EXIT } from "../../model/exit-codes.js";
import { endApply, endingOnError } from "./end-run.js";
import { runPlannedAudit, type PlannedAudit } from "./plan.js";

export interface ApplyNowHow extends Pick<ApplyHow, "signal" | "approve"> {
  readonly trigger: RunTrigger;
  readonly failOn: Severity;
  readonly maxChanges: number | null;
  /** Told of the plan before anything is written, and before it is refused. */
  readonly planned: (session: PlannedAudit) => void;
}

export interface AppliedNow {
  readonly runId: string;
  readonly result: ApplyResult;
  readonly exitCode: number;
  /** Masters moved into the archive. */
  readonly moved: number;
}

/**
 * Audits and applies in one go; the run is in the records when it returns.
 * Throws PhotodriftError (refused) where a limit or the tenant's policy stands against the plan; the run is recorded as refused.
 */
export async function applyNow(
  bench: Workbench,
  ports: ApplyPorts,
  filters: Filters,
  how: ApplyNowHow,
): Promise<AppliedNow> {
  const { trigger, failOn, signal } = how;
  const archive = confirmedMasters(bench, filters);
  const auditHow = { trigger, failOn, signal, mode: "apply" } as const;
  const session = await runPlannedAudit(bench, filters, auditHow, how.maxChanges, archive);
  const { run, plan } = session;
  const { result, exitCode } = await endingOnError(bench, { ...run, mode: "apply", trigger }, async () => {
    how.planned(session);
    requireApplyable(plan.head);
    const done = await carryOut(bench, ports, plan, { ...how, runId: run.id });
    return { result: done, ...endApply(bench, { run, plan, trigger, result: done, failOn }) };
  });
  const moved = result.interrupted ? 0 : await archive.move();
  return { runId: run.id, result, exitCode, moved };
}

/** A limit or the tenant's policy refuses the plan before the first write. */
export function refuseOverLimits(bench: Workbench, { plan, run }: PlannedAudit): void {
  if (plan.head.applyable) return;
  const found = bench.state.records.run(run.id);
  if (found !== null) {
    const head = { ...found.head, verdict: "refused", exitCode: EXIT.refused } as const;
    bench.state.records.finishRun(head, found.summary, found.cost);
  }
  requireApplyable(plan.head);
}
