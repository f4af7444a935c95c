import { loadConfig } from "../../config/index.js";
import type { Config } from "../../model/config.js";
import { openState, type State } from "../../state/index.js";
import { knownError } from "../known-errors.js";
import type { Invocation } from "../line/globals.js";

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

/** The same for what an invocation names: a state that is open already, or the file of a configuration. Throws its errors, too. */
export async function withReading<T>(
  { reading, configPath, env }: Pick<Invocation, "reading" | "configPath" | "env">,
  work: (state: State, config: Config) => Promise<T>,
): Promise<T> {
  if (reading !== undefined) return work(reading.state, reading.config);
  const config = loadConfig(configPath, env);
  return withState(config, (state) => work(state, config));
}
