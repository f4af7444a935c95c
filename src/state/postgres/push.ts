import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { PhotodriftError } from "../../model/errors.js";
import type { Db } from "../sqlite/database.js";
import type { Change, Changes } from "./changes.js";
import { inTenant, type FleetDatabase } from "./database.js";
import { leaseLost, type Lease } from "./lease.js";
import { allRows, sequenceOf, writeChanges } from "./rows.js";

/** Changes that wait at most before they are carried to the database, and for how long, milliseconds. */
const MANY = 2_000;
const AGE_MS = 10_000;
const LOOK_MS = 500;
const TRIES = 4;

/** Carries what changes in a working copy to the database, in the order in which it happened. */
export interface Pusher {
  /** Resolves when everything that changed before the call is committed under the lease. Throws `lease-lost`, `database-unreachable`. */
  flush(): Promise<void>;
  /** As of the last commit. */
  generation(): string;
  stop(): void;
}

export interface PushFrom {
  readonly database: FleetDatabase;
  readonly tenant: string;
  readonly lease: Lease;
  readonly db: Db;
  readonly changes: Changes;
}

/** Starts carrying in the background: an observation is at most some seconds old in the database, a write's intent is there before it leaves. */
export function startPusher(from: PushFrom): Pusher {
  const { changes } = from;
  let { generation } = from.lease;
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;
  let waitedSince: number | null = null;

  /** Callers that come while a push is under way share the next one. */
  function flush(): Promise<void> {
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = null;
        running = pushOnce();
        return running;
      });
    return next;
  }

  async function pushOnce(): Promise<void> {
    waitedSince = null;
    const taken = changes.take();
    if (taken.length === 0) return;
    const sequence = taken.some(({ table }) => table === "journal") ? sequenceOf(from.db) : null;
    try {
      generation = await commit(from, sequence === null ? taken : [...taken, sequence]);
    } catch (error) {
      changes.giveBack(taken);
      throw error;
    }
  }

  function look(): void {
    const waiting = changes.count();
    if (waiting === 0) return;
    waitedSince ??= performance.now();
    // What fails here fails again, aloud, at the next intent or at the end of the run.
    if (waiting >= MANY || performance.now() - waitedSince >= AGE_MS) flush().catch(() => undefined);
  }
  const timer = setInterval(look, LOOK_MS);
  timer.unref();
  return { flush, generation: () => generation, stop: () => clearInterval(timer) };
}

/** One transaction; a connection that breaks is tried again as long as the lease stands: the same rows twice are the same rows. */
async function commit(from: PushFrom, taken: readonly Change[]): Promise<string> {
  const { database, tenant, lease } = from;
  for (let tries = 1; ; tries++) {
    await lease.prove();
    try {
      return await inTenant(database, tenant, async (transaction) => {
        const { rows } = await sql<{ generation: string }>`UPDATE photodrift.tenants SET generation = generation + 1
          WHERE tenant = ${tenant} AND lease = ${lease.number} RETURNING generation`.execute(transaction);
        if (rows[0] === undefined) throw leaseLost(tenant);
        await writeChanges(transaction, tenant, taken);
        return rows[0].generation;
      });
    } catch (error) {
      const again = error instanceof PhotodriftError && error.code === "database-unreachable" && tries < TRIES;
      if (!again) throw error;
      await sleep(tries * 500);
    }
  }
}

/** Puts a whole working copy in the place of the tenant's rows, which are of an older schema. Returns the new generation. */
export async function replaceAll(
  { database, tenant, lease, db }: Omit<PushFrom, "changes">,
  schema: number,
): Promise<string> {
  return inTenant(database, tenant, async (transaction) => {
    const { rows } = await sql<{ generation: string }>`UPDATE photodrift.tenants
      SET generation = generation + 1, schema = ${schema} WHERE tenant = ${tenant} AND lease = ${lease.number} RETURNING generation`.execute(
      transaction,
    );
    if (rows[0] === undefined) throw leaseLost(tenant);
    await sql`DELETE FROM photodrift.rows WHERE tenant = ${tenant}`.execute(transaction);
    let page: Change[] = [];
    for (const change of allRows(db)) {
      page.push(change);
      if (page.length < 1_000) continue;
      await writeChanges(transaction, tenant, page);
      page = [];
    }
    const sequence = sequenceOf(db);
    await writeChanges(transaction, tenant, sequence === null ? page : [...page, sequence]);
    return rows[0].generation;
  });
}
