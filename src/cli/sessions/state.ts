import type { Config } from "../../model/config.js";
import { openState, type State } from "../../state/index.js";
import { knownError } from "../known-errors.js";

/**
 * Opens the state file without a tenant's readers or the run lock, works, and closes it whatever happens.
 * Throws PhotodriftError of the state file; what goes wrong with it in the middle names it too.
 */
export async function withState<T>(
  { state, tenant }: Pick<Config, "state" | "tenant">,
  work: (state: State) => Promise<T>,
): Promise<T> {
  try {
    const opened = openState(state, tenant.id);
    try {
      return await work(opened);
    } finally {
      opened.close();
    }
  } catch (error) {
    throw knownError(error, state);
  }
}
