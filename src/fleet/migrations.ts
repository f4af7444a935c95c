import type { EngineDatabase } from "./ports.js";

/** Schema of the engine's own tables; apart from `graphile_worker`, which another program of the database may use. */
export const ENGINE_SCHEMA = "photodrift_jobs";

/**
 * Steps of the fleet's tables, in order. Only ever added to, and each only adds, so that workers of the version before go on beside newer
 * ones. The state of tenants has steps of its own.
 */
const STEPS: readonly string[] = [
  `CREATE TABLE photodrift.workers (
     id text PRIMARY KEY, lock_key bigint NOT NULL UNIQUE, host text NOT NULL, pid integer NOT NULL, version text NOT NULL,
     concurrency integer NOT NULL, slots text[] NOT NULL DEFAULT '{}', started_at timestamptz NOT NULL DEFAULT now());
   CREATE TABLE photodrift.followed (
     tenant text COLLATE "C" NOT NULL, schedule text COLLATE "C" NOT NULL, expression text NOT NULL, settled_to timestamptz NOT NULL,
     PRIMARY KEY (tenant, schedule));
   CREATE TABLE photodrift.due_runs (
     tenant text COLLATE "C" NOT NULL, schedule text COLLATE "C" NOT NULL, due timestamptz NOT NULL,
     state text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'skipped', 'missed')),
     kind text NOT NULL, missed integer NOT NULL DEFAULT 0, attempts integer NOT NULL DEFAULT 0, begun integer NOT NULL DEFAULT 0,
     worker text, not_before timestamptz, started_at timestamptz, finished_at timestamptz, run_id text, verdict text, reason text,
     PRIMARY KEY (tenant, schedule, due));
   CREATE INDEX due_runs_open ON photodrift.due_runs (tenant, schedule) WHERE state IN ('waiting', 'running')`,
  // How often a worker died in a run.
  `ALTER TABLE photodrift.due_runs ADD COLUMN cut_off integer NOT NULL DEFAULT 0`,
];

/** Any number, the same for every worker: one at a time brings the tables up to date. */
const STEPS_LOCK = 7_190_346_112_017;

/** Brings the fleet's tables to this version's. Safe to call from many workers at once, and beside a newer version. */
export async function migrateFleet({ pool }: Pick<EngineDatabase, "pool">): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock($1)", [STEPS_LOCK]);
    await client.query("CREATE SCHEMA IF NOT EXISTS photodrift");
    await client.query("CREATE TABLE IF NOT EXISTS photodrift.fleet_steps (step integer PRIMARY KEY)");
    const { rows } = await client.query<{ done: number }>(
      "SELECT coalesce(max(step), 0)::integer AS done FROM photodrift.fleet_steps",
    );
    for (const [i, step] of STEPS.entries()) {
      if (i < (rows[0]?.done ?? 0)) continue;
      await client.query(step);
      await client.query("INSERT INTO photodrift.fleet_steps VALUES ($1)", [i + 1]);
    }
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
