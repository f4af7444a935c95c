import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import {
  FLEET_FORMAT,
  fleetReportSchema,
  fleetSchema,
  fleetStatusSchema,
  type FleetReport,
  type FleetStatus,
} from "../../../src/model/fleet-report.js";

const AT = "2026-11-28T03:00:00.000Z";
const lastRun = { id: "r", mode: "audit", verdict: "drift", startedAt: AT, finishedAt: AT, seconds: 12.5 };
const problems = [{ file: "tenants/a.yaml", message: "tenant.id is missing" }];

const STATUS: FleetStatus = {
  formatVersion: FLEET_FORMAT,
  at: AT,
  workers: [{ id: "w", host: "h", pid: 7, version: "1.0.0", startedAt: AT, concurrency: 4, running: 1 }],
  tenants: [
    {
      tenant: "contoso.com",
      name: "Contoso",
      open: { schedule: "nightly", state: "running", due: AT, attempts: 1, worker: "w", notBefore: null, reason: null },
      next: { schedule: "nightly", at: AT },
      lastRun,
      usersWithDrift: 3,
      usersInScope: 10,
      trouble: "the login was refused",
    },
    {
      tenant: "b",
      name: "b",
      open: null,
      next: null,
      lastRun: null,
      usersWithDrift: null,
      usersInScope: null,
      trouble: null,
    },
  ],
  problems,
};

const found = {
  runId: "r",
  finishedAt: AT,
  users: 12,
  usersInScope: 10,
  usersWithDrift: 3,
  byRule: { "stale-photo": 3 },
};
const REPORT: FleetReport = {
  formatVersion: FLEET_FORMAT,
  at: AT,
  totals: {
    tenants: 1,
    tenantsWithDrift: 1,
    tenantsInTrouble: 0,
    users: 12,
    usersInScope: 10,
    usersWithDrift: 3,
    byRule: { "stale-photo": 3 },
  },
  tenants: [
    {
      tenant: "contoso.com",
      name: "Contoso",
      lastRun,
      found: { ...found, new: 1, persisting: 2, resolved: 0 },
      cost: { runs: 30, failed: 1, seconds: 300.5, requests: 900, throttled: 2, waitedSeconds: 1.5 },
      certificateEndsAt: AT,
      trouble: null,
      page: "contoso.com.html",
    },
  ],
  trend: [{ day: "2026-11-28", tenants: 1, usersInScope: 10, usersWithDrift: 3 }],
  problems,
};

/** Every way to a member, lists by their first entry. */
function waysOf(value: unknown, before: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value as Readonly<Record<string, unknown>>).flatMap(([key, member]) => {
    const way = [...before, Array.isArray(value) ? Number(key) : key];
    return [way, ...waysOf(member, way)];
  });
}

function memberAt(document: object, way: readonly (string | number)[]): unknown {
  return way.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], document);
}

function changed(
  document: object,
  way: readonly (string | number)[],
  change: (owner: Record<string, unknown>) => void,
) {
  const copy = structuredClone(document);
  change(memberAt(copy, way) as Record<string, unknown>);
  return copy;
}

describe.each([
  ["status", STATUS, fleetStatusSchema],
  ["report", REPORT, fleetReportSchema],
] as const)("the document of fleet %s", (kind, document, zod) => {
  const accepting = () => {
    const accepts = new Ajv2020({ strict: false, validateFormats: false }).compile(fleetSchema(kind));
    return (value: unknown): readonly boolean[] => [zod.safeParse(value).success, accepts(value)];
  };

  it("is what type and JSON Schema say, and names itself", () => {
    expect(accepting()(document)).toEqual([true, true]);
    expect(fleetSchema(kind)).toMatchObject({
      $id: `urn:photodrift:fleet-${kind}:1.0`,
      title: `photodrift fleet ${kind}`,
    });
  });

  it("lacks no member and has none besides, wherever one looks", () => {
    const both = accepting();
    const objects = [[], ...waysOf(document)].filter((way) => {
      const at = memberAt(document, way);
      return typeof at === "object" && at !== null && !Array.isArray(at) && way.at(-1) !== "byRule";
    });
    expect(objects.length).toBeGreaterThan(5);
    for (const way of objects) {
      const at = memberAt(document, way);
      expect(both(changed(document, way, (owner) => (owner["other"] = 1))), way.join(".")).toEqual([false, false]);
      for (const key of Object.keys(at as object))
        expect(both(changed(document, way, (owner) => delete owner[key])), `${way.join(".")} ${key}`).toEqual([
          false,
          false,
        ]);
    }
  });

  it("counts nothing below zero", () => {
    const both = accepting();
    const numbers = waysOf(document).filter((way) => typeof memberAt(document, way) === "number");
    expect(numbers.length).toBeGreaterThan(5);
    for (const way of numbers) {
      const key = String(way.at(-1));
      expect(both(changed(document, way.slice(0, -1), (owner) => (owner[key] = -1))), way.join(".")).toEqual([
        false,
        false,
      ]);
    }
  });
});
