/** What a thrown network error means for the next step. */
export type NetworkFault =
  /** The request never left: it may be repeated whatever it was. */
  | { readonly kind: "not-sent"; readonly code: string; readonly tries: number }
  /** The proxy answered with something else than a tunnel: nothing left beyond it. */
  | { readonly kind: "proxy"; readonly code: string; readonly status: number; readonly tries: number }
  /** The connection broke or went silent: the work may have been done. */
  | { readonly kind: "lost"; readonly code: string; readonly tries: number }
  /** The certificate is not trusted. */
  | { readonly kind: "tls"; readonly code: string; readonly tries: 1 }
  | { readonly kind: "too-large"; readonly code: string; readonly tries: 1 }
  | { readonly kind: "aborted"; readonly code: string; readonly tries: 1 };

const NOT_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_FAIL",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "ENETDOWN",
  "EHOSTDOWN",
  "UND_ERR_CONNECT_TIMEOUT",
]);

const TLS =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_|ERR_SSL_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO)/;

/** Marks a body beyond its limit. */
export class BodyTooLarge extends Error {
  readonly code = "BODY_TOO_LARGE";
}

/** Marks a body that comes too slowly to wait for its end. */
export class BodyTooSlow extends Error {
  readonly code = "BODY_TOO_SLOW";
}

/** Codes of answers that kept us waiting already: asked again once. */
const SLOW = new Set(["BODY_TOO_SLOW", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);

/** Marks a packed body that cannot be unpacked: cut off or damaged on the way. */
export class BodyDamaged extends Error {
  readonly code = "BODY_DAMAGED";
}

export function networkFault(error: unknown, signal: AbortSignal | undefined): NetworkFault {
  if (signal?.aborted === true) return { kind: "aborted", code: "ABORTED", tries: 1 };
  const code = codeOf(error);
  if (code === "BODY_TOO_LARGE") return { kind: "too-large", code, tries: 1 };
  const status = proxyStatus(error);
  if (status !== null) return { kind: "proxy", code, status, tries: status >= 500 ? 4 : 1 };
  if (NOT_SENT.has(code)) return { kind: "not-sent", code, tries: code === "ENOTFOUND" ? 2 : 4 };
  if (TLS.test(code)) return { kind: "tls", code, tries: 1 };
  return { kind: "lost", code, tries: SLOW.has(code) ? 2 : 5 };
}

/** The first `code` along the chain of causes; undici and the proxy agent wrap the socket's error. */
function codeOf(error: unknown): string {
  let at = error;
  let found = "";
  for (let depth = 0; depth < 5 && at instanceof Error; depth++) {
    if ("code" in at && typeof at.code === "string") found = at.code;
    if (at instanceof AggregateError && at.errors.length > 0) at = at.errors[0];
    else at = at.cause;
  }
  return found === "" ? "UNKNOWN" : found;
}

/** What a proxy answered instead of a tunnel; undici tells it in words alone (lib/dispatcher/proxy-agent.js). */
function proxyStatus(error: unknown): number | null {
  let at = error;
  for (let depth = 0; depth < 5 && at instanceof Error; depth++) {
    const status = /^Proxy response \((\d{3})\)/.exec(at.message)?.[1];
    if (status !== undefined) return Number(status);
    at = at.cause;
  }
  return null;
}
