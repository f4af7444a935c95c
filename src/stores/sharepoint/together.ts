import { PhotodriftError } from "../../model/errors.js";
import { retryAfterMs } from "../../model/retry-after.js";
import { HttpFailure } from "../http/failures.js";
import { createRefusals } from "../http/refusals.js";
import type { WireResponse } from "../http/types.js";
import type { Purpose, SharePoint, SharePointHost } from "./api.js";
import { HttpRequestError, type SPFI } from "./pnp.js";

/** Parts of one batch: the practical limit is 100 (facts/sharepoint.md 3.4). */
export const BATCH = 100;

/** How one part of a batch ended: the text of a 2xx answer, or the client's error; refused: the service did nothing and asks to wait. */
export type Part =
  | { readonly kind: "answered"; readonly text: string }
  | { readonly kind: "refused"; readonly error: unknown; readonly pauseMs: number }
  | { readonly kind: "failed"; readonly error: unknown };

/**
 * Sends calls in one `$batch`; the parts stand in the order of the calls. Throws where the batch fails as a whole: what the door throws, and
 * HttpFailure - and where the client cannot take the answer apart, an error of its own (isUnparsed).
 */
export async function askTogether(
  sharePoint: SharePoint,
  host: SharePointHost,
  purpose: Purpose,
  calls: readonly ((sp: SPFI) => Promise<unknown>)[],
): Promise<readonly Part[]> {
  const flaw = (response: WireResponse): string | null =>
    response.body.toString("latin1", 0, 16).startsWith("--batchresponse_") ? null : "it is no batch answer";
  let pauseMs = 0;
  const onAnswer = (answer: WireResponse): void => {
    pauseMs = longestPauseMs(answer, sharePoint.door.timer.now());
  };
  const [sp, execute] = sharePoint.on(host, { ...purpose, flaw, onAnswer }).batched({ maxRequests: BATCH });
  const parts = calls.map((call) =>
    call(sp).then(
      (text): Part => ({ kind: "answered", text: typeof text === "string" ? text : "" }),
      (error: unknown): Part => unanswered(error, pauseMs),
    ),
  );
  // Parts of a batch that fails as a whole never settle: the batch itself tells (facts/sharepoint.md fact 10).
  const run = execute().then(() => Promise.all(parts));
  return await Promise.race([run, Promise.all(parts)]);
}

/** A part of a batch that is none of status 2xx. @param pauseMs the longest pause that a part of its batch asks for */
function unanswered(error: unknown, pauseMs: number): Part {
  const refused = error instanceof HttpRequestError && (error.status === 429 || error.status === 503);
  return refused ? { kind: "refused", error, pauseMs } : { kind: "failed", error };
}

/**
 * The longest Retry-After of a batch's parts, milliseconds; 0 without one. Read off the text: the client drops a part's header with a second colon in it, as every
 * HTTP date has (facts/sharepoint.md 7.3). Dates are read against the batch's own.
 */
function longestPauseMs({ headers, body }: WireResponse, now: number): number {
  const date = headers["date"];
  const asked = body.toString("latin1").matchAll(/^retry-after:[ \t]*([^\r\n]+)/gim);
  const pauses = [...asked].map(([, value = ""]) =>
    retryAfterMs({ "retry-after": value, ...(date === undefined ? {} : { date }) }, now),
  );
  return Math.max(0, ...pauses.map((pause) => pause ?? 0));
}

/** Closes the host where parts of a batch were refused: whoever asks for them singly comes no earlier than the service said. */
export function restIfRefused(sharePoint: SharePoint, host: SharePointHost, parts: readonly Part[]): void {
  const pauses = parts.flatMap((part) => (part.kind === "refused" ? [part.pauseMs] : []));
  if (pauses.length > 0) createRefusals(sharePoint.door, sharePoint.origin(host)).refused(Math.max(...pauses));
}

/** The batch endpoint itself is not there. */
export function isNoBatch(error: unknown): boolean {
  return error instanceof HttpFailure && [400, 404, 405, 501].includes(error.status);
}

/** The batch was answered with something that the client cannot take apart, a text that breaks off for one: singly is the way to know. */
export function isUnparsed(error: unknown): boolean {
  return !(error instanceof PhotodriftError);
}

/** Status and body of a part that was refused; null where it failed otherwise. */
export function refusalOf(error: unknown): { readonly status: number; readonly body: string } | null {
  if (!(error instanceof HttpRequestError)) return null;
  // The client's message carries the body behind an arrow.
  return { status: error.status, body: error.message.split("::> ").slice(1).join("::> ") };
}
