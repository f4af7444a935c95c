import type pg from "pg";
import { addDueJob, addRunJob } from "./jobs.js";
import type { EngineDatabase, FleetEntry, FleetTrigger } from "./ports.js";
import { inTransaction } from "./transaction.js";

/** A due time that is acted on later than this is caught up, not on time. */
const LATE_MS = 60_000;
const COUNTED = 1_000;

export type Settled = "nothing-due" | "skipped" | "waiting";

/**
 * Settles what is due of an entry: the last due time becomes a waiting run, earlier ones that nothing ran at are folded into it, and the
 * entry's job moves to the next due time. All in one transaction, and the row of the entry is held meanwhile: a worker that dies
 * leaves all or nothing, and the same due time is never settled twice.
 */
export async function settleDue(
  { pool }: Pick<EngineDatabase, "pool">,
  entry: FleetEntry,
  now: number,
): Promise<Settled> {
  const { tenant, schedule, timetable } = entry;
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ settled_to: Date }>(
      "SELECT settled_to FROM photodrift.followed WHERE tenant = $1 AND schedule = $2 FOR UPDATE",
      [tenant, schedule.name],
    );
    const settledTo = rows[0]?.settled_to.getTime();
    // Not followed any more, or suspended since: its job goes with this one.
    if (settledTo === undefined || timetable.idle) return "nothing-due";
    const due = timetable.lastIn(settledTo, now - timetable.delayMs);
    if (due === null) {
      await addDueJob(client, entry, timetable.after(settledTo) + timetable.delayMs);
      return "nothing-due";
    }
    const settled = await settleOne(client, entry, { settledTo, due, now });
    await client.query("UPDATE photodrift.followed SET settled_to = $3 WHERE tenant = $1 AND schedule = $2", [
      tenant,
      schedule.name,
      new Date(due),
    ]);
    await addDueJob(client, entry, timetable.after(due) + timetable.delayMs);
    return settled;
  });
}

interface Times {
  readonly settledTo: number;
  readonly due: number;
  readonly now: number;
}

async function settleOne(client: pg.PoolClient, entry: FleetEntry, { settledTo, due, now }: Times): Promise<Settled> {
  const { tenant, schedule, timetable } = entry;
  const missed = timetable.countIn(settledTo, due - 1, COUNTED);
  if (missed > 0) {
    const row = { due: timetable.after(settledTo), state: "missed", missed, reason: "nothing ran at that time" };
    await record(client, entry, { ...row, kind: "tick" });
  }
  const { rowCount } = await client.query(
    "SELECT FROM photodrift.due_runs WHERE tenant = $1 AND schedule = $2 AND state IN ('waiting', 'running')",
    [tenant, schedule.name],
  );
  if ((rowCount ?? 0) > 0) {
    await record(client, entry, {
      due,
      state: "skipped",
      kind: "tick",
      missed: 0,
      reason: "the run before it has not ended yet",
    });
    return "skipped";
  }
  const late = missed > 0 || now - due - timetable.delayMs > LATE_MS;
  await record(client, entry, { due, state: "waiting", kind: late ? "catch-up" : "tick", missed, reason: null });
  await addRunJob(client, { tenant, schedule: schedule.name, due });
  return "waiting";
}

interface DueRow {
  readonly due: number;
  readonly state: string;
  readonly kind: FleetTrigger["kind"];
  readonly missed: number;
  readonly reason: string | null;
}

async function record(client: pg.PoolClient, { tenant, schedule }: FleetEntry, row: DueRow): Promise<void> {
  await client.query(
    `INSERT INTO photodrift.due_runs (tenant, schedule, due, state, kind, missed, reason) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT DO NOTHING`,
    [tenant, schedule.name, new Date(row.due), row.state, row.kind, row.missed, row.reason],
  );
}
