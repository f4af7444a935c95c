import { resolve } from "node:path";
import type { Argv } from "yargs";
import { PhotodriftError, type Plan, type RunMode } from "../../model/index.js";
import { isSelected, planSchema, requireApplyable, verifyPlan, withMaxChanges } from "../../plan/index.js";
import type { AuditListener, RunIdentity } from "../../run/audit.js";
import type { ApplyPorts } from "../../run/apply.js";
import type { PlanMaker } from "../../run/make-plan.js";
import { readPlanFile } from "../../state/index.js";
import { beforeWrites, carryOut, endRun, keepBackups, printPlan, printResult } from "../apply-session.js";
import { bothListen, confirmedMasters } from "../archive-session.js";
import { printReports, runAudit } from "../audit-session.js";
import { newRun, type Filters, type Workbench } from "../compose.js";
import { openApplyPorts } from "../compose-writers.js";
import { EXIT } from "../exit-codes.js";
import { withWorkbench } from "../workbench-session.js";
import { failOnOf, filtersOf, withFilterFlags, type FilterFlags } from "../filters.js";
import type { GlobalFlags, Invocation } from "../globals.js";
import { finishPlan, makePlanOf } from "../plan-session.js";

export interface ApplyFlags extends GlobalFlags, FilterFlags {
  readonly plan: string | undefined;
  readonly yes: boolean;
  readonly interactive: boolean;
  readonly "max-changes": number | undefined;
  readonly schema: boolean;
}

export function applyFlags<T>(yargs: Argv<T>) {
  return withFilterFlags(yargs)
    .positional("plan", {
      type: "string",
      describe: "plan file of `audit --plan`; without it, audit and apply in one go with --yes",
    })
    .option("yes", { alias: "y", type: "boolean", default: false, describe: "carry out without asking" })
    .option("interactive", { type: "boolean", default: false, describe: "ask for each user, with the reason" })
    .option("schema", { type: "boolean", default: false, describe: "print the JSON Schema of plan files" })
    .option("max-changes", { type: "number", describe: "refuse to change more users than this" });
}

/** Carries out a saved plan, or audits and applies in one go. Without either it prints the plan and ends with exit code 2. */
export async function applyCommand(flags: ApplyFlags, invocation: Invocation): Promise<number> {
  if (flags.schema) {
    await invocation.terminal.out(`${JSON.stringify(planSchema(), null, 2)}\n`);
    return EXIT.ok;
  }
  const filters = filtersOf(flags);
  const maxChanges = maxChangesOf(flags);
  return withWorkbench(invocation, "photodrift apply", async (bench) => {
    const ports = openApplyPorts(bench);
    await beforeWrites(bench, ports);
    const code =
      flags.plan === undefined
        ? await applyInOneGo(bench, ports, flags, filters, maxChanges, invocation)
        : await applySaved(bench, ports, resolve(flags.plan), flags, filters, maxChanges, invocation);
    await keepBackups(bench, ports);
    return code;
  });
}

async function applyInOneGo(
  bench: Workbench,
  ports: ApplyPorts,
  flags: ApplyFlags,
  filters: Filters,
  maxChanges: number | null,
  invocation: Invocation,
): Promise<number> {
  let maker: PlanMaker | null = null;
  const goes = flags.yes || flags.interactive;
  const mode: RunMode = goes ? "apply" : "audit";
  const archive = confirmedMasters(bench);
  const listener = (run: RunIdentity): AuditListener => bothListen((maker = makePlanOf(bench, run)), archive);
  const how = { trigger: "cli", failOn: failOnOf(flags), signal: invocation.signal, listener, mode } as const;
  const session = await runAudit(bench, filters, how);
  if (maker === null) return session.exitCode;
  const plan = finishPlan(maker, bench, session, maxChanges);
  const empty = plan.head.limits.changes === 0;
  await printPlan(plan, invocation);
  refuseOverLimits(plan, bench, session.run.id);
  if (!goes) {
    if (!empty) await invocation.terminal.out("Nothing was written. Carry it out with: photodrift apply --yes\n");
    return empty ? session.exitCode : EXIT.drift;
  }
  const result = await carryOut(bench, ports, plan, {
    runId: session.run.id,
    invocation,
    interactive: flags.interactive,
  });
  const exitCode = result.exitCode === EXIT.ok && !session.result.complete ? EXIT.incomplete : result.exitCode;
  const moved = result.interrupted ? 0 : await archive.move();
  endRun(bench, session.run, { mode: "apply", trigger: "cli" }, result, exitCode);
  await printResult(result, invocation);
  if (moved > 0) await invocation.terminal.out(`${moved} masters moved to ${bench.config.source.archive ?? ""}.\n`);
  if (invocation.outputs.length > 0) await printReports(bench, session.run.id, invocation);
  return exitCode;
}

async function applySaved(
  bench: Workbench,
  ports: ApplyPorts,
  file: string,
  flags: ApplyFlags,
  filters: Filters,
  maxChanges: number | null,
  invocation: Invocation,
): Promise<number> {
  const { plan: read, foundDigest } = await readPlanFile(file, bench.state.plans);
  verifyPlan(read.head, read.digest, {
    tenant: bench.config.tenant.id,
    now: bench.ports.clock.now(),
    digest: foundDigest,
    lastOtherWrite: bench.state.journal.lastWriteOfOthers(read.head.planId),
  });
  const plan: Plan = maxChanges === null ? read : { ...read, head: withMaxChanges(read.head, maxChanges) };
  await printPlan(plan, invocation);
  requireApplyable(plan.head);
  const run = newRun(bench.ports.clock.now());
  bench.state.records.beginRun({ ...run, mode: "apply", trigger: "cli", tenant: bench.config.tenant.id });
  const { users, rules, stores } = filters;
  const select = (action: Parameters<typeof isSelected>[0]) => isSelected(action, { users, rules, stores });
  const result = await carryOut(bench, ports, plan, {
    runId: run.id,
    invocation,
    interactive: flags.interactive,
    select,
  });
  endRun(bench, run, { mode: "apply", trigger: "cli" }, result, result.exitCode);
  await printResult(result, invocation);
  if (invocation.outputs.length > 0) await printReports(bench, run.id, invocation);
  return result.exitCode;
}

/** The plan was printed; a limit or the tenant's policy now refuses it before the first write. */
function refuseOverLimits(plan: Plan, bench: Workbench, runId: string): void {
  if (plan.head.applyable) return;
  const run = bench.state.records.run(runId);
  if (run !== null) {
    bench.state.records.finishRun({ ...run.head, verdict: "refused", exitCode: EXIT.refused }, run.summary, run.cost);
  }
  requireApplyable(plan.head);
}

function maxChangesOf(flags: ApplyFlags): number | null {
  const value = flags["max-changes"];
  if (value === undefined) return null;
  if (Number.isInteger(value) && value >= 0) return value;
  throw new PhotodriftError("usage", "--max-changes takes a whole number.", "For example --max-changes 50.", "usage");
}
