import { slotOf } from "../../model/address.js";
import { PhotodriftError } from "../../model/errors.js";
import type { UserId } from "../../model/ids.js";
import type { LastApplied } from "../../model/last-applied.js";
import type { StoreError } from "../../model/photo.js";
import type { PlanAction } from "../../model/plan-action.js";
import type { Outcome, OutcomeKind } from "../../model/run.js";
import type { JournalAfter, JournalBefore } from "../../model/journal.js";
import type { Intent } from "../journal-port.js";
import type { ProgressStep } from "../ports.js";
import type { ApplyOptions, ApplyPorts, LookPorts } from "./ports.js";
import { createStoreGate, type StoreGate } from "./store-gate.js";

/** What the steps of one apply share. */
export interface ApplyContext extends LookContext {
  readonly ports: ApplyPorts;
}

/** The part of it that looks, renders and settles: all that recovery needs, without anything that writes to the tenant. */
export interface LookContext {
  readonly ports: LookPorts;
  readonly options: ApplyOptions;
  readonly planId: string;
  readonly step: ProgressStep;
  readonly gate: StoreGate;
  readonly counts: Record<OutcomeKind, number>;
  /** Ids of actions of users in hand that were not carried out. */
  readonly missed: Set<string>;
  /** Intents of this turn, not yet safe. */
  intending: Intending | null;
  /** Set when an abort left actions undone. */
  cutShort: boolean;
  /** The run is over: what is told now takes the place of what it told itself. */
  readonly looksBack: boolean;
}

/** A write whose intent is on disk. */
export interface Intended {
  readonly entry: number;
  readonly action: PlanAction;
}

export function createContext<Ports extends LookPorts>(
  ports: Ports,
  options: ApplyOptions,
  planId: string,
  step: ProgressStep,
  looksBack = false,
): LookContext & { readonly ports: Ports } {
  return {
    ports,
    options,
    planId,
    step,
    gate: createStoreGate(),
    counts: { applied: 0, "already-in-sync": 0, skipped: 0, stale: 0, failed: 0 },
    missed: new Set(),
    intending: null,
    cutShort: false,
    looksBack,
  };
}

/** Records the outcome of an action that sent nothing. */
export function conclude(
  context: LookContext,
  action: PlanAction,
  kind: Exclude<OutcomeKind, "applied">,
  error: StoreError | null,
): void {
  if (kind === "failed" && error !== null) context.gate.failed(action, error);
  record(context, action, kind, error);
}

/** A write that is about to leave. */
interface ToWrite {
  readonly action: PlanAction;
  readonly before: JournalBefore;
  readonly sentSha256: string | null;
}

/** Intents that are made safe together. */
interface Intending {
  readonly intents: Intent[];
  readonly entries: Promise<readonly number[]>;
}

/**
 * Makes the intents safe; afterwards, and only then, the requests may leave. Those of users that are worked on side by side and come up in the
 * same turn are forced to the disk once.
 */
export async function intend(context: LookContext, writes: readonly ToWrite[]): Promise<readonly number[]> {
  const { ports, options, planId } = context;
  const at = isoNow(context);
  const together = (context.intending ??= intendingOf(context, ports.journal));
  const from = together.intents.length;
  together.intents.push(...writes.map((write) => ({ runId: options.runId, planId, at, ...write })));
  const entries = await together.entries;
  return entries.slice(from, from + writes.length);
}

function intendingOf(context: LookContext, journal: LookPorts["journal"]): Intending {
  const intents: Intent[] = [];
  const turn = new Promise<void>((resolve) => setImmediate(resolve));
  const entries = turn.then(() => {
    context.intending = null;
    return journal.intend(intents);
  });
  return { intents, entries };
}

/**
 * The write is confirmed: journal, outcome and what we last applied, in one transaction. A power cut may take it back: then the intent stands, and the next run
 * looks, as it does after a kill between the write and this.
 */
export function settleApplied(context: LookContext, { entry, action }: Intended, after: JournalAfter): void {
  const { ports } = context;
  const at = isoNow(context);
  ports.records.unforced(() => {
    ports.journal.settle(entry, { kind: "applied", at, after, error: null });
    rememberApplied(ports, action, after, at);
    record(context, action, "applied", null, isEncodedAnew(action, after));
  });
  context.gate.succeeded(action);
}

/** The write did not do its work, and that is known. */
export function settleFailed(context: LookContext, { entry, action }: Intended, error: StoreError): void {
  const { ports } = context;
  ports.records.unforced(() => {
    ports.journal.settle(entry, { kind: "failed", at: isoNow(context), after: null, error });
    record(context, action, "failed", error);
  });
  context.gate.failed(action, error);
}

/** The store holds neither what was there nor what was sent: somebody else wrote meanwhile. */
export function settleStale(context: LookContext, { entry, action }: Intended, error: StoreError): void {
  const { ports } = context;
  ports.records.unforced(() => {
    ports.journal.settle(entry, { kind: "stale", at: isoNow(context), after: null, error });
    record(context, action, "stale", error);
  });
}

/** Part of the write is confirmed (an undo takes it back), the rest failed. */
export function settlePartly(
  context: LookContext,
  { entry, action }: Intended,
  after: JournalAfter,
  error: StoreError,
): void {
  const { ports } = context;
  ports.records.unforced(() => {
    ports.journal.settle(entry, { kind: "applied", at: isoNow(context), after, error });
    record(context, action, "failed", error);
  });
  context.gate.failed(action, error);
}

/** Nobody knows what the write did: the intent stays open, and the next run looks again. */
export function leaveOpen(context: LookContext, action: PlanAction, error: StoreError): void {
  context.gate.failed(action, error);
  record(context, action, "failed", error);
}

/** Keeps what we put there, puts back what an undo restores, and forgets what was taken away. */
export function rememberApplied(
  ports: Pick<LookPorts, "records">,
  action: PlanAction,
  after: JournalAfter,
  at: string,
): void {
  const slot = slotOf(action.address);
  if (action.user === null || slot === null || after.kind !== "picture") return;
  const userId = action.user.id as UserId;
  const known = action.restores === undefined ? applied(action, after, at) : restored(action, after);
  if (known === null) ports.records.forgetLastApplied(userId, slot);
  else ports.records.saveLastApplied(userId, slot, known);
}

function applied(action: PlanAction, after: JournalAfter & { kind: "picture" }, at: string): LastApplied | null {
  if (action.action !== "upload-photo" && action.action !== "write-thumbnail") return null;
  const { source, sourceSha256 } = action.after;
  return {
    address: action.address,
    masterSha256: source.kind === "master" ? sourceSha256 : null,
    action: action.action,
    at,
    etag: after.etag,
    readBackSha256: after.sha256,
  };
}

/** A picture that was our own write when it was replaced has a new etag now; planUndo marks it by an etag of null. */
function restored(action: PlanAction, after: JournalAfter & { kind: "picture" }): LastApplied | null {
  const former = action.restores?.lastApplied ?? null;
  return former === null || former.etag !== null ? former : { ...former, etag: after.etag };
}

/** An undo put the picture back, and the service stores other bytes than those that had stood there: it is the picture, not the file, that is as it was. */
function isEncodedAnew(action: PlanAction, after: JournalAfter): boolean {
  if (action.restores === undefined || after.kind !== "picture" || !after.exists) return false;
  if (action.action !== "upload-photo" && action.action !== "write-thumbnail") return false;
  return after.sha256 !== null && after.sha256 !== action.after.sourceSha256;
}

function record(
  context: LookContext,
  action: PlanAction,
  kind: OutcomeKind,
  error: StoreError | null,
  encodedAnew = false,
): void {
  const { ports, options, counts } = context;
  const outcome: Outcome = {
    actionId: action.id,
    address: action.address,
    action: action.action,
    kind,
    because: action.because,
    ...(action.decidedBy === undefined ? {} : { decidedBy: action.decidedBy }),
    ...(encodedAnew ? { encodedAnew } : {}),
    ...(error === null ? {} : { error }),
  };
  if (context.looksBack) ports.records.correctOutcome(options.runId, outcome);
  else ports.records.recordOutcome(options.runId, outcome);
  counts[kind]++;
  if (kind === "failed" || kind === "stale") context.missed.add(action.id);
  context.step.tick();
}

export function isoNow(context: Pick<LookContext, "ports">): string {
  return new Date(context.ports.clock.now()).toISOString();
}

/** The value of an expected error; anything else is thrown on, for it is a fault of the program or the end of it. */
export function expected(error: unknown): StoreError {
  if (!(error instanceof PhotodriftError)) throw error;
  return { code: error.code, message: error.message, hint: error.hint };
}

/** True when the run is to end: the actions in hand are finished, no other begins. */
export function isCutShort(context: LookContext): boolean {
  if (context.options.signal.aborted) context.cutShort = true;
  return context.cutShort;
}
