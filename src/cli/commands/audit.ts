import { resolve } from "node:path";
import type { Argv } from "yargs";
import type { Plan } from "../../model/plan.js";
import { commandLine } from "../../model/shell.js";
import { requirePlanFile, writePlanFile } from "../../state/index.js";
import { printReports } from "../sessions/print-reports.js";
import { runAudit, type AuditSession } from "../sessions/audit.js";
import { signedBy } from "../sessions/plan-keys.js";
import { runPlannedAudit } from "../sessions/plan.js";
import { EXIT } from "../../model/exit-codes.js";
import { telling } from "../sessions/telling.js";
import { withWorkbench } from "../sessions/workbench.js";
import {
  failOnOf,
  filtersOf,
  withFilterFlags,
  withNotifyFlag,
  type FilterFlags,
  type NotifyFlag,
} from "../line/filters.js";
import { configFlag } from "../line/command-to-type.js";
import type { GlobalFlags, Invocation } from "../line/globals.js";
import { everyStep, requireOutputs } from "../terminal/results.js";

export interface AuditFlags extends GlobalFlags, FilterFlags, NotifyFlag {
  readonly plan: string | undefined;
}

export function auditFlags<T>(yargs: Argv<T>) {
  return withNotifyFlag(
    withFilterFlags(yargs).option("plan", { type: "string", describe: "also save the plan of repairs to this file" }),
  );
}

/** Pull, compare, report. Never writes to the tenant: nothing that could write is wired. */
export async function auditCommand(flags: AuditFlags, invocation: Invocation): Promise<number> {
  const filters = filtersOf(flags);
  const failOn = failOnOf(flags);
  const { signal } = invocation;
  return withWorkbench(invocation, "photodrift audit", (bench) =>
    telling(bench, { unrecorded: "audit", notify: flags.notify, signal }, async (made) => {
      await requireOutputs(invocation.outputs);
      if (flags.plan !== undefined) await requirePlanFile(resolve(flags.plan));
      const how = { trigger: "cli", failOn, signal } as const;
      const session: AuditSession & { readonly plan?: Plan } =
        flags.plan === undefined
          ? await runAudit(bench, filters, how)
          : await runPlannedAudit(bench, filters, how, null);
      await everyStep(
        async () => {
          if (session.plan !== undefined) made.plan = await savePlan(flags, session.plan, invocation);
        },
        async () => {
          made.report = await printReports(bench, session.run.id, invocation, [], made.plan);
        },
      );
      return session.exitCode === EXIT.drift && flags["exit-zero"] ? EXIT.ok : session.exitCode;
    }),
  );
}

/** Gives the absolute path of the plan file. */
async function savePlan(flags: AuditFlags, plan: Plan, invocation: Invocation): Promise<string> {
  const file = flags.plan ?? "";
  await writePlanFile(resolve(file), plan, signedBy(invocation.env)(plan));
  if (!invocation.quiet) {
    const { changes, usersChanged } = plan.head.limits;
    invocation.terminal.err(
      `Plan: ${changes} changes for ${usersChanged} users in ${file}.${whatNext(plan, commandLine("apply", file, ...configFlag(flags.config)))}\n`,
    );
  }
  return resolve(file);
}

/** The command that carries the plan out, null where it cannot be typed; of a plan that is refused, why it is: its limits stay those it was made with. */
function whatNext({ head }: Plan, next: string | null): string {
  const [refusal] = head.refusals;
  if (refusal !== undefined) return ` As it is, apply refuses it: ${refusal.message} ${refusal.cure}`;
  return next === null ? "" : ` Next: ${next}`;
}
