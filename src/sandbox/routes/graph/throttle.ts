import type { SandboxResponse } from "../../http.js";
import { queryOption } from "../../responses.js";
import type { SandboxState } from "../../state.js";
import type { GraphCall } from "./call.js";
import { mailboxConcurrency, tooManyRequests } from "./errors.js";

const MOST_AT_ONCE = 4;
const WINDOW = 10_000;

/** Limits of Graph that a rude client meets: identity resource units and four requests at once per mailbox. */
export interface GraphThrottle {
  /** A refusal, or null; answers of directory calls get `headers`. */
  readonly admit: (call: GraphCall) => {
    readonly refusal: SandboxResponse | null;
    readonly headers: { readonly [name: string]: string };
  };
  /** Runs a mailbox call and counts how many are under way for the same mailbox. */
  readonly inMailbox: (userId: string, run: () => Promise<SandboxResponse | null>) => Promise<SandboxResponse | null>;
}

export function createGraphThrottle(state: SandboxState): GraphThrottle {
  let windowStart = 0;
  let spent = 0;
  const underWay = new Map<string, number>();

  return {
    admit: (call) => {
      const cost = resourceUnits(call);
      if (cost === 0) return { refusal: null, headers: {} };
      const now = state.clock.real();
      if (now - windowStart >= WINDOW) [windowStart, spent] = [now, 0];
      spent += cost;
      const share = spent / bucketOf(state.tenant.users.size);
      const headers: { [name: string]: string } = { "x-ms-resource-unit": String(cost) };
      if (share >= 0.8) headers["x-ms-throttle-limit-percentage"] = Math.min(share, 1.8).toFixed(1);
      if (share <= 1 || !state.services.throttling) return { refusal: null, headers };
      const refusal = tooManyRequests(state, String(Math.max(1, Math.ceil((windowStart + WINDOW - now) / 1000))));
      const scope = `Tenant_Application/ReadWrite/${call.token.appId}/${state.tenant.id}`;
      const why = { "x-ms-throttle-scope": scope, "x-ms-throttle-information": "ResourceUnitLimitExceeded" };
      return { refusal: { ...refusal, headers: { ...refusal.headers, ...headers, ...why } }, headers };
    },
    inMailbox: async (userId, run) => {
      const others = underWay.get(userId) ?? 0;
      state.log.sawConcurrency(others + 1);
      if (others >= MOST_AT_ONCE) {
        state.log.accuse("more-than-4-per-mailbox", userId);
        if (state.services.throttling) return mailboxConcurrency(state);
      }
      underWay.set(userId, others + 1);
      try {
        return await run();
      } finally {
        const left = (underWay.get(userId) ?? 1) - 1;
        if (left <= 0) underWay.delete(userId);
        else underWay.set(userId, left);
      }
    },
  };
}

/** Token bucket per 10 s by the size of the tenant (docs-contrib throttling-limits.md, Identity and access). */
function bucketOf(users: number): number {
  if (users < 50) return 3500;
  return users <= 500 ? 5000 : 8000;
}

/** Cost of a directory call in resource units; 0 for workloads that are counted elsewhere. */
function resourceUnits(call: GraphCall): number {
  const [head, , third] = call.folded;
  if (head === "users" && third !== undefined) return 0;
  if (head !== "users" && head !== "groups" && head !== "subscribedskus" && head !== "organization") return 0;
  let cost = head === "users" ? 2 : head === "subscribedskus" ? 3 : 1;
  if (queryOption(call.url, "$select") !== undefined) cost -= 1;
  const top = queryOption(call.url, "$top");
  if (top !== undefined && Number(top) < 20) cost -= 1;
  return Math.max(1, cost);
}
