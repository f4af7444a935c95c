import { closeInterruptedRuns, recoverOpenIntents } from "../../run/recovery.js";
import type { LookPorts } from "../../run/apply.js";
import type { Workbench } from "../compose.js";

/**
 * Settles what a killed run left, by looking only: every audit and apply begins with it, so that our own writes are known as ours before
 * anything is compared. The run lock must be held.
 */
export async function settleInterrupted(bench: Workbench, ports: LookPorts): Promise<void> {
  const { applied, notWritten, stale, open } = await recoverOpenIntents(ports);
  const now = new Date(bench.ports.clock.now()).toISOString();
  closeInterruptedRuns(bench.state.records, bench.state.journal, bench.config.tenant.id, now);
  if (applied + notWritten + stale + open === 0) return;
  bench.ports.progress.warn(
    `Writes of a former run were left open: ${applied} had arrived, ${notWritten} had not, ${stale} were overtaken, ${open} may still show, or could not be looked at.`,
  );
}
