import type { AccessToken, SandboxRequest, SandboxResponse } from "../../http.js";
import type { SandboxState } from "../../state.js";

/** One call of Graph, direct or as a sub-request of `$batch`: path taken apart, everything decoded. */
export interface GraphCall {
  readonly version: "v1.0" | "beta";
  readonly method: string;
  /** Path segments after the version, decoded, as sent. */
  readonly segments: readonly string[];
  /** The same, lower case, for comparison. */
  readonly folded: readonly string[];
  readonly url: URL;
  readonly headers: SandboxRequest["headers"];
  readonly body: Buffer;
  readonly token: AccessToken;
  readonly batched: boolean;
  readonly userAgent: string;
}

export type GraphEndpoint = (
  state: SandboxState,
  call: GraphCall,
) => Promise<SandboxResponse | null> | SandboxResponse | null;

/** Takes a URL below `/v1.0` or `/beta` apart; null when it is neither or its escapes are broken. */
export function callOf(url: URL, rest: Omit<GraphCall, "version" | "segments" | "folded" | "url">): GraphCall | null {
  const raw = url.pathname.split("/").filter((part) => part !== "");
  const version = raw[0]?.toLowerCase();
  if (version !== "v1.0" && version !== "beta") return null;
  try {
    const segments = keyedSegments(raw.slice(1).map((part) => decodeURIComponent(part)));
    return { ...rest, version, segments, folded: segments.map((segment) => segment.toLowerCase()), url };
  } catch {
    return null;
  }
}

/** `users('id')` is the same as `users/id` in OData. */
function keyedSegments(segments: readonly string[]): string[] {
  return segments.flatMap((segment) => {
    const keyed = /^([A-Za-z]+)\('(.*)'\)$/s.exec(segment);
    return keyed ? [keyed[1] ?? "", (keyed[2] ?? "").replaceAll("''", "'")] : [segment];
  });
}

/** True when the token carries one of the roles. */
export function hasRole(call: GraphCall, ...roles: readonly string[]): boolean {
  return roles.some((role) => call.token.roles.includes(role));
}

/** Origin and version, for links in bodies: always this listener's own origin. */
export function rootOf(call: GraphCall): string {
  return `${call.url.origin}/${call.version}`;
}

export function header(call: GraphCall, name: string): string {
  const value = call.headers[name];
  return Array.isArray(value) ? value.join(",") : (value ?? "");
}

/** The client agrees to answers out of an index that lags behind: what counts and advanced filters need. */
export function isEventual(call: GraphCall): boolean {
  return header(call, "consistencylevel").toLowerCase() === "eventual";
}
