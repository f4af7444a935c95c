import { keyOf } from "./jobs.js";

/** How long a job that this worker's files do not have is left to others before it is looked at again. */
const LEFT_MS = 10 * 60_000;
/** Each look for a job names them all. */
const MOST = 1_000;

/** What a worker met and its files do not have: others' files may, so it leaves those jobs to them. */
export interface NotMine {
  met(tenant: string, schedule: string): void;
  /** Flags of the jobs that are not to be taken now; null where there are none. */
  flags(): string[] | null;
}

/** @param entries the worker's files as they are now: what they have got meanwhile is its own again */
export function makeNotMine(entries: Pick<ReadonlyMap<string, unknown>, "has">, now: () => number): NotMine {
  const until = new Map<string, number>();
  return {
    met(tenant, schedule) {
      const key = keyOf(tenant, schedule);
      until.delete(key);
      until.set(key, now() + LEFT_MS);
      for (const oldest of until.keys()) {
        if (until.size <= MOST) break;
        until.delete(oldest);
      }
    },
    flags() {
      for (const [key, at] of until) if (at <= now() || entries.has(key)) until.delete(key);
      return until.size === 0 ? null : [...until.keys()];
    },
  };
}
