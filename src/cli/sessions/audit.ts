import { audit, exitCodeOf } from "../../run/audit.js";
import type { AuditListener, AuditResult, RunIdentity } from "../../run/audited.js";
import type { Severity } from "../../model/rule.js";
import type { RunTrigger } from "../../model/run.js";
import type { Workbench } from "../compose.js";
import { openLookPorts } from "../compose-look.js";
import { keepHistory } from "./keeping.js";
import { settleInterrupted } from "./recovery.js";
import { auditSettings, newRun, type Filters } from "../compose.js";
import { endFailed } from "./end-run.js";

export interface AuditSession {
  readonly run: RunIdentity;
  readonly result: AuditResult;
  readonly exitCode: number;
}

export interface AuditHow {
  readonly trigger: RunTrigger;
  readonly failOn: Severity;
  readonly signal: AbortSignal | null;
  readonly mode?: "audit" | "apply";
}

/** One audit from begin to record. A run that fails or is interrupted is recorded as such, then the error goes on. */
export function runAudit(bench: Workbench, filters: Filters, how: AuditHow): Promise<AuditSession> {
  return runHeardAudit(bench, filters, how, () => null);
}

/** The same, with a listener that is made for the run and given back with its result. */
export async function runHeardAudit<Listener extends AuditListener | null>(
  bench: Workbench,
  filters: Filters,
  how: AuditHow,
  listenerOf: (run: RunIdentity) => Listener,
): Promise<AuditSession & { readonly listener: Listener }> {
  const { records } = bench.state;
  const mode = how.mode ?? "audit";
  const settings = auditSettings(bench.config, filters, { mode, trigger: how.trigger, signal: how.signal });
  // Apply has done so already, before it looked at the lists.
  if (mode === "audit") await settleInterrupted(bench, openLookPorts(bench));
  const run = newRun(bench.ports.clock.now());
  records.beginRun({ ...run, mode, trigger: how.trigger, tenant: settings.tenant });
  const listener = listenerOf(run);
  try {
    const result = await bench.state.observing(() => audit(bench.ports, settings, run, listener));
    const exitCode = exitCodeOf(result, how.failOn);
    if (mode === "audit") {
      if (exitCode !== result.head.exitCode) {
        records.finishRun({ ...result.head, exitCode }, result.summary, bench.ports.meter.cost());
      }
      await keepHistory(bench);
    }
    return { run, result, exitCode, listener };
  } catch (error) {
    endFailed(bench, { ...run, mode, trigger: how.trigger }, error);
    throw error;
  }
}
