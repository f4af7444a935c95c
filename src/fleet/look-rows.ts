import type { TenantReport, TenantStatus, WorkerStatus } from "../model/fleet-report.js";
import type { RunHead, RunSummary } from "../model/run.js";
import { LIVING } from "./liveness.js";
import { ENGINE_SCHEMA } from "./jobs.js";
import type { EngineDatabase } from "./ports.js";

type Asked = Pick<EngineDatabase, "pool">;

export interface LastRow {
  readonly tenant: string;
  readonly head: RunHead | null;
  readonly complete_head: RunHead | null;
  readonly summary: RunSummary | null;
}

export async function readWorkers({ pool }: Asked): Promise<readonly WorkerStatus[]> {
  const { rows } = await pool.query<Omit<WorkerStatus, "startedAt"> & { started_at: Date }>(
    `SELECT w.id, w.host, w.pid, w.version, w.concurrency, w.started_at,
            (SELECT count(*)::integer FROM photodrift.due_runs d WHERE d.state = 'running' AND d.worker = w.id) AS running
       FROM photodrift.workers w WHERE ${LIVING} ORDER BY w.started_at, w.id`,
  );
  return rows.map(({ started_at, ...row }) => ({ ...row, startedAt: started_at.toISOString() }));
}

/** Run ids begin with the time of their start: the last by name is the last by time. */
export async function readLast({ pool }: Asked, ids: readonly string[]): Promise<ReadonlyMap<string, LastRow>> {
  const { rows } = await pool.query<LastRow>(
    `SELECT t.tenant, a.head, c.head AS complete_head, c.summary FROM unnest($1::text[]) AS t(tenant)
       LEFT JOIN LATERAL (SELECT head FROM photodrift.runs r WHERE r.tenant = t.tenant AND finished_at IS NOT NULL
                           ORDER BY run_id DESC LIMIT 1) a ON true
       LEFT JOIN LATERAL (SELECT head, summary FROM photodrift.runs r WHERE r.tenant = t.tenant AND finished_at IS NOT NULL
                             AND mode <> 'undo' AND (head->>'complete')::boolean ORDER BY run_id DESC LIMIT 1) c ON true`,
    [ids],
  );
  return new Map(rows.map((row) => [row.tenant, row]));
}

interface OpenRow {
  readonly tenant: string;
  readonly schedule: string;
  readonly state: "waiting" | "running";
  readonly due: Date;
  readonly attempts: number;
  readonly worker: string | null;
  readonly not_before: Date | null;
  readonly reason: string | null;
}

export async function readOpen(
  { pool }: Asked,
  ids: readonly string[],
): Promise<ReadonlyMap<string, NonNullable<TenantStatus["open"]>>> {
  const { rows } = await pool.query<OpenRow>(
    `SELECT DISTINCT ON (tenant) tenant, schedule, state, due, attempts, worker, not_before, reason FROM photodrift.due_runs
      WHERE state IN ('waiting', 'running') AND tenant = ANY($1) ORDER BY tenant, state, due`,
    [ids],
  );
  return new Map(
    rows.map(({ tenant, schedule, state, due, attempts, worker, not_before, reason }) => [
      tenant,
      {
        schedule,
        state,
        due: due.toISOString(),
        attempts,
        worker: state === "running" ? worker : null,
        notBefore: not_before?.toISOString() ?? null,
        reason: state === "waiting" ? reason : null,
      },
    ]),
  );
}

export async function readNext(
  { pool }: Asked,
  ids: readonly string[],
): Promise<ReadonlyMap<string, NonNullable<TenantStatus["next"]>>> {
  const { rows } = await pool.query<{ tenant: string; schedule: string; run_at: Date }>(
    `SELECT DISTINCT ON (f.tenant) f.tenant, f.schedule, j.run_at FROM photodrift.followed f
       JOIN ${ENGINE_SCHEMA}.jobs j ON j.key = 'due:' || f.tenant || ':' || f.schedule
      WHERE f.tenant = ANY($1) ORDER BY f.tenant, j.run_at`,
    [ids],
  );
  return new Map(rows.map(({ tenant, schedule, run_at }) => [tenant, { schedule, at: run_at.toISOString() }]));
}

export async function readCosts(
  { pool }: Asked,
  ids: readonly string[],
): Promise<ReadonlyMap<string, TenantReport["cost"]>> {
  const { rows } = await pool.query<TenantReport["cost"] & { tenant: string }>(
    `SELECT tenant, count(*)::integer AS runs,
            (count(*) FILTER (WHERE head->>'verdict' IN ('failed', 'refused', 'incomplete')))::integer AS failed,
            coalesce(sum(extract(epoch FROM finished_at - started_at)), 0)::float8 AS seconds,
            coalesce(sum((SELECT sum(value::bigint) FROM jsonb_each_text(cost->'requests'))), 0)::float8 AS requests,
            coalesce(sum((cost->>'throttled')::bigint), 0)::float8 AS throttled,
            coalesce(sum((cost->>'waitedSeconds')::float8), 0)::float8 AS "waitedSeconds"
       FROM photodrift.runs WHERE tenant = ANY($1) AND finished_at > now() - interval '30 days' GROUP BY tenant`,
    [ids],
  );
  return new Map(rows.map(({ tenant, ...cost }) => [tenant, cost]));
}

/** The reason of the last due run of each tenant where that did not end well. */
export async function readTroubles({ pool }: Asked, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ tenant: string; reason: string }>(
    `SELECT tenant, reason FROM (
       SELECT DISTINCT ON (tenant) tenant, state, reason FROM photodrift.due_runs
        WHERE tenant = ANY($1) AND state NOT IN ('skipped', 'missed') AND (state <> 'running') ORDER BY tenant, due DESC) d
      WHERE reason IS NOT NULL AND state IN ('failed', 'waiting')`,
    [ids],
  );
  return new Map(rows.map(({ tenant, reason }) => [tenant, reason]));
}
