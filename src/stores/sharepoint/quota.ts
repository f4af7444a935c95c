import type { Timer } from "../http/types.js";

/** The window in which the service counts PeopleManager calls, milliseconds (facts/sharepoint.md section 5). */
const WINDOW = 5 * 60_000;
/** Share of the limit that is used once it is known: it is the whole tenant's. */
const SHARE = 0.9;

export interface Quota {
  /** Waits until `calls` more calls fit, and counts them. */
  take(calls: number): Promise<void>;
  /** The service refused: what was called in the window is the limit. */
  refused(): void;
}

/** Profile calls have a tenant-wide quota of their own that depends on the licences: it is learned from the first refusal and kept from then on. */
export function createQuota(timer: Timer, signal?: AbortSignal): Quota {
  let calls: { readonly at: number; readonly count: number }[] = [];
  let limit = Number.POSITIVE_INFINITY;

  function inWindow(): number {
    const since = timer.steady() - WINDOW;
    calls = calls.filter((call) => call.at > since);
    return calls.reduce((sum, call) => sum + call.count, 0);
  }

  return {
    async take(count) {
      for (;;) {
        const used = inWindow();
        const first = calls[0];
        if (used + count <= limit || first === undefined) break;
        await timer.sleep(Math.max(100, first.at + WINDOW - timer.steady()), signal);
      }
      calls.push({ at: timer.steady(), count });
    },
    refused() {
      const used = inWindow();
      if (used >= 100) limit = Math.min(limit, Math.max(100, Math.floor(used * SHARE)));
    },
  };
}
