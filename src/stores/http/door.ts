import { setMaxListeners } from "node:events";
import { PhotodriftError } from "../../model/errors.js";
import { createAfterAnswer, type Tries } from "./after-answer.js";
import { downFailure, networkFailure, OutcomeUnknown, throttledFailure } from "./failures.js";
import { createLane, type Lane } from "./lane.js";
import type { CostMeter } from "./meter.js";
import { networkFault } from "./network-errors.js";
import { backoffMs, fateOf } from "./retry.js";
import type { Door, Exchange, Timer, WireRequest, WireResponse } from "./types.js";

/** Non-interactive traffic of an in-house tool; undecorated traffic is throttled first (facts/sharepoint.md section 5). */
export const USER_AGENT = "NONISV|photodrift|photodrift/0.1.0";

const MAX_BYTES = 64 * 1024 * 1024;

/** Who stood before a gate for longer asks for a token anew: it may have ended there. Tokens that are handed out live for minutes yet. */
const LONG_WAIT_MS = 60_000;

/** Somebody with a place, or the answer that nobody needs to ask for. */
type Admitted = { readonly authorization: string | undefined } | { readonly answer: WireResponse };

export interface DoorOptions {
  readonly exchange: Exchange;
  readonly meter: CostMeter;
  readonly timer: Timer;
  /** Ceiling of requests under way per host. */
  readonly concurrency: number;
  /** Milliseconds one request may spend waiting for throttling to end. */
  readonly patience: number;
  readonly signal?: AbortSignal | undefined;
  readonly onThrottle?: ((host: string, seconds: number) => void) | undefined;
}

/**
 * Makes the door. Throttling closes a host for everybody (no cap on Retry-After, but no request waits longer than `patience`); resets,
 * time-outs, 5xx and unusable bodies are asked again a few times with jittered back-off; a 401 gets a fresh token; a host that is down
 * fails fast. Errors are PhotodriftError with the cure; HTTP statuses that waiting cannot change are returned.
 */
export function createDoor(options: DoorOptions): Door {
  const { exchange, meter, timer, signal } = options;
  const lanes = new Map<string, Lane>();
  const headroom = new Map<string, string>();
  // Every request and wait listens to the one signal: more than ten are no leak here.
  if (signal !== undefined) setMaxListeners(0, signal);

  function laneOf(url: string): Lane {
    const host = new URL(url).host;
    const known = lanes.get(host);
    if (known !== undefined) return known;
    const lane = createLane(options.concurrency, timer, (ms) => {
      meter.waited(ms);
    });
    lanes.set(host, lane);
    return lane;
  }

  function hold(url: string, milliseconds: number): void {
    meter.throttled();
    const longer = laneOf(url).close(milliseconds);
    if (longer <= 0) return;
    options.onThrottle?.(new URL(url).host, Math.ceil(milliseconds / 1000));
  }

  const afterAnswer = createAfterAnswer({ timer, signal, hold });

  /**
   * Takes a place and gives what authorizes who has it: never asked for from a place, for the login may be the same host. A host that is down because it
   * takes no token has answered already.
   */
  async function admitted(request: WireRequest, lane: Lane, tries: Tries): Promise<Admitted> {
    for (;;) {
      const authorization = await request.authorizer?.header();
      const since = timer.steady();
      const passage = await lane.enter(tries.deadline - since, signal);
      if (passage === "closed") throw throttledFailure(request, lane.closedFor() / 1000);
      if (passage === "down") {
        if (lane.refusal !== null) return { answer: lane.refusal };
        throw downFailure(request);
      }
      if (authorization === undefined || timer.steady() - since < LONG_WAIT_MS) return { authorization };
      lane.leave();
    }
  }

  async function once(request: WireRequest, lane: Lane, tries: Tries): Promise<WireResponse | "again"> {
    const ready = await admitted(request, lane, tries);
    if ("answer" in ready) return ready.answer;
    const { authorization } = ready;
    let answer: Awaited<ReturnType<Exchange>>;
    try {
      meter.request(request.service, request.body == null ? 0 : Buffer.byteLength(request.body));
      answer = await exchange({
        method: request.method,
        url: request.url,
        headers: {
          "user-agent": USER_AGENT,
          ...request.headers,
          ...(authorization === undefined ? {} : { authorization }),
        },
        body: request.body ?? null,
        maxBytes: request.maxBytes ?? MAX_BYTES,
        signal,
      });
    } catch (error) {
      await afterNetworkError(request, lane, tries, error);
      return "again";
    } finally {
      lane.leave();
    }
    meter.received(answer.bytesIn);
    noteHeadroom(answer);
    return afterAnswer[fateOf(answer)]({ request, lane, tries, answer, authorization });
  }

  async function afterNetworkError(request: WireRequest, lane: Lane, tries: Tries, error: unknown): Promise<void> {
    const fault = networkFault(error, signal);
    const failure = networkFailure(request, fault, error);
    const answeredTooMuch = fault.kind === "too-large" && request.purpose === "write";
    if (answeredTooMuch || (fault.kind === "lost" && request.repeat === "if-refused")) {
      if (!answeredTooMuch) lane.gaveUp();
      throw new OutcomeUnknown("outcome-unknown", failure.message, failure.hint, "incomplete", error);
    }
    tries.failures++;
    if (tries.failures >= fault.tries || lane.isDown) {
      if (fault.kind !== "aborted" && fault.kind !== "too-large") lane.gaveUp();
      throw failure;
    }
    await timer.sleep(backoffMs(tries.failures - 1, timer.random()), signal);
  }

  function noteHeadroom(answer: WireResponse & { readonly status: number }): void {
    const share = answer.headers["x-ms-throttle-limit-percentage"];
    const remaining = answer.headers["ratelimit-remaining"];
    const limit = answer.headers["ratelimit-limit"];
    if (share !== undefined) headroom.set("graph", `${String(Math.round(Number(share) * 100))} % of the limit in use`);
    if (remaining !== undefined && limit !== undefined) headroom.set("sharepoint", `${remaining} of ${limit} left`);
  }

  return {
    signal,
    timer,
    patience: options.patience,
    hold,
    headroom: () => headroom,
    rest: (attempt, atLeast = 0) =>
      timer.sleep(Math.max(atLeast, backoffMs(attempt, timer.random())), signal).catch((error: unknown) => {
        throw interruption(error);
      }),
    async send(request) {
      refuseHiddenWrites(request);
      const lane = laneOf(request.url);
      const tries: Tries = {
        failures: 0,
        refusals: 0,
        renewals: 0,
        flaws: 0,
        deadline: timer.steady() + options.patience,
      };
      try {
        for (;;) {
          const answer = await once(request, lane, tries);
          if (answer !== "again") return answer;
        }
      } catch (error) {
        throw error instanceof PhotodriftError || signal?.aborted !== true ? error : interruption(error);
      }
    },
  };
}

function interruption(cause: unknown): PhotodriftError {
  return new PhotodriftError("interrupted", "interrupted", "run again: the next run resumes", "incomplete", cause);
}

/** Reading may POST only what reads: token requests, `$batch` and queries. The last guard behind "audit cannot write". */
function refuseHiddenWrites(request: WireRequest): void {
  if (request.purpose === "write" || request.service === "login") return;
  if (request.method === "GET" || request.method === "HEAD") return;
  const reads = request.method === "POST" && new URL(request.url).pathname.toLowerCase().endsWith("/$batch");
  const verbs = Object.keys(request.headers).map((name) => name.toLowerCase());
  if (!reads || verbs.includes("x-http-method")) {
    throw new PhotodriftError(
      "write-refused",
      `refused to ${request.asks}: it is no reading request`,
      "report this",
      "failed",
    );
  }
}
