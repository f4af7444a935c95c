import { createHash, randomUUID } from "node:crypto";
import { ENGINE_SCHEMA } from "./jobs.js";
import type { EngineDatabase } from "./ports.js";

/**
 * Times of a worker's sign of life, milliseconds. PostgreSQL itself drops a worker that says nothing for `silence`;
 * `sweep` is how often workers look for dead ones.
 */
export interface LivenessTimes {
  readonly beat: number;
  readonly silence: number;
  readonly sweep: number;
}

export const LIVENESS_TIMES: LivenessTimes = { beat: 10_000, silence: 60_000, sweep: 10_000 };

export interface WorkerIdentity {
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  readonly concurrency: number;
}

/** One life of a worker: it lasts as long as its session in the database. */
export interface Liveness {
  readonly id: string;
  /** Aborted when the session is gone: what this worker holds is taken up by others. */
  readonly lost: AbortSignal;
  /** Tells that an engine slot belongs to this worker; to be waited for before the slot takes its first job. */
  addSlot(slot: string): Promise<void>;
  end(): Promise<void>;
}

/**
 * Registers this process as a worker: an advisory lock on a connection of its own, which PostgreSQL drops when the worker dies, is stopped
 * or cut off. There is no heartbeat to be kept in a table and no clock to be compared.
 */
export async function registerWorker(
  database: EngineDatabase,
  { host, pid, version, concurrency }: WorkerIdentity,
  times: LivenessTimes,
): Promise<Liveness> {
  const id = `${host}/${String(pid)}/${randomUUID().slice(0, 8)}`;
  const key = createHash("sha256").update(`photodrift worker ${id}`).digest().readBigInt64BE().toString();
  const session = await database.session("photodrift worker", { ...times, patience: times.silence });
  try {
    await session.client.query("SELECT pg_advisory_lock($1)", [key]);
    await session.client.query(
      "INSERT INTO photodrift.workers (id, lock_key, host, pid, version, concurrency) VALUES ($1, $2, $3, $4, $5, $6)",
      [id, key, host, pid, version, concurrency],
    );
    await session.commit();
  } catch (error) {
    await session.end();
    throw error;
  }
  return {
    id,
    lost: session.lost,
    async addSlot(slot) {
      await database.pool.query("UPDATE photodrift.workers SET slots = slots || $2::text WHERE id = $1", [id, slot]);
    },
    end: () => session.end(),
  };
}

/** Workers whose lock somebody holds; a bigint lock stands in pg_locks as two halves (postgresql.org/docs/current/view-pg-locks.html). */
export const LIVING = `EXISTS (SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND ((l.classid::bigint << 32) | l.objid::bigint) = w.lock_key)`;

/**
 * Frees the jobs of dead workers, so that others take them up, and forgets workers that died long ago.
 * @returns the slots that were freed
 */
export async function freeDeadWorkers({ pool }: Pick<EngineDatabase, "pool">): Promise<readonly string[]> {
  // Jobs first, then the living: whoever holds a job was registered before it took one.
  const held = await pool.query<{ slot: string }>(
    `SELECT DISTINCT locked_by AS slot FROM ${ENGINE_SCHEMA}.jobs WHERE locked_by IS NOT NULL`,
  );
  if (held.rows.length === 0) return [];
  const living = await pool.query<{ slot: string }>(
    `SELECT unnest(w.slots) AS slot FROM photodrift.workers w WHERE ${LIVING}`,
  );
  const alive = new Set(living.rows.map(({ slot }) => slot));
  const dead = held.rows.map(({ slot }) => slot).filter((slot) => !alive.has(slot));
  if (dead.length > 0) await pool.query(`SELECT ${ENGINE_SCHEMA}.force_unlock_workers($1::text[])`, [dead]);
  return dead;
}

/** Rows of workers that are gone for more than a day, and jobs that were replaced while they were worked on. */
export async function tidy({ pool }: Pick<EngineDatabase, "pool">): Promise<void> {
  await pool.query(`DELETE FROM photodrift.workers w WHERE w.started_at < now() - interval '1 day' AND NOT ${LIVING}`);
}
