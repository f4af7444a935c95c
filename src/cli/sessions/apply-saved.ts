import type { ApplyPorts, ApplyResult } from "../../run/apply.js";
import type { RunIdentity } from "../../run/audited.js";
import type { Plan } from "../../model/plan.js";
import type { Severity } from "../../model/rule.js";
import type { RunHead } from "../../model/run.js";
import { isSelected, partOf, requireApplyable, underLimits, verifyPlan } from "../../plan/index.js";
import { membersOfGroups } from "../../run/scope-groups.js";
import { usersInPlan } from "../../run/named-users.js";
import { objectionTo, undecidable } from "../../run/today/objections.js";
import type { ReadPlan } from "../../state/index.js";
import { carryOut, type ApplyHow } from "./apply.js";
import { newRun, runIdentity, type Filters } from "../compose.js";
import { endApply, endingOnError } from "./end-run.js";
import { proofOf } from "./plan-keys.js";
import { todayFor, type TodayBench } from "./today.js";

export interface ApplySavedHow extends Pick<ApplyHow, "signal" | "approve"> {
  readonly filters: Pick<Filters, "users" | "groups" | "rules" | "stores">;
  readonly failOn: Severity;
  /** --max-changes, null without it. */
  readonly maxChanges: number | null;
  readonly env: NodeJS.ProcessEnv;
  /** Told of the plan before anything is written, and before it is refused. */
  readonly planned: (plan: Plan) => void;
}

export interface AppliedSaved {
  readonly run: RunIdentity;
  readonly result: ApplyResult;
  readonly head: RunHead;
}

/**
 * Carries out a plan that came out of a file, as far as it is proved and as today's configuration, lists, source folder and tenant allow.
 * The run lock must be held. Throws PhotodriftError (refused) for a plan that is not believed, or over a limit; no run is recorded then.
 */
export async function applySavedPlan(
  bench: TodayBench,
  ports: ApplyPorts,
  read: ReadPlan,
  how: ApplySavedHow,
): Promise<AppliedSaved> {
  const { config, state } = bench;
  const { filters } = how;
  const proof = proofOf(read, bench, how.env);
  verifyPlan(read.plan.head, read.plan.digest, {
    tenant: config.tenant.id,
    now: bench.ports.clock.now(),
    digest: read.foundDigest,
    counted: read.counted,
    proved: proof !== null,
    lastOtherWrite: state.journal.lastWriteOfOthers(read.plan.head.planId),
  });
  const { maxChangePercent, maxRemovals } = config.limits;
  const members = await membersOfGroups(bench.ports, filters.groups, maxChangePercent);
  const users = await usersInPlan(bench.ports, {
    names: filters.users,
    actions: read.plan.actions(),
    runId: runIdentity(bench.ports.clock.now()).id,
    maxChangePercent,
  });
  const part = partOf(read.plan, (action) => isSelected(action, { ...filters, users, members }));
  const { today, usersInScope } = await todayFor(bench, part, { here: proof === "here", named: filters.rules });
  const limits = { maxChangePercent, maxRemovals, maxChanges: how.maxChanges, usersInScope };
  const plan: Plan = { ...part, head: underLimits(part.head, limits) };
  how.planned(plan);
  requireApplyable(plan.head);
  const run = newRun(bench.ports.clock.now());
  state.records.beginRun({ ...run, mode: "apply", trigger: "cli", tenant: config.tenant.id });
  return endingOnError(bench, { ...run, mode: "apply", trigger: "cli" }, async () => {
    const result = await carryOut(bench, ports, plan, {
      runId: run.id,
      signal: how.signal,
      ...(how.approve === undefined ? {} : { approve: how.approve }),
      objection: (action) => objectionTo(action, today),
      undecidable: (action) => undecidable(action, today),
    });
    return { run, result, head: endApply(bench, { run, plan, trigger: "cli", result, failOn: how.failOn }) };
  });
}
