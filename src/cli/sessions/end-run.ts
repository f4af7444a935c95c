import { EMPTY_SUMMARY, type RunHead, type RunSummary, type RunTrigger } from "../../model/run.js";
import { systemReason } from "../../model/system-errors.js";
import type { Plan } from "../../model/plan.js";
import type { Severity } from "../../model/rule.js";
import type { ApplyResult } from "../../run/apply.js";
import type { RunIdentity } from "../../run/audited.js";
import { endOfApply, endOfUndo, isCured, summaryOfLeft, type Ending } from "../../run/remainder.js";
import type { Workbench } from "../compose.js";
import { EXIT } from "../../model/exit-codes.js";
import { exitCodeOfError } from "../exit-codes.js";

/** What ending a run needs of a workbench. */
export type EndedBench = Pick<Workbench, "config" | "state"> & {
  readonly ports: Pick<Workbench["ports"], "clock" | "meter" | "progress">;
};

export interface EndedApply {
  readonly run: RunIdentity;
  readonly plan: Plan;
  readonly trigger: RunTrigger;
  readonly result: ApplyResult;
  readonly failOn: Severity;
}

/**
 * Ends an apply in the records: findings, summary, verdict and exit code tell what is left in the tenant. The findings before the writes
 * are the run's own (audit and apply in one go), or those of the run that the plan rests on where this state file has it; a plan from
 * elsewhere is never called in sync, for what it left out is not known here.
 */
export function endApply(bench: EndedBench, { run, plan, trigger, result, failOn }: EndedApply): RunHead {
  const { records, remainder } = bench.state;
  const basis = records.run(plan.head.basedOn.runId);
  return records.transaction(() => {
    if (basis !== null && basis.head.id !== run.id) remainder.carry(basis.head.id, run.id);
    const cured = basis === null ? 0 : remainder.settleCured(run.id, isCured);
    const left = remainder.count(run.id);
    const end = endOfApply(result, { left: basis === null ? null : left, complete: plan.head.complete, failOn });
    const summary = summaryOfLeft(basis?.summary ?? null, left, cured);
    return finish(bench, { ...run, mode: "apply", trigger }, end, summary);
  });
}

/** Ends an undo in the records: what the undone run had cured stands again where it was put back. */
export function endUndo(
  bench: EndedBench,
  run: RunIdentity,
  undone: string,
  result: ApplyResult,
  impossible: number,
): RunHead {
  const { records, remainder } = bench.state;
  const basis = records.run(undone);
  return records.transaction(() => {
    remainder.carry(undone, run.id);
    remainder.settleRestored(undone, run.id);
    const summary = summaryOfLeft(basis?.summary ?? null, remainder.count(run.id), 0);
    const end = endOfUndo(result, impossible);
    return finish(bench, { ...run, mode: "undo", trigger: "cli" }, end, { ...summary, resolved: 0 });
  });
}

/**
 * Ends a run that an error cut off, with what its audit found, if it came to one. Where not even that can be recorded the next run ends it
 * as interrupted, and the error that came first is the one to tell.
 */
export function endFailed(
  bench: EndedBench,
  run: Pick<RunHead, "id" | "startedAt" | "mode" | "trigger">,
  error: unknown,
): void {
  try {
    const audited = bench.state.records.run(run.id);
    finish(bench, run, endOfError(error), audited?.summary ?? EMPTY_SUMMARY);
  } catch (second) {
    bench.ports.progress.warn(`The end of run ${run.id} could not be recorded: ${systemReason(second)}.`);
  }
}

/** How a run ended that an error cut off. */
export function endOfError(error: unknown): Ending {
  const exitCode = exitCodeOfError(error);
  const verdict = exitCode === EXIT.interrupted ? "interrupted" : exitCode === EXIT.refused ? "refused" : "failed";
  return { verdict, exitCode, complete: false };
}

/** Writes under a run that has begun; an error ends the run before it goes on. */
export async function endingOnError<T>(
  bench: EndedBench,
  run: Pick<RunHead, "id" | "startedAt" | "mode" | "trigger">,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    endFailed(bench, run, error);
    throw error;
  }
}

function finish(
  bench: EndedBench,
  run: Pick<RunHead, "id" | "startedAt" | "mode" | "trigger">,
  end: Ending,
  summary: RunSummary,
): RunHead {
  const finishedAt = new Date(bench.ports.clock.now()).toISOString();
  const head: RunHead = { ...run, tenant: bench.config.tenant.id, finishedAt, ...end };
  bench.state.records.finishRun(head, summary, bench.ports.meter.cost());
  return head;
}
