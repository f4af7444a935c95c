import { retryAfterMs } from "../../model/retry-after.js";
import {
  httpFailure,
  isNobodys404,
  OutcomeUnknown,
  throttledFailure,
  unusableAnswer,
  type HttpFailure,
} from "./failures.js";
import type { Lane } from "./lane.js";
import { backoffMs, refusalPauseMs, triesFor, type Fate } from "./retry.js";
import type { Timer, WireRequest, WireResponse } from "./types.js";

const MAX_RENEWALS = 3;
const MAX_FLAWS = 4;

/** State of the tries of one request. `deadline`: until when throttling is waited for, by the steady clock. */
export interface Tries {
  failures: number;
  refusals: number;
  renewals: number;
  flaws: number;
  readonly deadline: number;
}

/** An answer to one try. */
interface Answered {
  readonly request: WireRequest;
  readonly lane: Lane;
  readonly tries: Tries;
  readonly answer: WireResponse;
  /** What the try was sent with. */
  readonly authorization: string | undefined;
}

/** Gives the answer to the caller, or waits and has it asked again; throws PhotodriftError where that is no use. */
type Next = (answered: Answered) => Promise<WireResponse | "again">;

interface Waiting {
  readonly timer: Timer;
  readonly signal: AbortSignal | undefined;
  /** Closes the host of an address for everybody. */
  readonly hold: (url: string, milliseconds: number) => void;
}

/** What follows each kind of answer. */
export function createAfterAnswer({ timer, signal, hold }: Waiting): Readonly<Record<Fate, Next>> {
  const rest = (attempt: number): Promise<void> => timer.sleep(backoffMs(attempt, timer.random()), signal);

  return {
    async refused({ request, lane, tries, answer }) {
      const asked = retryAfterMs(answer.headers, timer.now());
      const pause = refusalPauseMs(asked, tries.refusals, timer.random());
      hold(request.url, pause);
      tries.refusals++;
      if (asked === null && tries.refusals >= triesFor(429)) return giveUp(lane, httpFailure(request, answer));
      if (timer.steady() + pause > tries.deadline) return giveUp(lane, throttledFailure(request, pause / 1000));
      return "again";
    },

    async failed({ request, lane, tries, answer }) {
      if (answer.status === 503) hold(request.url, backoffMs(tries.failures, timer.random()));
      if (request.settled?.(answer) === true) {
        lane.succeeded();
        return answer;
      }
      if (request.repeat === "if-refused") throw unknownAfter(httpFailure(request, answer));
      tries.failures++;
      if (tries.failures >= triesFor(answer.status) || lane.isDown) return giveUp(lane, httpFailure(request, answer));
      await rest(tries.failures - 1);
      return "again";
    },

    async unauthorized({ request, lane, tries, answer, authorization }) {
      if (request.authorizer === undefined) return answer;
      const isLast = tries.renewals >= MAX_RENEWALS || lane.isDown;
      tries.renewals++;
      if (isLast || !(await request.authorizer.refused(authorization ?? "", answer))) {
        lane.gaveUp(answer);
        return answer;
      }
      if (tries.renewals > 1) await rest(tries.renewals);
      return "again";
    },

    async settled({ request, lane, tries, answer }) {
      lane.succeeded();
      request.authorizer?.accepted();
      if (request.purpose === "write" && isNobodys404(answer)) throw unknownAfter(httpFailure(request, answer));
      const flaw = isSuccess(answer) ? (request.flaw?.(answer) ?? null) : null;
      if (flaw === null) return answer;
      tries.flaws++;
      if (tries.flaws >= MAX_FLAWS || request.repeat === "if-refused") {
        const failure = unusableAnswer(request, flaw);
        // Somebody between here and the service answered in its place: whether a write arrived is not known.
        throw request.purpose === "write" ? unknownAfter(failure) : failure;
      }
      await rest(tries.flaws - 1);
      return "again";
    },
  };
}

function isSuccess({ status }: WireResponse): boolean {
  return status >= 200 && status < 300;
}

function unknownAfter(failure: ReturnType<typeof unusableAnswer>): OutcomeUnknown {
  return new OutcomeUnknown("outcome-unknown", failure.message, failure.hint, "incomplete", failure);
}

function giveUp(lane: Lane, failure: HttpFailure): never {
  lane.gaveUp();
  throw failure;
}
