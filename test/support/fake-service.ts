import type { DirectoryUser } from "../../src/model/user.js";
import { createDoor } from "../../src/stores/http/door.js";
import { type Graph, openGraph } from "../../src/stores/http/graph.js";
import { type CostMeter, createMeter } from "../../src/stores/http/meter.js";
import type { Tokens } from "../../src/stores/http/tokens.js";
import type { Door, Exchange, Timer } from "../../src/stores/http/types.js";
import { openSharePoint, type SharePoint } from "../../src/stores/sharepoint/api.js";
import { madeUser } from "./made-user.js";

export type Call = Parameters<Exchange>[0];
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly body?: Buffer | string;
}
export type Service = (call: Call, index: number) => Answer | Error | Promise<Answer | Error>;

/** A clock that jumps instead of waiting. */
export interface FakeTimer extends Timer {
  readonly slept: number[];
  /** Somebody puts the machine's clock on or back, by milliseconds. */
  put(by: number): void;
}

export function fakeTimer(start = Date.UTC(2026, 0, 5)): FakeTimer {
  let now = start;
  let off = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => now + off,
    steady: () => now,
    put(by) {
      off += by;
    },
    random: () => 0.5,
    async sleep(ms, signal) {
      const until = now + ms;
      slept.push(ms);
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      now = Math.max(now, until);
    },
  };
}

export function networkError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

export interface FakeService {
  readonly door: Door;
  readonly graph: Graph;
  readonly sharePoint: SharePoint;
  readonly meter: CostMeter;
  readonly timer: FakeTimer;
  readonly calls: (Call & { readonly at: number })[];
}

export const ORIGIN = "https://graph.test";
export const MY = "https://contoso-my.sharepoint.test";
export const ADMIN = "https://contoso-admin.sharepoint.test";

const noTokens: Tokens = {
  authorizer: () => ({
    header: async () => "Bearer token",
    accepted: () => undefined,
    refused: async () => false,
  }),
  soon: () => undefined,
  roles: async () => null,
};

/** The whole wire stack over a service that is a function; an Error it returns is thrown as a network error. */
export function fakeService(
  service: Service,
  options: {
    readonly concurrency?: number;
    readonly patience?: number;
    readonly signal?: AbortSignal;
    readonly tokens?: Tokens;
    readonly onThrottle?: (host: string, seconds: number) => void;
  } = {},
): FakeService {
  const timer = fakeTimer();
  const meter = createMeter();
  const calls: (Call & { readonly at: number })[] = [];
  const exchange: Exchange = async (call) => {
    calls.push({ ...call, at: timer.now() });
    const answer = await service(call, calls.length - 1);
    if (answer instanceof Error) throw answer;
    const json = answer.json === undefined ? null : JSON.stringify(answer.json);
    const body = json ?? answer.body ?? "";
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    const headers = { ...(json === null ? {} : { "content-type": "application/json" }), ...answer.headers };
    return { status: answer.status ?? 200, headers, body: bytes, bytesIn: bytes.length };
  };
  const door = createDoor({
    exchange,
    meter,
    timer,
    concurrency: options.concurrency ?? 8,
    patience: options.patience ?? 900_000,
    signal: options.signal,
    onThrottle: options.onThrottle,
  });
  const tokens = options.tokens ?? noTokens;
  return {
    door,
    meter,
    timer,
    calls,
    graph: openGraph(ORIGIN, door, tokens),
    sharePoint: openSharePoint({ sharepointMy: MY, sharepointAdmin: ADMIN }, door, tokens),
  };
}

/** The parts of a Graph batch. */
export function batchParts(
  call: Call,
): readonly { readonly id: string; readonly method: string; readonly url: string; readonly body?: string }[] {
  const text = typeof call.body === "string" ? call.body : (call.body ?? Buffer.alloc(0)).toString();
  return (JSON.parse(text) as { requests: { id: string; method: string; url: string; body?: string }[] }).requests;
}

/** The smallest bytes that pass for a whole JPEG. */
export const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 0xff, 0xd9]);

export function person(n: number, more: { readonly mailbox?: boolean; readonly upn?: string } = {}): DirectoryUser {
  const id = `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
  const licences = { mailbox: more.mailbox ?? true, sharePoint: true };
  return madeUser(id, more.upn ?? `user${String(n)}@contoso.com`, `User ${String(n)}`, { licences });
}
