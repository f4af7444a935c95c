import { randomUUID } from "node:crypto";
import { isoSeconds, type Clock } from "../../clock.js";
import type { SandboxResponse } from "../../http.js";
import { jsonResponse } from "../../responses.js";

/** Anything with the sandbox's clock; errors carry a date. */
export interface Dated {
  readonly clock: Pick<Clock, "real">;
}

/** Graph's error envelope (facts/graph-entra-exchange.md 1.4). */
export function graphError(state: Dated, status: number, code: string, message: string): SandboxResponse {
  const requestId = randomUUID();
  const innerError = { date: isoSeconds(state.clock.real()), "request-id": requestId, "client-request-id": requestId };
  return jsonResponse(status, { error: { code, message, innerError } }, { "request-id": requestId });
}

export function imageNotFound(state: Dated): SandboxResponse {
  const message = "Exception of type 'Microsoft.Fast.Profile.Core.Exception.ImageNotFoundException' was thrown.";
  return graphError(state, 404, "ImageNotFound", message);
}

/** The v1.0 answer of the legacy photo service for a user without mailbox (known issues, 2021). */
export function noSuchMailbox(state: Dated): SandboxResponse {
  return graphError(state, 404, "ErrorNonExistentMailbox", "The SMTP address has no mailbox associated with it.");
}

export function mailboxNotEnabled(state: Dated): SandboxResponse {
  const message = "The mailbox is either inactive, soft-deleted, or is hosted on-premise.";
  return graphError(state, 404, "MailboxNotEnabledForRESTAPI", message);
}

export function resourceNotFound(state: Dated, id: string): SandboxResponse {
  const message = `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`;
  return graphError(state, 404, "Request_ResourceNotFound", message);
}

/** A workload (photos, mail, SharePoint) refuses for want of a role. */
export function accessDenied(state: Dated): SandboxResponse {
  return graphError(state, 403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");
}

/** The directory refuses for want of a role. */
export function insufficientPrivileges(state: Dated): SandboxResponse {
  const message = "Insufficient privileges to complete the operation.";
  return graphError(state, 403, "Authorization_RequestDenied", message);
}

export function badRequest(state: Dated, message: string, code = "BadRequest"): SandboxResponse {
  return graphError(state, 400, code, message);
}

export function unknownProperty(state: Dated, name: string, type: string): SandboxResponse {
  const message = `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type '${type}'.`;
  return badRequest(state, message);
}

/** A property that a collection cannot return (docs-contrib user-list.md). */
export function notOnCollections(state: Dated): SandboxResponse {
  return graphError(state, 501, "NotImplemented", "This operation target is not yet supported.");
}

export function unknownSegment(state: Dated, segment: string): SandboxResponse {
  return badRequest(state, `Resource not found for the segment '${segment}'.`);
}

export function tooLarge(state: Dated): SandboxResponse {
  return graphError(state, 413, "BadRequest", "Maximum request length exceeded.");
}

/** learn.microsoft.com/graph/throttling: the body of a 429, with its Retry-After in seconds. */
export function tooManyRequests(state: Dated, retryAfter: string | null): SandboxResponse {
  const requestId = randomUUID();
  const date = isoSeconds(state.clock.real());
  const innerError = { code: "429", date, message: "Please retry after", "request-id": requestId, status: "429" };
  return jsonResponse(
    429,
    { error: { code: "TooManyRequests", innerError, message: "Please retry again later." } },
    retryAfter === null ? {} : { "retry-after": retryAfter },
  );
}

/** Outlook's own limit of four requests at once per application and mailbox (docs-contrib includes/throttling-outlook.md). */
export function mailboxConcurrency(state: Dated): SandboxResponse {
  const message = "Application is over its MailboxConcurrency limit.";
  const answer = graphError(state, 429, "ApplicationThrottled", message);
  return { ...answer, headers: { ...answer.headers, "retry-after": "1" } };
}
