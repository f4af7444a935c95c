import { setTimeout as delay } from "node:timers";

/** Waits under this many milliseconds take a hundredth of their time, longer ones (deadlines of whole answers) a tenth. */
const DEADLINES_FROM = 20_000;

let skipped = 0;

function now(): number {
  return Date.now() + skipped;
}

/** Waits a fraction of the time and puts the clock forward by the rest, so that back-off and patience end as they would. */
async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  const until = now() + ms;
  await new Promise<void>((resolve, reject) => {
    const timer = delay(resolve, ms / (ms < DEADLINES_FROM ? 100 : 10));
    if (signal === undefined) return;
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new Error("aborted"));
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  skipped += Math.max(0, until - now());
}

/** Stands in for the machine's clock in src/stores/http/timer.ts. */
export const systemTimer = { now, steady: now, sleep, random: () => Math.random() };

/** Stands in for `setTimeout` of node:timers/promises. */
export async function setTimeoutShortened<T>(
  ms = 0,
  value?: T,
  options: { signal?: AbortSignal } = {},
): Promise<T | undefined> {
  await sleep(ms, options.signal);
  return value;
}

/** The clock is right again. Called between runs: tokens would look expired otherwise. */
export function rightTheClock(): void {
  skipped = 0;
}
