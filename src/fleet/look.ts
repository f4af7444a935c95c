import {
  FLEET_FORMAT,
  type FleetLastRun,
  type FleetReport,
  type FleetStatus,
  type TenantReport,
} from "../model/fleet-report.js";
import { byText } from "../model/ids.js";
import type { RunHead } from "../model/run.js";
import { readCosts, readLast, readNext, readOpen, readTroubles, readWorkers, type LastRow } from "./look-rows.js";
import type { EngineDatabase } from "./ports.js";
import { readTrend } from "./trend.js";

type Asked = Pick<EngineDatabase, "pool">;

/** A tenant that is looked at, and what its files tell of it. */
export interface LookedAt {
  readonly id: string;
  readonly name: string;
  /** ISO 8601; null without a certificate. */
  readonly certificateEndsAt: string | null;
}

type Problems = readonly FleetStatus["problems"][number][];

/** Reads what `fleet status` tells: workers alive, and of each tenant what runs, what is next, what was last. */
export async function readStatus(
  database: Asked,
  tenants: readonly LookedAt[],
  problems: Problems,
): Promise<FleetStatus> {
  const ids = tenants.map(({ id }) => id);
  const [workers, last, open, next, troubles] = await Promise.all([
    readWorkers(database),
    readLast(database, ids),
    readOpen(database, ids),
    readNext(database, ids),
    readTroubles(database, ids),
  ]);
  return {
    formatVersion: FLEET_FORMAT,
    at: new Date().toISOString(),
    workers: [...workers],
    tenants: tenants.map(({ id, name }) => {
      const runs = last.get(id);
      return {
        tenant: id,
        name,
        open: open.get(id) ?? null,
        next: next.get(id) ?? null,
        lastRun: lastRunOf(runs?.head ?? null),
        usersWithDrift: runs?.summary?.usersWithDrift ?? null,
        usersInScope: runs?.summary?.usersInScope ?? null,
        trouble: troubles.get(id) ?? null,
      };
    }),
    problems: [...problems],
  };
}

/**
 * Reads what `fleet report` tells: the last complete run of each tenant, the cost of 30 days, the trend of 90.
 * @throws what the database says
 */
export async function readReport(
  database: Asked,
  tenants: readonly LookedAt[],
  problems: Problems,
): Promise<FleetReport> {
  const ids = tenants.map(({ id }) => id);
  const [last, costs, troubles, trend] = await Promise.all([
    readLast(database, ids),
    readCosts(database, ids),
    readTroubles(database, ids),
    readTrend(database, ids),
  ]);
  const rows = tenants.map(({ id, name, certificateEndsAt }): TenantReport => {
    const runs = last.get(id);
    return {
      tenant: id,
      name,
      lastRun: lastRunOf(runs?.head ?? null),
      found: foundOf(runs),
      cost: costs.get(id) ?? { runs: 0, failed: 0, seconds: 0, requests: 0, throttled: 0, waitedSeconds: 0 },
      certificateEndsAt,
      trouble: troubles.get(id) ?? null,
      page: null,
    };
  });
  const drift = (row: TenantReport): number => row.found?.usersWithDrift ?? -1;
  rows.sort((a, b) => drift(b) - drift(a) || byText(a.name, b.name) || byText(a.tenant, b.tenant));
  return {
    formatVersion: FLEET_FORMAT,
    at: new Date().toISOString(),
    totals: totalsOf(rows),
    tenants: rows,
    trend: [...trend],
    problems: [...problems],
  };
}

function totalsOf(rows: readonly TenantReport[]): FleetReport["totals"] {
  const byRule: { [rule: string]: number } = {};
  const totals = {
    tenants: rows.length,
    tenantsWithDrift: 0,
    tenantsInTrouble: 0,
    users: 0,
    usersInScope: 0,
    usersWithDrift: 0,
  };
  for (const { found, trouble } of rows) {
    if (trouble !== null) totals.tenantsInTrouble++;
    if (found === null) continue;
    totals.users += found.users;
    totals.usersInScope += found.usersInScope;
    totals.usersWithDrift += found.usersWithDrift;
    if (found.usersWithDrift > 0) totals.tenantsWithDrift++;
    for (const [rule, n] of Object.entries(found.byRule)) byRule[rule] = (byRule[rule] ?? 0) + n;
  }
  return { ...totals, byRule };
}

function lastRunOf(head: RunHead | null): FleetLastRun | null {
  if (head === null) return null;
  const { id, mode, verdict, startedAt, finishedAt } = head;
  return { id, mode, verdict, startedAt, finishedAt, seconds: secondsOf(head) };
}

function secondsOf({ startedAt, finishedAt }: RunHead): number {
  return Math.max(0, (Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000);
}

function foundOf(runs: LastRow | undefined): TenantReport["found"] {
  if (!runs?.complete_head || !runs.summary) return null;
  const { users, usersInScope, usersWithDrift, byRule, new: fresh, persisting, resolved } = runs.summary;
  const { id, finishedAt } = runs.complete_head;
  return {
    runId: id,
    finishedAt,
    users,
    usersInScope,
    usersWithDrift,
    byRule: { ...byRule },
    new: fresh,
    persisting,
    resolved,
  };
}
