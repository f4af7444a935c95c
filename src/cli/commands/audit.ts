import { resolve } from "node:path";
import type { Argv } from "yargs";
import type { Plan } from "../../model/plan.js";
import { writePlanFile } from "../../state/index.js";
import { announce } from "../sessions/announce.js";
import { htmlFileOf, printReports } from "../sessions/print-reports.js";
import { runAudit, type AuditHow, type AuditSession } from "../sessions/audit.js";
import type { Filters, Workbench } from "../compose.js";
import { signedBy } from "../sessions/plan-keys.js";
import { runPlannedAudit } from "../sessions/plan.js";
import { EXIT } from "../../model/exit-codes.js";
import { withWorkbench } from "../sessions/workbench.js";
import { failOnOf, filtersOf, withFilterFlags, type FilterFlags } from "../line/filters.js";
import type { GlobalFlags, Invocation } from "../line/globals.js";

export interface AuditFlags extends GlobalFlags, FilterFlags {
  readonly plan: string | undefined;
  readonly notify: boolean;
}

export function auditFlags<T>(yargs: Argv<T>) {
  return withFilterFlags(yargs)
    .option("plan", { type: "string", describe: "also save the plan of repairs to this file" })
    .option("notify", { type: "boolean", default: true, describe: "tell the receivers of `notify` (--no-notify)" });
}

/** Pull, compare, report. Never writes to the tenant: nothing that could write is wired. */
export async function auditCommand(flags: AuditFlags, invocation: Invocation): Promise<number> {
  const filters = filtersOf(flags);
  const failOn = failOnOf(flags);
  return withWorkbench(invocation, "photodrift audit", async (bench) => {
    const { config } = bench;
    const how = { trigger: "cli", failOn, signal: invocation.signal } as const;
    const session =
      flags.plan === undefined
        ? await runAudit(bench, filters, how)
        : await auditAndSave(bench, filters, how, flags.plan, invocation);
    const plan = flags.plan === undefined ? null : resolve(flags.plan);
    await printReports(bench, session.run.id, invocation, [], plan);
    const entries = flags.notify ? config.notify : [];
    await announce(bench, session.run.id, {
      entries,
      schedule: null,
      error: null,
      report: htmlFileOf(invocation.outputs),
      plan,
    });
    return session.exitCode === EXIT.drift && flags["exit-zero"] ? EXIT.ok : session.exitCode;
  });
}

async function auditAndSave(
  bench: Workbench,
  filters: Filters,
  how: AuditHow,
  file: string,
  invocation: Invocation,
): Promise<AuditSession> {
  const session = await runPlannedAudit(bench, filters, how, null);
  await savePlan(file, session.plan, invocation);
  return session;
}

async function savePlan(file: string, plan: Plan, invocation: Invocation): Promise<void> {
  await writePlanFile(resolve(file), plan, signedBy(invocation.env)(plan));
  if (invocation.quiet) return;
  const { changes, usersChanged } = plan.head.limits;
  invocation.terminal.err(
    `Plan: ${changes} changes for ${usersChanged} users in ${file}. Next: photodrift apply ${file}\n`,
  );
}
