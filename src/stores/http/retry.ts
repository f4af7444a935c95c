import type { WireResponse } from "./types.js";

/**
 * Milliseconds that a throttling answer asks to wait, or null where it names none. `Retry-After` comes as seconds or as an HTTP date
 * (RFC 9110 10.2.3); a date is read against the answer's own `Date`, so that a wrong clock here does no harm. SharePoint may add
 * `RateLimit-Reset` in seconds: the longer one counts (facts/sharepoint.md section 5).
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | null {
  const after = parseRetryAfter(headers["retry-after"], headers["date"], now);
  const reset = parseSeconds(headers["ratelimit-reset"]);
  if (after === null && reset === null) return null;
  return Math.max(after ?? 0, reset ?? 0);
}

function parseRetryAfter(value: string | undefined, date: string | undefined, now: number): number | null {
  if (value === undefined) return null;
  const seconds = parseSeconds(value);
  if (seconds !== null) return seconds;
  const until = Date.parse(value);
  if (Number.isNaN(until)) return null;
  const theirNow = date === undefined ? Number.NaN : Date.parse(date);
  // HTTP dates have whole seconds: one more keeps us from coming early.
  return Math.max(0, until - (Number.isNaN(theirNow) ? now : theirNow)) + 1000;
}

function parseSeconds(value: string | undefined): number | null {
  if (value === undefined) return null;
  const text = value.trim();
  return /^\d+(\.\d+)?$/.test(text) ? Math.ceil(Number(text) * 1000) : null;
}

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
