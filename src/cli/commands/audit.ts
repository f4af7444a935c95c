import { resolve } from "node:path";
import type { Argv } from "yargs";
import { loadConfig } from "../../config/index.js";
import type { RunIdentity } from "../../run/audit.js";
import { acquireRunLock, writePlanFile } from "../../state/index.js";
import { printReports, runAudit, type AuditSession } from "../audit-session.js";
import { collectPlan, type PlanCollector } from "../plan-session.js";
import { openWorkbench } from "../compose.js";
import { EXIT } from "../exit-codes.js";
import { failOnOf, filtersOf, withFilterFlags, type FilterFlags } from "../filters.js";
import type { GlobalFlags, Invocation } from "../globals.js";

export interface AuditFlags extends GlobalFlags, FilterFlags {
  readonly plan: string | undefined;
}

export function auditFlags<T>(yargs: Argv<T>) {
  return withFilterFlags(yargs).option("plan", {
    type: "string",
    describe: "also save the plan of repairs to this file",
  });
}

/** Pull, compare, report. Never writes to the tenant: nothing that could write is wired. */
export async function auditCommand(flags: AuditFlags, invocation: Invocation): Promise<number> {
  const filters = filtersOf(flags);
  const failOn = failOnOf(flags);
  const config = loadConfig(invocation.configPath, invocation.env);
  const bench = openWorkbench({
    config,
    progress: invocation.progress,
    env: invocation.env,
    signal: invocation.signal,
  });
  const lock = acquireRunLock(bench.state.db, config.tenant.id, "photodrift audit");
  try {
    let collector: PlanCollector | null = null;
    const listener = (run: RunIdentity): PlanCollector => (collector = collectPlan(bench, run.id));
    const planned = flags.plan === undefined ? {} : { listener };
    const session = await runAudit(bench, filters, { trigger: "cli", failOn, signal: invocation.signal, ...planned });
    if (flags.plan !== undefined) await savePlan(flags.plan, collector, session, invocation);
    await printReports(bench, session.run.id, invocation);
    return session.exitCode === EXIT.drift && flags["exit-zero"] ? EXIT.ok : session.exitCode;
  } finally {
    lock.release();
    await bench.close();
  }
}

async function savePlan(
  file: string,
  collector: PlanCollector | null,
  session: AuditSession,
  invocation: Invocation,
): Promise<void> {
  const plan = collector?.finish(session, null);
  if (plan === undefined) return;
  await writePlanFile(resolve(file), plan);
  const { changes, usersChanged } = plan.head.limits;
  if (invocation.quiet) return;
  invocation.terminal.err(
    `Plan: ${changes} changes for ${usersChanged} users in ${file}. Next: photodrift apply ${file}\n`,
  );
}
