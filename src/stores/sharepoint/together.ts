import { PhotodriftError } from "../../model/errors.js";
import { HttpFailure } from "../http/failures.js";
import type { WireResponse } from "../http/types.js";
import type { Purpose, SharePoint, SharePointHost } from "./api.js";
import { HttpRequestError, type SPFI } from "./pnp.js";

/** Parts of one batch: the practical limit is 100 (facts/sharepoint.md 3.4). */
export const BATCH = 100;

/** How one part of a batch ended: the text of a 2xx answer, or the client's error. */
export type Part =
  { readonly kind: "answered"; readonly text: string } | { readonly kind: "failed"; readonly error: unknown };

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
  const [sp, execute] = sharePoint.on(host, { ...purpose, flaw }).batched({ maxRequests: BATCH });
  const parts = calls.map((call) =>
    call(sp).then(
      (text): Part => ({ kind: "answered", text: typeof text === "string" ? text : "" }),
      (error: unknown): Part => ({ kind: "failed", error }),
    ),
  );
  // Parts of a batch that fails as a whole never settle: the batch itself tells (facts/sharepoint.md fact 10).
  const run = execute().then(() => Promise.all(parts));
  return await Promise.race([run, Promise.all(parts)]);
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
