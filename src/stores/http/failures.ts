import { type ErrorClass, PhotodriftError } from "../../model/errors.js";
import type { StoreError } from "../../model/photo.js";
import { serviceError, type ServiceError } from "../answers/service-error.js";
import type { NetworkFault } from "./network-errors.js";
import { excerpt, redact } from "./redact.js";
import type { Service, WireRequest, WireResponse } from "./types.js";

const ENDPOINT_KEYS: Readonly<Record<Service, string>> = {
  login: "tenant.endpoints.login",
  graph: "tenant.endpoints.graph",
  exchange: "tenant.endpoints.exchange",
  sharepoint: "tenant.name or the tenant.endpoints.sharepoint… keys",
};

/** An HTTP answer that is an error, with what the service said. */
export class HttpFailure extends PhotodriftError {
  readonly status: number;
  /** The service's own error code, "" where it gave none. */
  readonly serviceCode: string;
  readonly serviceMessage: string;

  constructor(status: number, said: ServiceError, code: string, message: string, hint: string, errorClass: ErrorClass) {
    super(code, message, hint, errorClass);
    this.status = status;
    this.serviceCode = said.code;
    this.serviceMessage = said.message;
  }

  /** Code and message of the service. */
  get said(): ServiceError {
    return { code: this.serviceCode, message: this.serviceMessage };
  }
}

/** A request of which nobody knows whether it did its work: the caller looks before it repeats. */
export class OutcomeUnknown extends PhotodriftError {}

/** A 404 without a code of the service: a proxy's page or nothing at all. Of a write it says not even whether it arrived. */
export function isNobodys404({ status, body }: WireResponse): boolean {
  return status === 404 && serviceError(body).code === "";
}

/** The error for an HTTP answer that is none of those the caller expects. */
export function httpFailure(request: WireRequest, response: WireResponse): HttpFailure {
  const host = new URL(request.url).host;
  const said = serviceError(response.body);
  const words = said.message !== "" || said.code !== "" ? `${said.code} ${said.message}` : plainText(response);
  const tail = words.trim() === "" ? "" : `: ${excerpt(words)}`;
  const message = `cannot ${request.asks}: ${host} answered ${String(response.status)}${tail}`;
  const [code, hint, errorClass] = meaning(request, response, `${words} ${response.headers["x-ms-diagnostics"] ?? ""}`);
  return new HttpFailure(response.status, said, code, message, hint, errorClass);
}

function meaning(request: WireRequest, response: WireResponse, words: string): [string, string, ErrorClass] {
  const needs = request.needs === undefined ? "" : ` (${request.needs})`;
  if (/unsupported app only token/i.test(words)) {
    return [
      "certificate-needed",
      "SharePoint takes app-only tokens only when they were got with a certificate: set credential.kind: certificate",
      "failed",
    ];
  }
  switch (response.status) {
    case 401:
      return [
        "unauthorized",
        `the service did not take the token: check tenant.id, tenant.cloud and the ${ENDPOINT_KEYS[request.service]} endpoint, then run photodrift doctor`,
        "failed",
      ];
    case 403:
      return [
        "permission-missing",
        `grant the app registration the application permission it lacks${needs}, with admin consent; photodrift doctor lists them`,
        "failed",
      ];
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return [
        "redirected",
        "redirects are not followed, they would carry the token elsewhere: look for a proxy or a sign-in page between here and the service",
        "incomplete",
      ];
    case 404:
      return ["not-found", `check ${ENDPOINT_KEYS[request.service]}`, "failed"];
    case 412:
      return ["changed-meanwhile", "somebody changed it since it was looked at: run photodrift audit again", "failed"];
    case 413:
      return ["too-large", "the service refuses so large a request", "failed"];
    case 423:
      return ["locked", "somebody has it open or checked out: run again later", "incomplete"];
    case 429:
      return [
        "throttled",
        "the service limits requests just now: run again later, or lower limits.concurrency",
        "incomplete",
      ];
    case 501:
      return ["not-supported", "this endpoint does not offer that request", "failed"];
    default:
      return response.status >= 500
        ? ["service-unavailable", "the service has a problem: run again later", "incomplete"]
        : ["request-refused", "photodrift doctor shows which part of the set-up is wrong", "failed"];
  }
}

/** The error for a host that cannot be talked to. */
export function networkFailure(request: WireRequest, fault: NetworkFault, error: unknown): PhotodriftError {
  const host = new URL(request.url).host;
  const asked = `cannot ${request.asks}`;
  const why = redact(error instanceof Error ? error.message : String(error));
  switch (fault.kind) {
    case "aborted":
      return new PhotodriftError(
        "interrupted",
        `${asked}: interrupted`,
        "run again: the next run resumes",
        "incomplete",
      );
    case "tls":
      return new PhotodriftError(
        "tls-untrusted",
        `${asked}: the certificate of ${host} is not trusted (${fault.code})`,
        "set tenant.caFile to the PEM file of the authority that signed it (the company's, where a proxy opens TLS)",
        "failed",
        error,
      );
    case "too-large":
      return new PhotodriftError(
        "answer-too-large",
        `${asked}: the answer of ${host} is too large`,
        why,
        "failed",
        error,
      );
    case "not-sent":
      return new PhotodriftError(
        "unreachable",
        `${asked}: ${host} cannot be reached (${fault.code})`,
        fault.code === "ENOTFOUND" || fault.code.startsWith("EAI_")
          ? `the name is unknown: check ${ENDPOINT_KEYS[request.service]}, the network and HTTPS_PROXY`
          : `nothing answers there: check ${ENDPOINT_KEYS[request.service]}, the firewall and HTTPS_PROXY/NO_PROXY`,
        "failed",
        error,
      );
    case "lost":
      return new PhotodriftError(
        "connection-lost",
        `${asked}: the connection to ${host} broke (${fault.code === "UNKNOWN" ? excerpt(why) : fault.code})`,
        "run again; if it stays so, look for a proxy or firewall that cuts connections",
        "incomplete",
        error,
      );
  }
}

export function throttledFailure(request: WireRequest, seconds: number): HttpFailure {
  const host = new URL(request.url).host;
  return new HttpFailure(
    429,
    { code: "", message: "" },
    "throttled",
    `cannot ${request.asks}: ${host} asks to wait ${String(Math.ceil(seconds))} s, longer than this run is willing to`,
    "run again later; the next run goes on from there",
    "incomplete",
  );
}

export function downFailure(request: WireRequest): PhotodriftError {
  const host = new URL(request.url).host;
  return new PhotodriftError(
    "service-unavailable",
    `cannot ${request.asks}: ${host} has not answered for a while`,
    "run again when the service is back",
    "incomplete",
  );
}

export function unusableAnswer(request: WireRequest, flaw: string): PhotodriftError {
  const host = new URL(request.url).host;
  return new PhotodriftError(
    "unusable-answer",
    `cannot ${request.asks}: the answer of ${host} is unusable, ${flaw}`,
    "run again; if it stays so, look for a proxy or a sign-in page between here and the service",
    "incomplete",
  );
}

/** Any error as the value that observations keep. */
export function asStoreError(error: unknown): StoreError {
  if (error instanceof PhotodriftError) return { code: error.code, message: redact(error.message), hint: error.hint };
  const message = error instanceof Error ? error.message : String(error);
  return { code: "unexpected", message: excerpt(message), hint: "run again with --verbose and report what you see" };
}

function plainText(response: WireResponse): string {
  const type = response.headers["content-type"] ?? "";
  return type.startsWith("text/plain") ? response.body.toString("utf8", 0, 400) : "";
}
