import type { StoreError } from "../../model/photo.js";
import type { Plan } from "../../model/plan.js";
import type { PlanAction } from "../../model/plan-action.js";
import { applyPlan, type ApplyOptions, type ApplyPorts, type ApplyResult } from "../../run/apply.js";
import { deleteBackupsOf } from "../../run/backup-keeping.js";
import { shows } from "../../run/today/objections.js";
import { peopleList, type PeopleList } from "../../desired/index.js";
import type { Workbench } from "../compose.js";
import type { Invocation } from "../line/globals.js";
import { settleInterrupted } from "./recovery.js";

/** Settles what a killed run left, and deletes backups of users who withdrew consent. The run lock must be held. */
export async function beforeWrites(bench: Workbench, ports: ApplyPorts): Promise<void> {
  await settleInterrupted(bench, ports);
  await forgetBackups(bench, ports, peopleList(await bench.ports.source.consentWithdrawn()));
}

/** Deletes backups of users who withdrew consent, as far as the records know them. */
export async function forgetBackups(
  { state }: Pick<Workbench, "state">,
  { backups }: Pick<ApplyPorts, "backups">,
  consent: PeopleList,
): Promise<void> {
  if (consent.size === 0) return;
  const ids: string[] = [];
  for (const user of state.records.users()) if (consent.has(user)) ids.push(user.id);
  await deleteBackupsOf(state.journal, backups, ids);
}

/** What carrying out a plan needs of a workbench. */
export type AppliedBench = Pick<Workbench, "config" | "state"> & { readonly ports: Pick<Workbench["ports"], "source"> };

export interface ApplyHow {
  readonly runId: string;
  readonly signal: AbortSignal;
  /** Asked once a user before anything is written for them. */
  readonly approve?: ApplyOptions["approve"];
  /** Why an action must not be done today, of a plan that comes out of a file. */
  readonly objection?: (action: PlanAction) => StoreError | null;
  readonly undecidable?: ApplyOptions["undecidable"];
}

/** Carries out a verified, applyable plan. */
export async function carryOut(
  bench: AppliedBench,
  ports: ApplyPorts,
  plan: Plan,
  how: ApplyHow,
): Promise<ApplyResult> {
  const consent = peopleList(await bench.ports.source.consentWithdrawn());
  // Users may have been read since the run began: whom the list names only now is known by now.
  await forgetBackups(bench, ports, consent);
  const veto = await vetoOf(bench, consent);
  const options: ApplyOptions = {
    runId: how.runId,
    concurrency: bench.config.limits.concurrency,
    signal: how.signal,
    veto: (action) => how.objection?.(action) ?? veto(action),
    ...(how.undecidable === undefined ? {} : { undecidable: how.undecidable }),
    ...(how.approve === undefined ? {} : { approve: how.approve }),
  };
  const result = await applyPlan(plan, ports, options);
  // What was written is seen afresh by the next audit.
  bench.state.records.saveLibraryMark(null);
  return result;
}

/** One line of counts, and what stopped: to standard error, beside the result. */
export function printResult(result: ApplyResult, { terminal, quiet }: Pick<Invocation, "terminal" | "quiet">): void {
  const parts = Object.entries(result.counts).filter(([, count]) => count > 0);
  const counts = parts.map(([kind, count]) => `${count} ${kind}`).join(", ");
  if (!quiet) terminal.err(parts.length === 0 ? "Nothing to do.\n" : `${counts}.\n`);
  for (const { store, error } of result.stopped) {
    terminal.err(`The ${store} store refused and was left alone: ${error.message}\n  cure: ${error.hint}\n`);
  }
}

/** Consent and pins as they are now beat a plan that was made before. */
async function vetoOf(bench: AppliedBench, consent: PeopleList): Promise<(action: PlanAction) => StoreError | null> {
  const pins = peopleList(await bench.ports.source.pinned());
  return (action) => {
    const user = action.user === null ? null : bench.state.records.user(action.user.id);
    if (user === null) return null;
    if (consent.has(user) && shows(action)) {
      return {
        code: "consent-withdrawn",
        message: "The user withdrew consent.",
        hint: "Nothing is uploaded for this user.",
      };
    }
    if (pins.has(user) && action.because !== "consent-withdrawn") {
      return {
        code: "pinned",
        message: "The user is pinned.",
        hint: "Take the user off the pin list to change the photo.",
      };
    }
    return null;
  };
}
