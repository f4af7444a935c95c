import { rm } from "node:fs/promises";
import { makeFolder } from "../../files/folders.js";
import type { HeldState } from "../held.js";
import { openState, type State } from "../sqlite/state.js";
import { fleetBackups } from "./backups.js";
import { watchChanges } from "./changes.js";
import { copyFile, fillCopy, leaveMark, readersFile, removeCopy, SCHEMA, takeMark } from "./copy.js";
import type { FleetDatabase } from "./database.js";
import { takeLease, type Lease, type LeaseTimes } from "./lease.js";
import { fleetPreviews } from "./previews.js";
import { replaceAll, startPusher, type Pusher } from "./push.js";

export interface HoldWish {
  /** Tenant id as the configuration has it. */
  readonly tenant: string;
  /** Who holds it, as others are told. */
  readonly holder: string;
  /** Folder of this worker alone: working copies lie there, readable by their owner only. */
  readonly folder: string;
  readonly times?: LeaseTimes;
}

/**
 * Holds a tenant's state of the fleet's database: a lease, and a working copy whose changes are carried to the database - observations
 * within seconds, the intent of a write before the write may leave, everything when the hold ends.
 * Throws PhotodriftError: `run-in-progress` (refused), `database-unreachable`, `state-too-new`; later `lease-lost`.
 */
export async function holdFleetState(database: FleetDatabase, wish: HoldWish): Promise<HeldState> {
  const tenant = wish.tenant.toLowerCase();
  const { holder, folder, times } = wish;
  await makeFolder(folder);
  const lease = await takeLease(database, { tenant, holder, ...(times === undefined ? {} : { times }) });
  try {
    return await holdCopy(database, tenant, lease, copyFile(folder, tenant));
  } catch (error) {
    await lease.release();
    throw error;
  }
}

async function holdCopy(database: FleetDatabase, tenant: string, lease: Lease, file: string): Promise<HeldState> {
  const whole = lease.schema === SCHEMA && (await takeMark(file, { generation: lease.generation, schema: SCHEMA }));
  if (!whole) await fillCopy(database, tenant, file, lease.schema);
  const opened = openState(file, tenant);
  try {
    if (opened.journal.open().length > 0) await lease.outlast();
    const { db } = opened;
    // The database of the fleet is what lasts; this copy is made again.
    db.pragma("synchronous = OFF");
    const current: Lease =
      lease.schema === SCHEMA
        ? lease
        : { ...lease, generation: await replaceAll({ database, tenant, lease, db }, SCHEMA) };
    const changes = watchChanges(db);
    const pusher = startPusher({ database, tenant, lease: current, db, changes });
    const apart = (work: () => void): void => changes.apart("previews", work);
    const state: State = {
      ...opened,
      records: { ...opened.records, preview: fleetPreviews({ database, tenant, db, apart }) },
      journal: {
        ...opened.journal,
        async intend(intents) {
          const numbers = await opened.journal.intend(intents);
          await pusher.flush();
          return numbers;
        },
      },
      backups: fleetBackups({ database, tenant, lease, file, flush: () => pusher.flush() }),
      observing: (work) => work(),
    };
    return {
      state,
      beforeRequest: () => lease.prove(),
      lost: lease.lost,
      release: () => letGo(state, lease, pusher, file),
    };
  } catch (error) {
    opened.close();
    throw error;
  }
}

/** What could not be carried is lost to this worker only: the database has the last whole moment, and the next holder goes on from there. */
async function letGo(state: State, lease: Lease, pusher: Pusher, file: string): Promise<void> {
  pusher.stop();
  try {
    await pusher.flush();
    state.db.pragma("wal_checkpoint(TRUNCATE)");
    state.close();
    // Pictures of people stay in the database alone.
    await rm(`${file}.backups`, { recursive: true, force: true });
    await leaveMark(file, { generation: pusher.generation(), schema: SCHEMA });
  } catch (error) {
    state.close();
    await removeCopy(file);
    throw error;
  } finally {
    await lease.release();
  }
}

/** A copy of a tenant's state for reading, as it stood at one moment; nothing of it goes back. */
export interface FleetReading {
  readonly state: State;
  close(): Promise<void>;
}

/**
 * Reads a tenant's state beside whoever holds it. Throws PhotodriftError: `database-unreachable`, `state-too-new`.
 * @param folder where the copy lies until it is closed
 */
export async function readFleetState(
  database: FleetDatabase,
  { tenant: id, folder }: Pick<HoldWish, "tenant" | "folder">,
): Promise<FleetReading> {
  const tenant = id.toLowerCase();
  await makeFolder(folder);
  const file = readersFile(folder, tenant);
  const found = await database.db
    .selectFrom("tenants")
    .select("schema")
    .where("tenant", "=", tenant)
    .executeTakeFirst();
  await fillCopy(database, tenant, file, found?.schema ?? 0);
  const opened = openState(file, tenant);
  const nothing = (): Promise<void> => Promise.resolve();
  const { db } = opened;
  const apart = (work: () => void): void => db.transaction(work)();
  return {
    state: {
      ...opened,
      records: { ...opened.records, preview: fleetPreviews({ database, tenant, db, apart }) },
      backups: fleetBackups({ database, tenant, lease: null, file, flush: nothing }),
    },
    async close() {
      opened.close();
      await removeCopy(file);
    },
  };
}
