import type pg from "pg";
import { z } from "zod";
import type { EngineDatabase, FleetEntry } from "./ports.js";

/** Schema of the engine's own tables; apart from `graphile_worker`, which another program of the database may use. */
export const ENGINE_SCHEMA = "photodrift_jobs";

/** The two kinds of jobs: a due time that comes, and a run that it leads to. */
export const TASKS = { due: "due", run: "run" } as const;

/** What a job carries; times in milliseconds since 1970 UTC. */
export const duePayload = z.object({ tenant: z.string(), schedule: z.string() });
export const runPayload = z.object({ tenant: z.string(), schedule: z.string(), due: z.number() });
export type RunPayload = z.infer<typeof runPayload>;

type Dated = Pick<FleetEntry, "tenant"> & { readonly schedule: Pick<FleetEntry["schedule"], "name"> };
type Asker = Pick<pg.PoolClient, "query">;

/** Names an entry; also the flag of its jobs, by which workers leave to others what their own files do not have. */
export function keyOf(tenant: string, schedule: string): string {
  return `${tenant}:${schedule}`;
}

/** The key of an entry's one due job. */
export function dueKey(tenant: string, schedule: string): string {
  return `due:${tenant}:${schedule}`;
}

function runKey({ tenant, schedule, due }: RunPayload): string {
  return `run:${tenant}:${schedule}:${due}`;
}

/** Puts the one job of an entry at its next due time; a job that is there is moved. */
export async function addDueJob(client: Asker, { tenant, schedule }: Dated, at: number): Promise<void> {
  await client.query(
    `SELECT ${ENGINE_SCHEMA}.add_job($1, payload => $2::json, run_at => $3, job_key => $4, flags => $5::text[],
            job_key_mode => 'replace')`,
    [
      TASKS.due,
      JSON.stringify({ tenant, schedule: schedule.name }),
      new Date(at),
      dueKey(tenant, schedule.name),
      [keyOf(tenant, schedule.name)],
    ],
  );
}

/**
 * Adds the run of a due time to its tenant's queue, of which one job at a time is worked on. Called for a job that is being worked on, it
 * takes that one's place: the old one is not tried again, whatever becomes of its worker.
 */
export async function addRunJob(client: Asker, payload: RunPayload, at: number | null = null): Promise<void> {
  await client.query(
    `SELECT ${ENGINE_SCHEMA}.add_job($1, payload => $2::json, queue_name => $3, run_at => coalesce($4, now()), job_key => $5,
            flags => $6::text[], job_key_mode => 'replace')`,
    [
      TASKS.run,
      JSON.stringify(payload),
      payload.tenant,
      at === null ? null : new Date(at),
      runKey(payload),
      [keyOf(payload.tenant, payload.schedule)],
    ],
  );
}

export async function removeDueJob(client: Asker, tenant: string, schedule: string): Promise<void> {
  await client.query(`SELECT ${ENGINE_SCHEMA}.remove_job($1)`, [dueKey(tenant, schedule)]);
}

/** True while a job is this slot's: neither freed as a dead worker's nor taken by another. */
export async function isMine({ pool }: Pick<EngineDatabase, "pool">, job: string, slot: string): Promise<boolean> {
  const { rowCount } = await pool.query(`SELECT FROM ${ENGINE_SCHEMA}.jobs WHERE id = $1 AND locked_by = $2`, [
    job,
    slot,
  ]);
  return rowCount === 1;
}
