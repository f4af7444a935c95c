import { setTimeout as delay } from "node:timers/promises";
import type { Timer } from "./types.js";

/** The clock of the machine. */
export const systemTimer: Timer = {
  now: () => Date.now(),
  steady: () => performance.now(),
  sleep: async (ms, signal) => {
    // A Node timer holds at most 2^31 - 1 ms.
    await delay(Math.min(Math.max(0, ms), 2_147_483_647), undefined, signal ? { signal } : {});
  },
  random: () => Math.random(),
};
