import { refusal } from "./authorize.js";
import type { Fault } from "./faults.js";
import type { HostName, SandboxResponse } from "./http.js";
import { emptyResponse, jsonResponse, textResponse } from "./responses.js";
import { graphError, tooManyRequests } from "./routes/graph/errors.js";
import type { SandboxState } from "./state.js";

/** The answer of a fault that is an answer; null for faults of the connection or of pictures, which the server carries out. */
export function faultAnswer(state: SandboxState, host: HostName, fault: Fault): SandboxResponse | null {
  switch (fault.kind) {
    case "429":
    case "503":
    case "504":
      return withRetryAfter(throttled(state, host, fault.kind), fault);
    case "500":
    case "502":
      return serverFailure(state, host, Number(fault.kind));
    case "401":
      return host === "login" ? serverFailure(state, host, 401) : refusal(state, host, "expired");
    case "403":
    case "409":
    case "412":
    case "423":
      return refused(state, host, fault.kind);
    case "html-for-json":
      return textResponse(200, HTML, "text/html; charset=utf-8");
    case "empty-404":
      return emptyResponse(404, { "content-type": "text/plain" });
    default:
      return null;
  }
}

/** Code and message of a refusal, as each service words it. */
interface Wording {
  readonly sharePoint: readonly [code: string, message: string];
  readonly graph: readonly [code: string, message: string];
}

const REFUSALS: { readonly [kind in "403" | "409" | "412" | "423"]: Wording } = {
  403: {
    sharePoint: [
      "-2147024891, System.UnauthorizedAccessException",
      "Access denied. You do not have permission to perform this action or access this resource.",
    ],
    graph: ["ErrorAccessDenied", "Access is denied. Check credentials and try again."],
  },
  409: {
    sharePoint: [
      "-2130575305, Microsoft.SharePoint.SPException",
      "Save Conflict.\n\nYour changes conflict with those made concurrently by another user.",
    ],
    graph: ["conflict", "The request conflicts with the current state of the resource."],
  },
  412: {
    sharePoint: [
      "-1, Microsoft.SharePoint.Client.ClientServiceException",
      "The request ETag value does not match the object's ETag value.",
    ],
    graph: [
      "ErrorIrresolvableConflict",
      "The change key passed in the request does not match the current change key for the item.",
    ],
  },
  423: {
    sharePoint: [
      "-2147018894, Microsoft.SharePoint.SPFileLockException",
      "The file is locked for shared use by i:0#.f|membership|someone.",
    ],
    graph: ["resourceLocked", "The resource that is being accessed is locked."],
  },
};

function refused(state: SandboxState, host: HostName, kind: keyof typeof REFUSALS): SandboxResponse {
  const { sharePoint, graph } = REFUSALS[kind];
  return host.startsWith("sharepoint")
    ? sharePointError(Number(kind), ...sharePoint)
    : graphError(state, Number(kind), ...graph);
}

/** What a proxy or a front end in trouble sends instead of JSON. */
const HTML =
  "<!DOCTYPE html><html><head><title>Service unavailable</title></head><body><h1>We'll be back soon</h1></body></html>";

function throttled(state: SandboxState, host: HostName, kind: "429" | "503" | "504"): SandboxResponse {
  if (kind === "429" && host.startsWith("sharepoint")) return textResponse(429, "429 TOO MANY REQUESTS");
  if (kind === "429") return tooManyRequests(state, null);
  return serverFailure(state, host, Number(kind));
}

function serverFailure(state: SandboxState, host: HostName, status: number): SandboxResponse {
  if (host.startsWith("sharepoint")) {
    if (status === 503) return textResponse(503, "The service is unavailable.");
    return sharePointError(
      status,
      "-1, Microsoft.SharePoint.Client.ServerException",
      "An unexpected error has occurred.",
    );
  }
  const codes: { readonly [status: number]: string } = {
    500: "InternalServerError",
    502: "BadGateway",
    503: "ServiceUnavailable",
    504: "GatewayTimeout",
  };
  if (host === "login")
    return jsonResponse(status, {
      error: "temporarily_unavailable",
      error_description: "AADSTS90033: A transient error has occurred. Please try again.",
      error_codes: [90033],
    });
  return graphError(state, status, codes[status] ?? "UnknownError", "The service is temporarily unavailable.");
}

/** facts/sharepoint.md 2.1: the error body of minimal and no metadata. */
function sharePointError(status: number, code: string, value: string): SandboxResponse {
  return jsonResponse(status, { "odata.error": { code, message: { lang: "en-US", value } } });
}

function withRetryAfter(answer: SandboxResponse, fault: Fault): SandboxResponse {
  const { retryAfter } = fault;
  if (retryAfter.form === "none") return answer;
  const value =
    retryAfter.form === "seconds"
      ? String(retryAfter.seconds)
      : new Date(Math.ceil(Date.now() / 1000) * 1000 + retryAfter.seconds * 1000).toUTCString();
  return { ...answer, headers: { ...answer.headers, "retry-after": value } };
}

/** Half of a picture, or one whose middle is noise: the header still says JPEG. */
export function spoilImage(bytes: Buffer, kind: "truncated-image" | "corrupt-image"): Buffer {
  if (kind === "truncated-image") return bytes.subarray(0, Math.max(4, bytes.length >> 1));
  const spoiled = Buffer.from(bytes);
  for (let at = 4; at < spoiled.length; at += 1) spoiled[at] = (at * 151 + 89) & 0xff;
  return spoiled;
}

/** Seconds that an answer asks its client to wait; null when it does not say. */
export function retryAfterSeconds(answer: SandboxResponse): number | null {
  const value = answer.headers["retry-after"];
  if (value === undefined) return null;
  const seconds = Number(value);
  if (!Number.isNaN(seconds)) return seconds;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, (at - Date.now()) / 1000);
}
