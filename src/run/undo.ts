import { PhotodriftError } from "../model/errors.js";
import { byText } from "../model/ids.js";
import type { Plan } from "../model/plan.js";
import { ownerKey, type PlanAction } from "../model/plan-action.js";
import { assemblePlan, restoreOf, standingAfter } from "../plan/index.js";
import type { Journal, JournalEntry, PlanRecords } from "./journal-port.js";
import type { Clock } from "./ports.js";
import { shows } from "./today/objections.js";

export interface UndoPorts {
  readonly journal: Pick<Journal, "entriesOf" | "laterWrites">;
  readonly plans: PlanRecords;
  readonly clock: Clock;
  readonly digest: (head: Plan["head"], actions: Iterable<PlanAction>) => string;
}

export interface UndoRequest {
  /** The run to undo. */
  readonly runId: string;
  readonly planId: string;
  readonly tenant: string;
  /** Replace also what changed since. */
  readonly force: boolean;
  readonly select?: (action: PlanAction) => boolean;
}

export interface UndoPlan {
  readonly plan: Plan;
  /** Writes that cannot be taken back, each with the reason. */
  readonly impossible: readonly { readonly address: string; readonly why: string }[];
}

/**
 * The plan that puts back what a run replaced, newest write first: properties let go of pictures before these go, and come back after them.
 * It is carried out by applyPlan like any other, journalled, and can itself be undone.
 * Throws PhotodriftError `nothing-to-undo` when the run has written nothing (or its journal is no longer kept).
 */
export function planUndo(ports: UndoPorts, request: UndoRequest): UndoPlan {
  const { plans, clock } = ports;
  const impossible: { address: string; why: string }[] = [];
  plans.dropPlan(request.planId);
  let entries = 0;
  for (const { entry, action, why } of restores(ports, request)) {
    entries++;
    if (action !== null) {
      const order = String(Number.MAX_SAFE_INTEGER - entry.entry).padStart(16, "0");
      plans.addActions(request.planId, [{ key: `${ownerKey(action)}\u0001${order}`, action }]);
    } else impossible.push({ address: entry.action.address, why });
  }
  if (entries === 0) throw nothingToUndo(request.runId, wroteAnything(ports, request.runId));
  const head = assemblePlan(
    {
      planId: request.planId,
      purpose: "undo",
      tenant: request.tenant,
      runId: request.runId,
      observedAt: new Date(clock.now()).toISOString(),
      complete: impossible.length === 0,
      usersInScope: countUsers(plans.actions(request.planId)),
      maxChangePercent: null,
      maxRemovals: null,
      maxChanges: null,
      writesBlocked: null,
    },
    plans.actions(request.planId),
  );
  plans.savePlan(head, ports.digest(head, plans.actions(request.planId)));
  const plan = plans.plan(request.planId);
  if (plan === null) throw nothingToUndo(request.runId, false);
  return { plan, impossible: impossible.sort((a, b) => byText(a.address, b.address)) };
}

interface Restore {
  readonly entry: JournalEntry;
  /** Puts it back; null where nothing can. */
  readonly action: PlanAction | null;
  /** Why nothing can. */
  readonly why: string;
}

/** The wanted writes of the run with what puts each back, newest first; one that is still open may be there tomorrow. */
function* restores({ journal }: UndoPorts, { runId, force, select }: UndoRequest): Generator<Restore> {
  /** Users of whom a thumbnail stays away. */
  const bare = new Set<string>();
  for (const entry of journal.entriesOf(runId)) {
    if (select?.(entry.action) === false) continue;
    if (entry.settlement === null) {
      yield { entry, action: null, why: "nobody knows yet whether this write arrives: undo the run again later" };
      continue;
    }
    const write = confirmed(entry);
    if (write === null) continue;
    const later = journal.laterWrites(entry).flatMap((one) => confirmed(one) ?? []);
    const action = restoreOf({ ...write, after: standingAfter(write, later) }, force);
    const owner = entry.action.user?.id ?? "";
    if (action === null) {
      if (entry.action.action === "delete-thumbnail") bare.add(owner);
      yield { entry, action, why: entry.backupNote ?? whyNot(entry) };
    } else if (action.action === "set-picture-properties" && bare.has(owner) && shows(action)) {
      yield { entry, action: null, why: "its pictures cannot be put back, and nothing may name what is not there" };
    } else yield { entry, action, why: "" };
  }
}

function confirmed(entry: JournalEntry) {
  const { settlement, action, before } = entry;
  if (settlement?.kind !== "applied" || settlement.after === null) return null;
  return { entry: entry.entry, action, before, after: settlement.after };
}

function whyNot(entry: JournalEntry): string {
  return entry.action.because === "consent-withdrawn"
    ? "nothing was kept: the user withdrew consent"
    : "the backup is gone";
}

function countUsers(actions: Iterable<PlanAction>): number {
  let users = 0;
  let last = "";
  for (const action of actions) {
    if (action.user !== null && ownerKey(action) !== last) users++;
    last = ownerKey(action);
  }
  return users;
}

/** True where the run has a write that counts, whoever it concerns. */
function wroteAnything({ journal }: UndoPorts, runId: string): boolean {
  for (const entry of journal.entriesOf(runId)) if (entry.settlement === null || confirmed(entry) !== null) return true;
  return false;
}

/** @param forOthers the run has written, but nothing of the part that is wanted */
function nothingToUndo(runId: string, forOthers: boolean): PhotodriftError {
  return new PhotodriftError(
    "nothing-to-undo",
    forOthers
      ? `Run ${runId} has written nothing for the users named.`
      : `Run ${runId} has written nothing that could be taken back.`,
    forOthers
      ? `\`photodrift undo ${runId}\` shows for whom it has; nothing is written without --yes.`
      : "`photodrift runs` lists the runs; backups and journal are kept for keepUndo.",
    "usage",
  );
}
