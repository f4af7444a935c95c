import type pg from "pg";
import { ENGINE_SCHEMA, addDueJob, removeDueJob } from "./jobs.js";
import type { EngineDatabase, FleetEntry } from "./ports.js";
import { inTransaction } from "./transaction.js";

/** One worker at a time compares files with what is followed. */
const FOLLOW_LOCK = 7_190_346_112_018;
/** Marks a suspended entry: what falls into the pause is not caught up. */
const SUSPENDED = "suspended";

interface FollowedRow {
  readonly tenant: string;
  readonly schedule: string;
  readonly expression: string;
  readonly settled_to: Date;
  readonly has_job: boolean;
}

/**
 * Makes the engine follow exactly these entries: each that is not suspended has one job at its next due time. New ones and ones whose times
 * changed begin at `now`; what was due while nothing ran stays due. Calling it again changes nothing.
 */
export async function follow(
  { pool }: Pick<EngineDatabase, "pool">,
  entries: readonly FleetEntry[],
  now: number,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query("SELECT pg_advisory_xact_lock($1)", [FOLLOW_LOCK]);
    const known = new Map((await followed(client)).map((row) => [keyOf(row.tenant, row.schedule), row]));
    for (const entry of entries) {
      const key = keyOf(entry.tenant, entry.schedule.name);
      await followOne(client, entry, known.get(key), now);
      known.delete(key);
    }
    for (const { tenant, schedule } of known.values()) {
      await client.query("DELETE FROM photodrift.followed WHERE tenant = $1 AND schedule = $2", [tenant, schedule]);
      await removeDueJob(client, tenant, schedule);
    }
  });
}

async function followed(client: pg.PoolClient): Promise<readonly FollowedRow[]> {
  const { rows } = await client.query<FollowedRow>(
    `SELECT f.*, j.key IS NOT NULL AS has_job FROM photodrift.followed f
       LEFT JOIN ${ENGINE_SCHEMA}.jobs j ON j.key = 'due:' || f.tenant || ':' || f.schedule
      ORDER BY f.tenant, f.schedule FOR UPDATE OF f`,
  );
  return rows;
}

async function followOne(
  client: pg.PoolClient,
  entry: FleetEntry,
  known: FollowedRow | undefined,
  now: number,
): Promise<void> {
  const { tenant, schedule, timetable } = entry;
  const expression = timetable.idle ? SUSPENDED : timetable.expression;
  if (known?.expression === expression) {
    if (timetable.idle || known.has_job) return;
    await addDueJob(client, entry, timetable.after(known.settled_to.getTime()) + timetable.delayMs);
    return;
  }
  await client.query(
    `INSERT INTO photodrift.followed (tenant, schedule, expression, settled_to) VALUES ($1, $2, $3, $4)
     ON CONFLICT (tenant, schedule) DO UPDATE SET expression = $3, settled_to = $4`,
    [tenant, schedule.name, expression, new Date(now)],
  );
  if (timetable.idle) await removeDueJob(client, tenant, schedule.name);
  else await addDueJob(client, entry, timetable.after(now) + timetable.delayMs);
}

export function keyOf(tenant: string, schedule: string): string {
  return `${tenant}:${schedule}`;
}
