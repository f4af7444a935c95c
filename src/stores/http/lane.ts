import type { Timer, WireResponse } from "./types.js";

/** Requests that end in vain in a row before a host counts as down. */
const DOWN_AFTER = 5;
/** While a host is down, one try each so many milliseconds; every other request fails at once. */
const PROBE_EVERY = 5_000;

/** Requests under way at first: what one script with a few workers has. */
const FIRST_PLACES = 8;

export interface Lane {
  /**
   * Waits for a free place and an open gate. Returns null when the gate stays closed longer than `patience` ms, or when the host is down
   * and not due for a try: then no place is taken.
   */
  enter(patience: number, signal: AbortSignal | undefined): Promise<"in" | "closed" | "down">;
  leave(): void;
  /** Nobody enters for so long. Returns the milliseconds by which that lengthens the pause. */
  close(ms: number): number;
  succeeded(): void;
  /** A request was given up after all its tries. @param refusal the answer, where the host took none of its tokens */
  gaveUp(refusal?: WireResponse | null): void;
  /** What a host that is down because it takes no token said last, else null. */
  readonly refusal: WireResponse | null;
  readonly isDown: boolean;
  /** Milliseconds until the gate opens. */
  closedFor(): number;
}

/**
 * The way to one host, shared by all who go there: a gate that a throttling answer closes for everybody, and a number of places that finds
 * its own level below `ceiling` - one more after each good answer until the first throttling, after that half after throttling and one more
 * after each round of good answers (slow start and AIMD).
 * @param waited told of each stretch of time that somebody stood before the closed gate
 */
export function createLane(ceiling: number, timer: Timer, waited: (milliseconds: number) => void): Lane {
  let closedUntil = 0;
  /** Until when waiting was told of: those who wait at the same time wait once. */
  let toldUntil = 0;
  let places = Math.min(ceiling, FIRST_PLACES);
  let throttled = false;
  let taken = 0;
  let misses = 0;
  let refusal: WireResponse | null = null;
  let nextProbe = 0;
  const waiting: (() => void)[] = [];

  function takePlace(signal: AbortSignal | undefined): Promise<void> {
    if (taken < Math.floor(places)) {
      taken++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const go = (): void => {
        signal?.removeEventListener("abort", stop);
        taken++;
        resolve();
      };
      const stop = (): void => {
        const at = waiting.indexOf(go);
        if (at >= 0) waiting.splice(at, 1);
        reject(signal?.reason instanceof Error ? signal.reason : new Error("aborted"));
      };
      signal?.addEventListener("abort", stop, { once: true });
      waiting.push(go);
    });
  }

  function admit(): void {
    while (taken < Math.floor(places)) {
      const next = waiting.shift();
      if (next === undefined) return;
      next();
    }
  }

  function tell(from: number, until: number): void {
    const fresh = until - Math.max(from, toldUntil);
    if (fresh <= 0) return;
    toldUntil = until;
    waited(fresh);
  }

  function leave(): void {
    taken--;
    admit();
  }

  const isDown = (): boolean => misses >= DOWN_AFTER;
  const closedFor = (): number => Math.max(0, closedUntil - timer.steady());

  return {
    get isDown() {
      return isDown();
    },
    get refusal() {
      return isDown() ? refusal : null;
    },
    closedFor,
    async enter(patience, signal) {
      const deadline = timer.steady() + patience;
      await takePlace(signal);
      try {
        if (isDown()) {
          if (timer.steady() < nextProbe || closedFor() > 0) {
            leave();
            return "down";
          }
          nextProbe = timer.steady() + PROBE_EVERY;
          return "in";
        }
        while (closedFor() > 0) {
          if (closedUntil > deadline) {
            leave();
            return "closed";
          }
          const from = timer.steady();
          const until = closedUntil;
          // Never early; a little spread keeps the waiters from leaving in one burst.
          await timer.sleep(closedFor() + timer.random() * 250, signal);
          tell(from, Math.min(until, timer.steady()));
        }
        return "in";
      } catch (error) {
        leave();
        throw error;
      }
    },
    leave,
    close(ms) {
      const now = timer.steady();
      const wasOpen = closedUntil <= now;
      const until = now + ms;
      if (until <= closedUntil) return 0;
      const longer = until - Math.max(now, closedUntil);
      closedUntil = until;
      // One cut per pause: the answers to what was under way together say the same thing.
      throttled = true;
      if (wasOpen) places = Math.max(1, Math.floor(places / 2));
      return longer;
    },
    succeeded() {
      misses = 0;
      refusal = null;
      if (places < ceiling) {
        places = Math.min(ceiling, places + (throttled ? 1 / places : 1));
        admit();
      }
    },
    gaveUp(answer = null) {
      refusal = answer;
      misses++;
      if (isDown()) nextProbe = timer.steady() + PROBE_EVERY;
    },
  };
}
