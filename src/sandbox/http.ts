import type { IncomingHttpHeaders } from "node:http";

/** The six listeners of the sandbox. */
export const HOSTS = ["login", "graph", "exchange", "sharepoint", "sharepointMy", "sharepointAdmin"] as const;
export type HostName = (typeof HOSTS)[number];

/** The claims of an access token that a route needs; null on hosts and paths that take no token. */
export interface AccessToken {
  readonly audience: string;
  readonly roles: readonly string[];
  readonly appId: string;
  /** Got with a certificate, a secret, a federated assertion or a managed identity; `delegated`: of a signed-in administrator, `roles` are scopes. */
  readonly method: "certificate" | "secret" | "assertion" | "managed-identity" | "delegated";
}

export interface SandboxRequest {
  readonly host: HostName;
  readonly method: string;
  /** Absolute URL with this listener's own origin. */
  readonly url: URL;
  /** Path and query exactly as received. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly token: AccessToken | null;
  /** Origins of all listeners, e.g. https://127.0.0.1:4432, for links in bodies. */
  readonly origins: { readonly [host in HostName]: string };
}

export interface SandboxResponse {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: Buffer | string;
}

/** Answers a request, or null when the path is not one it knows (the server then answers 501 loudly). */
export type Route = (request: SandboxRequest) => Promise<SandboxResponse | null>;
