import { loadConfig } from "../../config/index.js";
import type { Config } from "../../model/config.js";
import { holdStateFile, type HeldState } from "../../state/index.js";
import { openWorkbench, type Workbench } from "../compose.js";
import type { Invocation } from "../line/globals.js";
import { knownError } from "../known-errors.js";
import type { HoldState } from "./hold.js";

/** The default: the state file that the configuration names. */
const fromStateFile: HoldState = async (config, doing) => holdStateFile(config.state, config.tenant.id, doing);

/** What a workbench is opened with. */
export interface Surroundings extends Pick<Invocation, "env" | "progress" | "signal"> {
  readonly hold?: HoldState;
  /** Told when a service asks for a pause, in seconds. */
  readonly paused?: ((host: string, seconds: number) => void) | undefined;
}

/**
 * Holds the tenant's state, opens a workbench around it, works, and lets go of both whatever happens.
 * @param doing what others are told meanwhile, e.g. `photodrift audit`
 * Throws PhotodriftError of the state, `run-in-progress`, or `lease-lost` where the hold was lost in the middle.
 */
export async function withWorkbenchOf<T>(
  config: Config,
  { env, progress, signal, paused, hold = fromStateFile }: Surroundings,
  doing: string,
  work: (bench: Workbench) => Promise<T>,
): Promise<T> {
  try {
    const held = await hold(config, doing);
    try {
      return await workHeld(config, held, { env, progress, signal, paused }, work);
    } finally {
      await held.release();
    }
  } catch (error) {
    throw knownError(error, config.state);
  }
}

/** Works until the hold is lost: what ends early for that reason says so, and not that somebody interrupted it. */
async function workHeld<T>(
  config: Config,
  { state, beforeRequest, lost }: HeldState,
  { env, progress, signal, paused }: Omit<Surroundings, "hold">,
  work: (bench: Workbench) => Promise<T>,
): Promise<T> {
  const either = AbortSignal.any([signal, lost]);
  const bench = openWorkbench({ config, state, progress, env, signal: either, beforeRequest, paused });
  try {
    return await work(bench).finally(async () => {
      if (lost.aborted && !signal.aborted) await beforeRequest();
    });
  } finally {
    await bench.close();
  }
}

/** The same for the configuration or the fleet's tenant that an invocation names. Throws its errors, too. */
export async function withWorkbench(
  invocation: Pick<Invocation, "configPath" | "env" | "progress" | "signal" | "tenant">,
  doing: string,
  work: (bench: Workbench) => Promise<number>,
): Promise<number> {
  const { configPath, env, progress, signal, tenant } = invocation;
  if (tenant === undefined) return withWorkbenchOf(loadConfig(configPath, env), invocation, doing, work);
  return withWorkbenchOf(tenant.config, { env, progress, signal, hold: tenant.hold }, doing, work);
}
