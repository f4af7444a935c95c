import type { Cost, Plan, RunHead, RunMode, RunSummary, RunTrigger } from "../model/index.js";
import { applyPlan, type ApplyOptions, type ApplyPorts, type ApplyResult } from "./apply.js";
import type { Meter } from "./ports.js";
import type { AuditRecords } from "./records.js";

export interface CarriedOut {
  readonly head: RunHead;
  readonly summary: RunSummary;
  readonly cost: Cost;
  readonly result: ApplyResult;
}

export interface CarryOutRun {
  readonly id: string;
  readonly trigger: RunTrigger;
  readonly startedAt: string;
}

/**
 * One recorded run that carries out a plan: begins it, applies, and ends it with verdict, summary and cost. When applying throws, the run
 * stays unfinished and the next run closes it (closeInterruptedRuns).
 */
export async function carryOut(
  ports: ApplyPorts & {
    readonly meter: Meter;
    readonly records: Pick<AuditRecords, "beginRun" | "finishRun" | "countUsers" | "countMasters">;
  },
  plan: Plan,
  run: CarryOutRun,
  options: Omit<ApplyOptions, "runId">,
): Promise<CarriedOut> {
  const { records, clock, meter } = ports;
  const mode: RunMode = plan.head.purpose;
  const { tenant, limits, complete } = plan.head;
  records.beginRun({ id: run.id, mode, trigger: run.trigger, tenant, startedAt: run.startedAt });
  const result = await applyPlan(plan, ports, { ...options, runId: run.id });
  const unsettled = result.counts.failed + result.counts.stale + result.counts.skipped;
  const head: RunHead = {
    id: run.id,
    mode,
    trigger: run.trigger,
    tenant,
    startedAt: run.startedAt,
    finishedAt: new Date(clock.now()).toISOString(),
    verdict: result.verdict,
    exitCode: result.exitCode,
    complete: complete && result.exitCode !== 4 && !result.interrupted,
  };
  const summary: RunSummary = {
    users: records.countUsers(),
    usersInScope: limits.usersInScope,
    usersInSync: Math.max(0, limits.usersInScope - (unsettled === 0 ? 0 : limits.usersChanged)),
    usersWithDrift: unsettled === 0 ? 0 : limits.usersChanged,
    masters: records.countMasters(),
    byRule: {},
    byStore: {},
    new: 0,
    persisting: 0,
    resolved: 0,
  };
  const cost = meter.cost();
  records.finishRun(head, summary, cost);
  return { head, summary, cost, result };
}
