import type { Verdict } from "../model/run.js";
import { addRunJob, type RunPayload } from "./jobs.js";
import type { EngineDatabase, FleetTrigger } from "./ports.js";
import { inTransaction } from "./transaction.js";

/** A run that is begun. `begun` counts its beginnings: what another worker began since is not this one's to end. */
export interface BegunRun {
  readonly payload: RunPayload;
  readonly begun: number;
  /** Beginnings that count: not those that ended on request, or for another's sake. */
  readonly attempt: number;
  /** Of these, ones in which the worker died. */
  readonly cutOff: number;
  /** Whether the one before this was such a one. */
  readonly died: boolean;
  readonly kind: FleetTrigger["kind"];
  readonly missed: number;
  /** Whether people were notified that it is late. */
  readonly told: boolean;
}

export interface RunEnd {
  readonly state: "done" | "failed";
  readonly runId: string | null;
  readonly verdict: Verdict | null;
  readonly reason: string | null;
}

const KEY = "tenant = $1 AND schedule = $2 AND due = $3";
const KEPT = "100 days";

function keyOf({ tenant, schedule, due }: RunPayload): [string, string, Date] {
  return [tenant, schedule, new Date(due)];
}

/** Begins a run, also one whose worker died in it; null where it has ended already. */
export async function beginRun(
  { pool }: Pick<EngineDatabase, "pool">,
  payload: RunPayload,
  worker: string,
): Promise<BegunRun | null> {
  const { rows } = await pool.query<{
    begun: number;
    attempts: number;
    cut_off: number;
    died: boolean;
    kind: FleetTrigger["kind"];
    missed: number;
    told: boolean;
  }>(
    `UPDATE photodrift.due_runs
        SET state = 'running', attempts = attempts + 1, cut_off = cut_off + (was = 'running')::integer, begun = begun + 1, worker = $4, started_at = now(), not_before = NULL
       FROM (SELECT state AS was FROM photodrift.due_runs WHERE ${KEY} FOR UPDATE) AS before
      WHERE ${KEY} AND state IN ('waiting', 'running') RETURNING begun, attempts, cut_off, was = 'running' AS died, kind, missed, told`,
    [...keyOf(payload), worker],
  );
  const row = rows[0];
  return row === undefined
    ? null
    : {
        payload,
        begun: row.begun,
        attempt: row.attempts,
        cutOff: row.cut_off,
        died: row.died,
        kind: row.kind,
        missed: row.missed,
        told: row.told,
      };
}

/** Ends a run. False where another worker has begun it since: then nothing is changed. */
export async function endRun(
  { pool }: Pick<EngineDatabase, "pool">,
  { payload, begun }: BegunRun,
  end: RunEnd,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `UPDATE photodrift.due_runs SET state = $5, finished_at = now(), run_id = $6, verdict = $7, reason = $8
      WHERE ${KEY} AND begun = $4 AND state = 'running'`,
    [...keyOf(payload), begun, end.state, end.runId, end.verdict, end.reason],
  );
  if (rowCount !== 1) return false;
  await pool.query(
    `DELETE FROM photodrift.due_runs WHERE tenant = $1 AND schedule = $2 AND due < now() - interval '${KEPT}'`,
    [payload.tenant, payload.schedule],
  );
  return true;
}

export interface PutBack {
  /** When it is to be tried again; milliseconds since 1970 UTC. */
  readonly at: number;
  readonly reason: string;
  /** Whether the attempt counts. */
  readonly counts: boolean;
  /** Whether people were notified of it. */
  readonly told?: boolean;
}

/**
 * Gives a run's place back: it waits again, under a new job. Both in one transaction; the old job is not tried again. False where another
 * worker has begun it since.
 */
export async function putBackRun(
  { pool }: Pick<EngineDatabase, "pool">,
  { payload, begun }: BegunRun,
  { at, reason, counts, told = false }: PutBack,
): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      `UPDATE photodrift.due_runs SET state = 'waiting', attempts = attempts - $5, reason = $6, not_before = $7, told = told OR $8
        WHERE ${KEY} AND begun = $4 AND state = 'running'`,
      [...keyOf(payload), begun, counts ? 0 : 1, reason, new Date(at), told],
    );
    if (rowCount !== 1) return false;
    await addRunJob(client, payload, at);
    return true;
  });
}
