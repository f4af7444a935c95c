import { refusalPauseMs } from "./retry.js";
import type { Door } from "./types.js";

export interface Refusals {
  /**
   * Parts of a batch were refused; `asked` is the longest Retry-After among them, milliseconds, 0 without one. Closes the host for everybody
   * (the service counts early calls against the limit) and tells whether there is patience left for another round.
   */
  refused(asked: number): boolean;
}

/** Bounds how long one piece of work waits for throttling that hides inside the answers of batches. */
export function createRefusals(door: Door, url: string): Refusals {
  const deadline = door.timer.steady() + door.patience;
  let count = 0;
  return {
    refused(asked) {
      const pause = refusalPauseMs(asked, count++, door.timer.random());
      door.hold(url, pause);
      return door.timer.steady() + pause <= deadline;
    },
  };
}
