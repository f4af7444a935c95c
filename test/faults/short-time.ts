import { vi } from "vitest";
import type * as exchange from "../../src/stores/http/exchange.js";

/** Milliseconds that any body may take here; the program gives it longer. */
const GRACE = 1500;

/** From here on modules that are loaded wait a fraction of the time. Called before anything of the program is loaded. */
export function shortTime(): void {
  vi.doMock("../../src/stores/http/timer.js", () => import("./fast-timer.js"));
  vi.doMock("node:timers/promises", async (original) => ({
    ...(await original<object>()),
    setTimeout: (await import("./fast-timer.js")).setTimeoutShortened,
  }));
  vi.doMock("../../src/stores/http/exchange.js", async (original) => {
    const { createExchange } = await original<typeof exchange>();
    const hurried: typeof createExchange = (network) => createExchange(network, { grace: GRACE, leastRate: 8192 });
    return { createExchange: hurried };
  });
}
