import { createDoor } from "./door.js";
import { createExchange } from "./exchange.js";
import { createMeter } from "./meter.js";
import { openNetwork } from "./network.js";
import { systemTimer } from "./timer.js";
import type { Door } from "./types.js";

export interface DoorWishes {
  /** PEM text of extra authorities. */
  readonly ca?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly concurrency: number;
  /** Milliseconds one piece of work may wait for throttling to end. */
  readonly patience: number;
}

/** A way to the network for a few requests, whose cost nobody counts. */
export function openDoor({ ca, env, ...limits }: DoorWishes): {
  readonly door: Door;
  readonly close: () => Promise<void>;
} {
  const network = openNetwork({ ca, env });
  const door = createDoor({
    exchange: createExchange(network),
    meter: createMeter(),
    timer: systemTimer,
    ...limits,
  });
  return { door, close: () => network.close() };
}
