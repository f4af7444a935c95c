import { describeError, describeFailure } from "../model/describe-error.js";
import { PhotodriftError } from "../model/errors.js";
import type { FleetRunResult } from "./ports.js";
import type { BegunRun, PutBack, RunEnd } from "./records.js";

/** Why a run was told to end before its end. */
export type Stop =
  | { readonly kind: "throttled"; readonly host: string; readonly seconds: number }
  | { readonly kind: "shutdown" }
  | { readonly kind: "lost" }
  | { readonly kind: "too-long" };

export type Next = { readonly kind: "end"; readonly end: RunEnd } | { readonly kind: "again"; readonly back: PutBack };

/** Attempts for one due time that come to an end and fail. */
const MOST_ATTEMPTS = 3;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Pauses after an attempt that failed: its tenant's login, its network, its service may be back by then. */
const FAILED_MS = [1 * MINUTE, 5 * MINUTE];
/** Pauses after one that could not look at everything. */
const INCOMPLETE_MS = [5 * MINUTE, 15 * MINUTE];
/**
 * A run whose worker died this often may be what kills it. Not less: workers die for other reasons (a roll-out, a run beside this one), and
 * whatever died with them is innocent. From then on it is put off after each death, twice as long each time, and given up in the end: a
 * good hour later, when whatever shook the machines is over.
 */
const CUT_OFF_AT_ONCE = 10;
const MOST_CUT_OFF = 16;

/** Another program holds the tenant. */
const HELD_MS = 15 * SECOND;

interface Ended {
  /** Without those in which a worker died. */
  readonly attempt: number;
  readonly now: number;
  readonly stop: Stop | null;
}

/** What becomes of a run that ended with a verdict. */
export function afterResult(
  { head, failure }: Pick<FleetRunResult, "head" | "failure">,
  { attempt, now, stop }: Ended,
): Next {
  const { id, verdict } = head;
  if (verdict === "interrupted" && stop !== null) return afterStop(stop, now);
  const well = verdict === "in-sync" || verdict === "drift" || verdict === "restored";
  const why = failure === null ? `verdict ${verdict}` : describeFailure(failure);
  const reason = well && failure === null ? null : why;
  const pauses = verdict === "failed" ? FAILED_MS : verdict === "incomplete" ? INCOMPLETE_MS : [];
  const pause = pauses[attempt - 1];
  if (pause !== undefined && attempt < MOST_ATTEMPTS) {
    return { kind: "again", back: { at: now + pause, reason: why, counts: true } };
  }
  return { kind: "end", end: { state: reason === null ? "done" : "failed", runId: id, verdict, reason } };
}

/** A run that is put back again and again is told of when it is so late. */
const LATE_MS = 60 * MINUTE;

/**
 * Whether people are notified of an attempt: when its run ends, and once before where it is put back although it is an hour late. A pause
 * that a service asks for is nothing to wake anybody for.
 * @param told whether they were before
 */
export function isTold(
  { kind }: Next,
  { due, now, told }: { readonly due: number; readonly now: number; readonly told: boolean },
): boolean {
  return kind === "end" || (!told && now - due >= LATE_MS);
}

/** What becomes of one that left no verdict. */
export function afterError(error: unknown, { attempt, now, stop }: Ended): Next {
  const reason = describeError(error);
  if (stop !== null) return afterStop(stop, now);
  const code = error instanceof PhotodriftError ? error.code : "";
  if (code === "run-in-progress") return { kind: "again", back: { at: now + HELD_MS, reason, counts: false } };
  if (code === "lease-lost") return { kind: "again", back: { at: now, reason, counts: false } };
  const waiting = error instanceof PhotodriftError && ["usage", "refused"].includes(error.errorClass) ? [] : FAILED_MS;
  const pause = waiting[attempt - 1];
  if (pause !== undefined && attempt < MOST_ATTEMPTS) {
    return { kind: "again", back: { at: now + pause, reason, counts: true } };
  }
  return { kind: "end", end: { state: "failed", runId: null, verdict: "failed", reason } };
}

/** What becomes of a run before it is begun once more; null where it may begin. @param pause after the first death that is one too many, ms */
export function afterDeaths(
  { cutOff, died }: Pick<BegunRun, "cutOff" | "died">,
  { now, pause = MINUTE }: { readonly now: number; readonly pause?: number | undefined },
): Next | null {
  const reason = `its worker died ${String(cutOff)} times`;
  if (cutOff >= MOST_CUT_OFF) {
    return { kind: "end", end: { state: "failed", runId: null, verdict: "failed", reason } };
  }
  if (!died || cutOff < CUT_OFF_AT_ONCE) return null;
  return { kind: "again", back: { at: now + pause * 2 ** (cutOff - CUT_OFF_AT_ONCE), reason, counts: false } };
}

function afterStop(stop: Stop, now: number): Next {
  switch (stop.kind) {
    case "throttled": {
      const reason = `${stop.host} asks for a pause of ${String(stop.seconds)} s`;
      return { kind: "again", back: { at: now + stop.seconds * SECOND, reason, counts: false } };
    }
    case "shutdown":
      return { kind: "again", back: { at: now, reason: "its worker was told to end", counts: false } };
    case "lost":
      return { kind: "again", back: { at: now, reason: "its worker was cut off from the database", counts: false } };
    case "too-long": {
      const reason = "it took longer than a run may take";
      return { kind: "end", end: { state: "failed", runId: null, verdict: "failed", reason } };
    }
  }
}
