import { createRefusals } from "./refusals.js";
import type { Door } from "./types.js";

/** What one round of a batch left open. */
export interface Round<T> {
  /** Refused: the service did nothing and asks to wait. */
  readonly refused: readonly T[];
  /** Failed in a way that may pass. */
  readonly failed: readonly T[];
  /** Longest Retry-After among the refused, milliseconds; 0 without one. */
  readonly pauseMs: number;
}

/** Tries for a part that failed without being refused, first one included. */
const TRIES = 4;

/**
 * Asks in rounds until nothing is left worth asking: what was refused as long as there is patience, the whole host resting meanwhile;
 * what failed a few times. `ask` keeps the answers; the last one stands where nothing better comes. null from `ask` ends it.
 * @param url any address of the host that is asked
 */
export async function inRounds<T>(
  door: Door,
  url: string,
  items: readonly T[],
  ask: (open: readonly T[]) => Promise<Round<T> | null>,
): Promise<void> {
  const refusals = createRefusals(door, url);
  let open = items;
  let failures = 0;
  while (open.length > 0) {
    const round = await ask(open);
    if (round === null) return;
    const { refused, failed, pauseMs } = round;
    const patient = refused.length === 0 || refusals.refused(pauseMs);
    if (failed.length > 0) failures++;
    open = [...(patient ? refused : []), ...(failures < TRIES ? failed : [])];
    if (open.length > 0 && refused.length === 0) await door.rest(failures - 1);
  }
}
