/** The services that are counted apart. */
export type Service = "login" | "graph" | "sharepoint" | "exchange";

/** What came back, body read to its end and unpacked. Header names are lower case. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Gives the Authorization header and a second chance after a 401. */
export interface Authorizer {
  header(): Promise<string>;
  /** The service took the token. */
  accepted(): void;
  /** After a 401: true where `header()` now gives something worth another try. */
  refused(used: string, response: WireResponse): Promise<boolean>;
}

export interface WireRequest {
  readonly service: Service;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | string | null;
  /** What is asked, for people, to stand after "cannot": "list the users". */
  readonly asks: string;
  /** The permission or role that the request needs, for the hint of a 403. */
  readonly needs?: string;
  /**
   * `always`: reading, or writing that may be done twice. `if-refused`: only where the service said that it did nothing (429, 503 with
   * Retry-After) or never got the request; any other loss is reported as `outcome-unknown`, and the caller looks before it repeats.
   */
  readonly repeat: "always" | "if-refused";
  /** A write passes the door only where it was opened for writing. */
  readonly purpose: "read" | "write";
  readonly authorizer?: Authorizer;
  /** Limit of the unpacked body, bytes. */
  readonly maxBytes?: number;
  /** Says what is wrong with a 2xx answer (HTML for JSON, a truncated image); such an answer is asked for again. */
  readonly flaw?: (response: WireResponse) => string | null;
  /** True where a 5xx is a settled answer that will not change by asking again. */
  readonly settled?: (response: WireResponse) => boolean;
}

/** Time and chance, so that tests can rule both. */
export interface Timer {
  /** Milliseconds since 1970, by a clock that may be set at any moment. */
  now(): number;
  /** Milliseconds since some moment, by a clock that nobody sets: how long something took, and until when something waits. */
  steady(): number;
  /** Rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** 0 ≤ x < 1. */
  random(): number;
}

/** One exchange with the network, without any retry. Throws what the network throws. */
export type Exchange = (request: {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string | null;
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
}) => Promise<WireResponse & { readonly bytesIn: number }>;

/** The only way to the network. Throws PhotodriftError; any HTTP status that will not change by waiting is returned. */
export interface Door {
  send(request: WireRequest): Promise<WireResponse>;
  /** Counts a throttling answer and closes the gate of its host for so long; for those that hide inside another answer ($batch). */
  hold(url: string, milliseconds: number): void;
  /** Waits before another try, as the door does itself; `attempt` counts from 0. Milliseconds waited are at least `atLeast`. */
  rest(attempt: number, atLeast?: number): Promise<void>;
  readonly signal: AbortSignal | undefined;
  readonly timer: Timer;
  /** Milliseconds one piece of work may wait for throttling to end. */
  readonly patience: number;
  /** What the services last said of their head-room, by host: share of the limit in use (1 = at the limit). */
  headroom(): ReadonlyMap<string, string>;
}
