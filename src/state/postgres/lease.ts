import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { PhotodriftError } from "../../model/errors.js";
import { asDatabaseError, type FleetDatabase } from "./database.js";
import type { WatchedSession } from "./session.js";

/**
 * Times of a lease, milliseconds. The server drops a holder that says nothing for `silence` or that is gone from the network for as long (TCP keepalive); a holder stops by itself when it has
 * heard nothing from the server for `fresh`. What a holder that did not let go was sending has arrived `fresh` and `margin` after another one
 * took over, even where the server itself was started anew and forgot the lock at once.
 */
export interface LeaseTimes {
  readonly beat: number;
  readonly fresh: number;
  readonly silence: number;
  readonly margin: number;
}

export const LEASE_TIMES: LeaseTimes = { beat: 10_000, fresh: 20_000, silence: 60_000, margin: 10_000 };

/** A tenant in the hands of one worker. */
export interface Lease {
  /** Goes up with every holder; every push carries it. */
  readonly number: string;
  readonly generation: string;
  /** Schema version of the tenant's rows; 0 where there are none yet. */
  readonly schema: number;
  /** Aborted when the lease is lost. */
  readonly lost: AbortSignal;
  /** Resolves while the lease stands, and that was heard from the server not long ago; else rejects with `lease-lost`. */
  prove(): Promise<void>;
  /**
   * Resolves when what the former holder was sending has arrived: at once where it let go. Needed only where its journal has open intents: a
   * write without one has not left, and its number no longer admits any. Rejects with `lease-lost`.
   */
  outlast(): Promise<void>;
  /** Gives the lease up: what others see of the tenant is whole. */
  release(): Promise<void>;
}

export interface LeaseWish {
  readonly tenant: string;
  /** Who holds it, as others are told: `worker web-1/4711, photodrift schedule nightly`. */
  readonly holder: string;
  readonly times?: LeaseTimes;
  /** Milliseconds of a clock that is never put back. */
  readonly now?: () => number;
}

export function leaseLost(tenant: string): PhotodriftError {
  return new PhotodriftError(
    "lease-lost",
    `This worker does not hold tenant ${tenant} any more: it was paused or cut off from the database.`,
    "Nothing more is written from here; another worker takes the run up and looks first at what was on its way.",
    "incomplete",
  );
}

/** The number of a tenant's advisory lock: 63 bits of its name's hash. */
export function lockKey(name: string): string {
  return createHash("sha256").update(`photodrift ${name}`).digest().readBigInt64BE().toString();
}

/**
 * Takes the tenant for this worker: an advisory lock on a connection of its own, which PostgreSQL itself drops when the worker dies.
 * Throws PhotodriftError: `run-in-progress` (refused) where another worker holds it, `database-unreachable`.
 */
export async function takeLease(database: FleetDatabase, wish: LeaseWish): Promise<Lease> {
  const { tenant, holder, times = LEASE_TIMES, now = () => performance.now() } = wish;
  return asDatabaseError(async () => {
    const session = await database.session("photodrift lease", { ...times, patience: times.fresh }, now);
    const { client, lost } = session;
    try {
      const { rows } = await client.query<{ mine: boolean }>("SELECT pg_try_advisory_lock($1) AS mine", [
        lockKey(tenant),
      ]);
      if (rows[0]?.mine !== true) throw await heldByOther(client, tenant);
      const former = await client.query<{ released: boolean }>(
        "SELECT released FROM photodrift.tenants WHERE tenant = $1",
        [tenant],
      );
      const taken = await client.query<{ lease: string; generation: string; schema: number }>(
        `INSERT INTO photodrift.tenants AS t (tenant, lease, holder, released, held_since) VALUES ($1, 1, $2, false, now())
         ON CONFLICT (tenant) DO UPDATE SET lease = t.lease + 1, holder = $2, released = false, held_since = now()
         RETURNING lease, generation, schema`,
        [tenant, holder],
      );
      const row = taken.rows[0];
      if (row === undefined) throw new Error("no row of the tenant came back");
      await session.commit();
      const left = former.rows[0]?.released === false ? times.fresh + times.margin : 0;
      return {
        number: row.lease,
        generation: row.generation,
        schema: row.schema,
        lost,
        prove: () => prove(session, times.fresh, { tenant, now }),
        outlast: () => outlast(left, lost, tenant),
        async release() {
          if (!lost.aborted) await tellRelease(session, tenant, row.lease, times.fresh);
          await session.end();
        },
      };
    } catch (error) {
      await session.end();
      throw error;
    }
  });
}

/** Throws `lease-lost` where the server was not heard within `fresh` milliseconds, asked once more. */
async function prove(
  session: WatchedSession,
  fresh: number,
  { tenant, now }: { readonly tenant: string; readonly now: () => number },
): Promise<void> {
  const stale = (): boolean => now() - session.heard() > fresh;
  // A question that was under way when this process was stopped proves nothing of today.
  for (let tries = 0; !session.lost.aborted && stale() && tries < 2; tries++) await session.ask();
  if (!session.lost.aborted && !stale()) return;
  session.lose();
  throw leaseLost(tenant);
}

/** What the former holder sent before it noticed has arrived when this resolves. */
async function outlast(left: number, lost: AbortSignal, tenant: string): Promise<void> {
  try {
    if (left > 0) await sleep(left, undefined, { signal: lost });
  } catch {
    throw leaseLost(tenant);
  }
}

/** Where this does not arrive, the next holder waits a little longer. */
async function tellRelease(session: WatchedSession, tenant: string, lease: string, patience: number): Promise<void> {
  const told = (async () => {
    await session.client.query(
      "UPDATE photodrift.tenants SET released = true, holder = NULL WHERE tenant = $1 AND lease = $2",
      [tenant, lease],
    );
    await session.commit();
  })();
  await Promise.race([told.catch(() => undefined), sleep(patience, undefined, { ref: false })]);
}

async function heldByOther(client: pg.Client, tenant: string): Promise<PhotodriftError> {
  const { rows } = await client.query<{ holder: string | null; held_since: Date | null }>(
    "SELECT holder, held_since FROM photodrift.tenants WHERE tenant = $1",
    [tenant],
  );
  const since = rows[0]?.held_since?.toISOString() ?? "a moment ago";
  return new PhotodriftError(
    "run-in-progress",
    `Tenant ${tenant} is held by ${rows[0]?.holder ?? "another worker"} since ${since}.`,
    "One run a tenant at a time: wait for it to end. A worker that is dead, stopped or cut off loses the tenant by itself within a minute.",
    "refused",
  );
}
