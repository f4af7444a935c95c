import { describeError } from "../model/describe-error.js";
import type { FleetLog } from "./ports.js";

/** Waits for work, `ms` at most; its failure is not told. */
export function within(ms: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    void work.finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Each piece of work again after its time in milliseconds, never two at once of the same; failures are told and tried again. */
export function everySoOften(log: FleetLog, works: readonly (readonly [number, () => Promise<void>])[]): () => void {
  const timers = works.map(([ms, work]) => {
    let busy = false;
    return setInterval(() => {
      if (busy) return;
      busy = true;
      work()
        .catch((error: unknown) => log.error(describeError(error)))
        .finally(() => (busy = false));
    }, ms);
  });
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}

/** Waits until one of them aborts. */
export function either(...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const any = AbortSignal.any([...signals]);
    if (any.aborted) resolve();
    else any.addEventListener("abort", () => resolve(), { once: true });
  });
}
