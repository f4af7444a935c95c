/**
 * Milliseconds that a throttling answer asks to wait, or null where it names none. `Retry-After` comes as seconds or as an HTTP date
 * (RFC 9110 10.2.3); a date is read against the answer's own `Date`, so that a wrong clock here does no harm. SharePoint may add
 * `RateLimit-Reset` in seconds: the longer one counts (facts/sharepoint.md section 5).
 * @param headers with names in lower case
 * @param now milliseconds since 1970
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
  const until = A_DATE.test(value) ? Date.parse(value.replace(NO_ZONE, "$& GMT")) : Number.NaN;
  if (Number.isNaN(until)) return null;
  const theirNow = date === undefined ? Number.NaN : Date.parse(date);
  // HTTP dates have whole seconds: one more keeps us from coming early.
  return Math.max(0, until - (Number.isNaN(theirNow) ? now : theirNow)) + 1000;
}

/** The three forms of HTTP dates (RFC 9110 5.6.7) and ISO 8601: Date.parse alone reads a date into almost any text with a number in it. */
const A_DATE = /^\s*(?:[A-Z][a-z]{2,8},? .*\d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT)/;

/** The form of asctime names no zone and means GMT. */
const NO_ZONE = /\d\d:\d\d:\d\d \d{4}$/;

/** As good as never, and still a number that can be told and added to. */
const LONGEST_MS = 366 * 24 * 3_600_000;

/** A header that came twice stands there as a list: the longest counts. */
function parseSeconds(value: string | undefined): number | null {
  if (value === undefined) return null;
  const parts = value.split(",").map((part) => part.trim());
  if (!parts.every((part) => /^\d+(\.\d+)?$/.test(part))) return null;
  return Math.min(LONGEST_MS, Math.ceil(Math.max(...parts.map(Number)) * 1000));
}
