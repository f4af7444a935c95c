import { type ErrorClass, PhotodriftError } from "../../model/errors.js";
import type { StoreError } from "../../model/photo.js";
import { serviceError, type ServiceError } from "../answers/service-error.js";
import type { NetworkFault } from "./network-errors.js";
import { excerpt, redact } from "./redact.js";
import type { Service, WireRequest, WireResponse } from "./types.js";
import { messageOf } from "../../model/caught.js";

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

  constructor(status: number, said: ServiceError, { code, hint, errorClass }: Meaning, message: string) {
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
  const means = meaning(request, response, `${words} ${response.headers["x-ms-diagnostics"] ?? ""}`);
  return new HttpFailure(response.status, said, means, message);
}

/** What an answer means for the people who run the program: its code, the cure, and whether a later run may fare better. */
interface Meaning {
  readonly code: string;
  readonly hint: string;
  readonly errorClass: ErrorClass;
}

const CERTIFICATE_NEEDED: Meaning = {
  code: "certificate-needed",
  hint: "SharePoint takes app-only tokens only when they were got with a certificate: set credential.kind: certificate",
  errorClass: "failed",
};
const REDIRECTED: Meaning = {
  code: "redirected",
  hint: "redirects are not followed, they would carry the token elsewhere: look for a proxy or a sign-in page between here and the service",
  errorClass: "incomplete",
};
const UNAVAILABLE: Meaning = {
  code: "service-unavailable",
  hint: "the service has a problem: run again later",
  errorClass: "incomplete",
};
const REQUEST_REFUSED: Meaning = {
  code: "request-refused",
  hint: "photodrift doctor shows which part of the set-up is wrong",
  errorClass: "failed",
};

/** By status; what is not here is told by its class. */
const MEANINGS: Readonly<Record<number, Meaning | ((request: WireRequest) => Meaning)>> = {
  301: REDIRECTED,
  302: REDIRECTED,
  303: REDIRECTED,
  307: REDIRECTED,
  308: REDIRECTED,
  401: ({ service }) => ({
    code: "unauthorized",
    hint: `the service did not take the token: check tenant.id, tenant.cloud and the ${ENDPOINT_KEYS[service]} endpoint, then run photodrift doctor`,
    errorClass: "failed",
  }),
  403: ({ needs }) => ({
    code: "permission-missing",
    hint: `grant the app registration the application permission it lacks${needs === undefined ? "" : ` (${needs})`}, with admin consent; photodrift doctor lists them`,
    errorClass: "failed",
  }),
  404: ({ service }) => ({ code: "not-found", hint: `check ${ENDPOINT_KEYS[service]}`, errorClass: "failed" }),
  412: {
    code: "changed-meanwhile",
    hint: "somebody changed it since it was looked at: run photodrift audit again",
    errorClass: "failed",
  },
  413: { code: "too-large", hint: "the service refuses so large a request", errorClass: "failed" },
  423: { code: "locked", hint: "somebody has it open or checked out: run again later", errorClass: "incomplete" },
  429: {
    code: "throttled",
    hint: "the service limits requests just now: run again later, or lower limits.concurrency",
    errorClass: "incomplete",
  },
  501: { code: "not-supported", hint: "this endpoint does not offer that request", errorClass: "failed" },
  // "The maximum storage quota has been reached" (learn.microsoft.com/graph/errors): nothing was stored, and asking again does not help.
  507: {
    code: "storage-full",
    hint: "the site has no room left: raise its quota or empty its recycle bin, then run again",
    errorClass: "failed",
  },
};

function meaning(request: WireRequest, { status }: WireResponse, words: string): Meaning {
  if (/unsupported app only token/i.test(words)) return CERTIFICATE_NEEDED;
  const known = MEANINGS[status];
  if (typeof known === "function") return known(request);
  return known ?? (status >= 500 ? UNAVAILABLE : REQUEST_REFUSED);
}

/** The error for a host that cannot be talked to. */
export function networkFailure(request: WireRequest, fault: NetworkFault, error: unknown): PhotodriftError {
  const host = new URL(request.url).host;
  const asked = `cannot ${request.asks}`;
  const why = redact(messageOf(error));
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
    case "proxy":
      return new PhotodriftError(
        "proxy-refused",
        `${asked}: the proxy does not let it through to ${host} (HTTP ${String(fault.status)})`,
        fault.status === 407
          ? "it wants user and password: HTTPS_PROXY=http://user:password@host:port"
          : `have ${host} allowed on the proxy, or name it in NO_PROXY where it can be reached directly`,
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
  const means: Meaning = {
    code: "throttled",
    hint: "run again later; the next run goes on from there",
    errorClass: "incomplete",
  };
  return new HttpFailure(
    429,
    { code: "", message: "" },
    means,
    `cannot ${request.asks}: ${host} asks to wait ${String(Math.ceil(seconds))} s, longer than this run is willing to`,
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
  const message = messageOf(error);
  return { code: "unexpected", message: excerpt(message), hint: "run again with --verbose and report what you see" };
}

function plainText(response: WireResponse): string {
  const type = response.headers["content-type"] ?? "";
  return type.startsWith("text/plain") ? response.body.toString("utf8", 0, 400) : "";
}
