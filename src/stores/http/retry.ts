import type { WireResponse } from "./types.js";

/** Exponential back-off with equal jitter, milliseconds: 0.5, 1, 2 … 60 s, each between a half and the whole. */
export function backoffMs(attempt: number, random: number): number {
  const whole = Math.min(60_000, 500 * 2 ** Math.min(attempt, 12));
  return whole / 2 + (whole / 2) * random;
}

/** Pause after the n-th refusal in a row (from 0), milliseconds: what the service asks for, else the back-off. */
export function refusalPauseMs(asked: number | null, refusals: number, random: number): number {
  return asked !== null && asked > 0 ? asked : backoffMs(refusals, random);
}

export type Fate =
  /** Returned to the caller. */
  | "settled"
  /** The service did nothing and asks to wait. */
  | "refused"
  /** Failed; the work may or may not have been done. */
  | "failed"
  | "unauthorized";

/** What an HTTP status means for the next step. */
export function fateOf(response: WireResponse): Fate {
  const { status } = response;
  if (status === 429) return "refused";
  if (status === 503) return response.headers["retry-after"] === undefined ? "failed" : "refused";
  // SharePoint has answered throttling with status 401 and this text (facts/sharepoint.md 3.3).
  if (status === 401)
    return response.body.subarray(0, 8).toString("latin1") === "429 TOO " ? "refused" : "unauthorized";
  if (status === 500 || status === 502 || status === 504 || status === 408 || status === 509) return "failed";
  return "settled";
}

/** Tries allowed where no Retry-After is given, first one included. */
export function triesFor(status: number): number {
  if (status === 429) return 10;
  if (status === 503 || status === 504) return 6;
  return 4;
}
