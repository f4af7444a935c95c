import type { Network } from "./network.js";

/** As the global `fetch`, for hosts that are not the tenant's. */
export type OutsideFetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * Requests to others than the tenant (receivers of notices) by the same proxy and with the same trust; without token, meter or retry. Node 20's own
 * fetch knows neither HTTPS_PROXY nor an authority of its own. The shapes are those of undici, of which Node's are a copy.
 */
export function outsideFetch(network: Network): OutsideFetch {
  return async (url, init) => {
    // Loaded with the first notice, most runs send none; whole, for a bundler gives a module of that kind no other name.
    const { default: undici } = await import("undici");
    const asked: unknown = { ...init, dispatcher: network.dispatcherFor(new URL(url)) };
    const answer: unknown = await undici.fetch(url, asked as Parameters<typeof undici.fetch>[1]);
    return answer as Response;
  };
}
