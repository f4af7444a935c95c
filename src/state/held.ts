import type { State } from "./sqlite/state.js";
import { acquireRunLock } from "./sqlite/lock.js";
import { openState } from "./sqlite/state.js";

/** A tenant's state that nobody else writes to until it is released. */
export interface HeldState {
  readonly state: State;
  /** Resolves while the hold stands; rejects with a PhotodriftError once it is lost. Asked before every request to the tenant. */
  readonly beforeRequest: () => Promise<void>;
  /** Aborted when the hold is lost. */
  readonly lost: AbortSignal;
  /** Makes safe what was written and lets go; closes the state. */
  release(): Promise<void>;
}

/**
 * Opens the state file beside the configuration and takes its run lock.
 * @param doing what the lock tells others, e.g. `photodrift audit`
 * Throws PhotodriftError: see openState, `run-in-progress`.
 */
export function holdStateFile(path: string, tenant: string, doing: string): HeldState {
  const state = openState(path, tenant);
  try {
    const lock = acquireRunLock(state.db, tenant, doing);
    return {
      state,
      beforeRequest: async () => lock.prove(),
      lost: lock.lost,
      release() {
        lock.release();
        state.close();
        return Promise.resolve();
      },
    };
  } catch (error) {
    state.close();
    throw error;
  }
}
