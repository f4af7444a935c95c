import type pg from "pg";
import { ENGINE_SCHEMA, addDueJob, keyOf, removeDueJob } from "./jobs.js";
import type { EngineDatabase, FleetEntry } from "./ports.js";
import { inTransaction } from "./transaction.js";

/** One worker at a time compares files with what is followed. */
const FOLLOW_LOCK = 7_190_346_112_018;
/** Marks a suspended entry: what falls into the pause is not caught up. */
const SUSPENDED = "suspended";

type Asked = Pick<EngineDatabase, "pool">;

interface FollowedRow {
  readonly tenant: string;
  readonly schedule: string;
  readonly expression: string;
  readonly settled_to: Date;
  readonly has_job: boolean;
}

/** An entry that no worker's files had for so long is nobody's. */
const FORGOTTEN_AFTER = "1 day";

/**
 * Makes the engine follow these entries: each that is not suspended has one job at its next due time. New ones and ones whose times
 * changed begin at `now`; what was due while nothing ran stays due. Calling it again changes nothing. What else is followed stays: workers
 * may have different files for a while.
 */
export async function follow(database: Asked, entries: readonly FleetEntry[], now: number): Promise<void> {
  await inTransaction(database.pool, async (client) => {
    await client.query("SELECT pg_advisory_xact_lock($1)", [FOLLOW_LOCK]);
    const known = new Map((await followed(client)).map((row) => [keyOf(row.tenant, row.schedule), row]));
    for (const entry of entries)
      await followOne(client, entry, known.get(keyOf(entry.tenant, entry.schedule.name)), now);
  });
  await markSeen(database, entries);
}

/** Follows entries no more: they were taken out of the files. */
export async function unfollow(
  { pool }: Asked,
  gone: readonly Pick<FollowedRow, "tenant" | "schedule">[],
): Promise<void> {
  if (gone.length === 0) return;
  await inTransaction(pool, async (client) => {
    await client.query("SELECT pg_advisory_xact_lock($1)", [FOLLOW_LOCK]);
    for (const { tenant, schedule } of gone) {
      await client.query("DELETE FROM photodrift.followed WHERE tenant = $1 AND schedule = $2", [tenant, schedule]);
      await removeDueJob(client, tenant, schedule);
    }
  });
}

/**
 * Gives entries of these that lost their job another one - by hand, or by a restore of the database -, and follows no more what no worker's
 * files have had for a day.
 */
export async function heal(database: Asked, entries: readonly FleetEntry[]): Promise<void> {
  const { pool } = database;
  const { rows } = await pool.query<FollowedRow>(`${FOLLOWED} WHERE j.key IS NULL AND f.expression <> $1`, [SUSPENDED]);
  const without = new Map(rows.map((row) => [keyOf(row.tenant, row.schedule), row]));
  for (const entry of entries) {
    const row = without.get(keyOf(entry.tenant, entry.schedule.name));
    if (row?.expression === entry.timetable.expression) await addNextDue(pool, entry, row);
  }
  await markSeen(database, entries);
  const gone = await pool.query<Pick<FollowedRow, "tenant" | "schedule">>(
    `SELECT tenant, schedule FROM photodrift.followed WHERE seen_at < now() - interval '${FORGOTTEN_AFTER}'`,
  );
  await unfollow(database, gone.rows);
}

/** Once an hour at most: a fleet may follow ten thousand entries. */
async function markSeen({ pool }: Asked, entries: readonly FleetEntry[]): Promise<void> {
  await pool.query(
    `UPDATE photodrift.followed f SET seen_at = now() FROM unnest($1::text[], $2::text[]) AS e(tenant, schedule)
      WHERE f.tenant = e.tenant AND f.schedule = e.schedule AND f.seen_at < now() - interval '1 hour'`,
    [entries.map(({ tenant }) => tenant), entries.map(({ schedule }) => schedule.name)],
  );
}

const FOLLOWED = `SELECT f.*, j.key IS NOT NULL AS has_job FROM photodrift.followed f
  LEFT JOIN ${ENGINE_SCHEMA}.jobs j ON j.key = 'due:' || f.tenant || ':' || f.schedule`;

async function followed(client: pg.PoolClient): Promise<readonly FollowedRow[]> {
  const { rows } = await client.query<FollowedRow>(`${FOLLOWED} ORDER BY f.tenant, f.schedule FOR UPDATE OF f`);
  return rows;
}

function addNextDue(client: Parameters<typeof addDueJob>[0], entry: FleetEntry, { settled_to }: FollowedRow) {
  return addDueJob(client, entry, entry.timetable.after(settled_to.getTime()) + entry.timetable.delayMs);
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
    if (!timetable.idle && !known.has_job) await addNextDue(client, entry, known);
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
