/** Hosts of the tenant as the sandbox's configuration names them, and `elsewhere`: anything that is no host of the tenant. */
export type Host = "login" | "graph" | "exchange" | "sharepoint" | "sharepointMy" | "sharepointAdmin" | "elsewhere";

/** One request of the program, read to its end. */
export interface Asked {
  readonly host: Host;
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** Decoded path in lower case, without the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The host that a token is asked for; absent where none is. */
  readonly opens?: Host;
}

/** How an answer leaves the proxy. */
export type Delivery =
  | { readonly kind: "plain" }
  /** Content-Length says so many bytes more (or fewer) than there are. */
  | { readonly kind: "wrong-length"; readonly off: number }
  /** One byte a second for ever. */
  | { readonly kind: "drip" }
  /** So many bytes of JSON, made as they leave. */
  | { readonly kind: "flood"; readonly bytes: number };

/** One answer, unpacked. Header names are lower case. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly delivery: Delivery;
}

export const PLAIN: Delivery = { kind: "plain" };

/** An answer with a JSON body. */
export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: Buffer.from(JSON.stringify(value)),
    delivery: PLAIN,
  };
}

/** The JSON of a body; undefined where it is none. */
export function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The same answer with another JSON body. */
export function withJson(answer: Answer, value: unknown): Answer {
  return { ...answer, body: Buffer.from(JSON.stringify(value)) };
}
