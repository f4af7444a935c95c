import { loadConfig } from "../config/index.js";
import { acquireRunLock } from "../state/index.js";
import { openWorkbench, type Workbench } from "./compose.js";
import type { Invocation } from "./globals.js";
import { knownError } from "./known-errors.js";

/**
 * Opens the configuration's workbench under the run lock, works, and closes both whatever happens.
 * @param doing what the lock tells others, e.g. `photodrift audit`
 * Throws PhotodriftError of the configuration, the state file, or `run-in-progress`.
 */
export async function withWorkbench(
  invocation: Pick<Invocation, "configPath" | "env" | "progress" | "signal">,
  doing: string,
  work: (bench: Workbench) => Promise<number>,
): Promise<number> {
  const { configPath, env, progress, signal } = invocation;
  const config = loadConfig(configPath, env);
  try {
    const bench = openWorkbench({ config, progress, env, signal });
    try {
      const lock = acquireRunLock(bench.state.db, config.tenant.id, doing);
      try {
        return await work(bench);
      } finally {
        lock.release();
      }
    } finally {
      await bench.close();
    }
  } catch (error) {
    throw knownError(error, config.state);
  }
}
