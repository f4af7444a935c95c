import { resolve } from "node:path";
import type { Argv } from "yargs";
import { commandLine } from "../../model/shell.js";
import type { Severity } from "../../model/rule.js";
import { planSchema } from "../../plan/index.js";
import type { ApplyPorts } from "../../run/apply.js";
import { readPlanFile } from "../../state/index.js";
import { applyNow, refuseOverLimits } from "../sessions/apply-now.js";
import { applySavedPlan } from "../sessions/apply-saved.js";
import { beforeWrites, printResult } from "../sessions/apply.js";
import { keepHistory } from "../sessions/keeping.js";
import { asker } from "../terminal/ask.js";
import { printReports } from "../sessions/print-reports.js";
import type { Filters, Workbench } from "../compose.js";
import { openApplyPorts } from "../compose-writers.js";
import { EXIT } from "../../model/exit-codes.js";
import { telling, type Made } from "../sessions/telling.js";
import { withWorkbench } from "../sessions/workbench.js";
import {
  failOnOf,
  filtersOf,
  withFilterFlags,
  withNotifyFlag,
  type FilterFlags,
  type NotifyFlag,
} from "../line/filters.js";
import { typedFlags } from "../line/typed.js";
import { wholeNumber } from "../line/whole-number.js";
import type { GlobalFlags, Invocation } from "../line/globals.js";
import { printPlan, writePlanResult } from "../sessions/plan-result.js";
import { signedBy } from "../sessions/plan-keys.js";
import { runPlannedAudit } from "../sessions/plan.js";
import { requireFormats } from "../terminal/formats.js";
import { jsonText, requireOutputs, writeResult } from "../terminal/results.js";

export interface ApplyFlags extends GlobalFlags, FilterFlags, NotifyFlag {
  readonly plan: string | undefined;
  readonly yes: boolean;
  readonly interactive: boolean;
  readonly "max-changes": number | undefined;
  readonly schema: boolean;
}

export function applyFlags<T>(yargs: Argv<T>) {
  return withNotifyFlag(withFilterFlags(yargs))
    .positional("plan", {
      type: "string",
      describe: "plan file of `audit --plan`; without it, audit and apply in one go with --yes",
    })
    .option("yes", { alias: "y", type: "boolean", default: false, describe: "carry out without asking" })
    .option("interactive", { type: "boolean", default: false, describe: "ask for each user, with the reason" })
    .option("schema", { type: "boolean", default: false, describe: "print the JSON Schema of plan files" })
    .option("max-changes", { type: "number", describe: "refuse to change more users than this" });
}

interface Wanted {
  readonly flags: ApplyFlags;
  readonly filters: Filters;
  readonly failOn: Severity;
  /** --max-changes, null without it. */
  readonly maxChanges: number | null;
  readonly invocation: Invocation;
}

/** Carries out a saved plan, or audits and applies in one go. Without either it prints the plan and ends with exit code 2. */
export async function applyCommand(flags: ApplyFlags, invocation: Invocation): Promise<number> {
  if (flags.schema) {
    requireFormats(invocation, "--schema", ["json"]);
    await writeResult(invocation, () => [jsonText(planSchema())]);
    return EXIT.ok;
  }
  const wanted: Wanted = {
    flags,
    filters: filtersOf(flags),
    failOn: failOnOf(flags),
    maxChanges: maxChangesOf(flags),
    invocation,
  };
  const how = { unrecorded: "apply", notify: flags.notify, signal: invocation.signal } as const;
  return withWorkbench(invocation, "photodrift apply", (bench) =>
    telling(bench, how, async (made) => {
      await requireOutputs(invocation.outputs);
      const ports = openApplyPorts(bench);
      await beforeWrites(bench, ports);
      const code =
        flags.plan === undefined
          ? await applyInOneGo(bench, ports, wanted, made)
          : await applySaved(bench, ports, wanted, made);
      await keepHistory(bench);
      return code === EXIT.drift && flags["exit-zero"] ? EXIT.ok : code;
    }),
  );
}

async function applyInOneGo(bench: Workbench, ports: ApplyPorts, wanted: Wanted, made: Made): Promise<number> {
  const { flags, filters, invocation, maxChanges } = wanted;
  const how = { trigger: "cli", failOn: wanted.failOn, signal: invocation.signal } as const;
  if (!flags.yes && !flags.interactive) {
    const session = await runPlannedAudit(bench, filters, { ...how, mode: "audit" }, maxChanges);
    printPlan(session.plan, invocation);
    await writePlanResult(
      session.plan,
      signedBy(invocation.env),
      commandLine(...(invocation.tenant?.typed ?? ["apply"]), ...typedFlags(flags), "--yes"),
      invocation,
    );
    refuseOverLimits(bench, session);
    const { changes } = session.plan.head.limits;
    // --exit-zero forgives drift; that not everything could be read is no drift.
    const untold = flags["exit-zero"] && session.exitCode === EXIT.incomplete;
    return changes === 0 || untold ? session.exitCode : EXIT.drift;
  }
  const done = await applyNow(bench, ports, filters, {
    ...how,
    maxChanges,
    ...(flags.interactive ? { approve: asker() } : {}),
    planned: ({ plan }) => {
      if (!invocation.quiet || !plan.head.applyable) printPlan(plan, invocation);
    },
  });
  printResult(done.result, invocation);
  if (done.moved > 0) invocation.terminal.err(`${done.moved} masters moved to ${bench.config.source.archive ?? ""}.\n`);
  made.report = await printReports(bench, done.runId, invocation);
  return done.exitCode;
}

async function applySaved(bench: Workbench, ports: ApplyPorts, wanted: Wanted, made: Made): Promise<number> {
  const { flags, filters, invocation, maxChanges } = wanted;
  const read = await readPlanFile(resolve(flags.plan ?? ""), bench.state.plans);
  const { run, result, head } = await applySavedPlan(bench, ports, read, {
    filters,
    failOn: wanted.failOn,
    maxChanges,
    env: invocation.env,
    signal: invocation.signal,
    ...(flags.interactive ? { approve: asker() } : {}),
    planned: (plan) => {
      if (!invocation.quiet || !plan.head.applyable) printPlan(plan, invocation);
    },
  });
  printResult(result, invocation);
  made.report = await printReports(bench, run.id, invocation);
  return head.exitCode;
}

function maxChangesOf(flags: ApplyFlags): number | null {
  return wholeNumber("--max-changes", flags["max-changes"], { from: 0, example: "50." }) ?? null;
}
