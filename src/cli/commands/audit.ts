import type { Argv } from "yargs";
import { loadConfig } from "../../config/index.js";
import { printReports, runAudit } from "../audit-session.js";
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
  try {
    const session = await runAudit(bench, filters, { trigger: "cli", failOn, signal: invocation.signal });
    await printReports(bench, session.run.id, invocation);
    return session.exitCode === EXIT.drift && flags["exit-zero"] ? EXIT.ok : session.exitCode;
  } finally {
    await bench.close();
  }
}
