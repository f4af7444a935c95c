import type { SandboxResponse } from "../../http.js";
import type { Tenant } from "../../tenant.js";
import { tooManyRequests } from "./errors.js";

/** Documented limits by the number of licences (facts/sharepoint.md section 5, from Microsoft's throttling page of 2025-10-02). */
const BRACKETS = [
  { licences: 1_000, unitsPerMinute: 1_250, people: 3_000 },
  { licences: 5_000, unitsPerMinute: 2_500, people: 6_000 },
  { licences: 15_000, unitsPerMinute: 3_750, people: 9_000 },
  { licences: 50_000, unitsPerMinute: 5_000, people: 12_000 },
  { licences: Number.POSITIVE_INFINITY, unitsPerMinute: 6_250, people: 15_000 },
] as const;

const MINUTE = 60_000;
const FIVE_MINUTES = 5 * MINUTE;

/** Calls counted in a fixed window of the virtual clock. */
interface Window {
  from: number;
  used: number;
}

/** SharePoint's counters for one tenant. Failed calls count too. */
export interface Quota {
  /** Counts a PeopleManager call; a 429 once the quota of five minutes is used up. */
  readonly people: () => SandboxResponse | null;
  /** Counts a resource unit; a 429 beyond the limit of the minute, and the headers that announce it from 80 % on. */
  readonly unit: () => {
    readonly refused: SandboxResponse | null;
    readonly headers: { readonly [name: string]: string };
  };
}

export function createQuota(tenant: Tenant): Quota {
  const people: Window = { from: 0, used: 0 };
  const units: Window = { from: 0, used: 0 };
  let bracket: (typeof BRACKETS)[number] | undefined;
  const limits = (): (typeof BRACKETS)[number] => {
    if (bracket === undefined) {
      let licences = 0;
      for (const user of tenant.users.values()) licences += user.assignedLicenses.length;
      bracket = BRACKETS.find((one) => licences <= one.licences) ?? BRACKETS[4];
    }
    return bracket;
  };
  const count = (window: Window, length: number): number => {
    const now = tenant.now();
    if (now - window.from >= length || now < window.from) {
      window.from = now;
      window.used = 0;
    }
    window.used++;
    return Math.max(1, Math.ceil((window.from + length - now) / 1000));
  };
  return {
    people: () => {
      if (!tenant.switches.peopleManagerQuota) return null;
      const wait = count(people, FIVE_MINUTES);
      return people.used > limits().people ? tooManyRequests(wait) : null;
    },
    unit: () => {
      if (!tenant.switches.sharePointResourceUnits) return { refused: null, headers: {} };
      const wait = count(units, MINUTE);
      const limit = limits().unitsPerMinute;
      const headers =
        tenant.switches.rateLimitHeaders && units.used >= 0.8 * limit
          ? {
              "ratelimit-limit": String(limit),
              "ratelimit-remaining": String(Math.max(0, limit - units.used)),
              "ratelimit-reset": String(wait),
            }
          : {};
      return { refused: units.used > limit ? tooManyRequests(wait, headers) : null, headers };
    },
  };
}
