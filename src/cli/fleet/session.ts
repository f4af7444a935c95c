import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { hostname, tmpdir, userInfo } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Config } from "../../model/config.js";
import type { FleetConfig, FleetTenant } from "../../model/fleet.js";
import { holdFleetState, openFleetDatabase, type FleetDatabase } from "../../state/postgres/index.js";
import type { HoldState } from "../sessions/hold.js";
import type { InvokedTenant } from "../line/globals.js";
import { unknownName } from "../line/unknown-name.js";

/** Connections of one process beside those that leases and the sign of life have: the engine's, and one for each run. */
function connectionsFor({ concurrency }: FleetConfig): number {
  return Math.min(50, concurrency + 6);
}

/**
 * Opens the fleet's database, brings its tables up to date but the engine's, works, and closes it whatever happens.
 * Throws PhotodriftError `database-unreachable`, `database-failed`.
 */
export async function withFleetDatabase<T>(
  fleet: FleetConfig,
  work: (database: FleetDatabase) => Promise<T>,
): Promise<T> {
  const ca = fleet.caFile === null ? undefined : readFileSync(fleet.caFile, "utf8");
  const database = openFleetDatabase(fleet.database.reveal(), { ca, connections: connectionsFor(fleet) });
  try {
    await database.migrate();
    return await work(database);
  } finally {
    await database.close();
  }
}

/** This process, as others are told. */
export function holderName(): string {
  return `${hostname()}/${String(process.pid)}`;
}

/** The folder of this machine for working copies of a fleet; only its owner may read it. */
export function workFolderOf({ workFolder, file }: FleetConfig): string {
  const mark = createHash("sha256").update(file).digest("hex").slice(0, 8);
  return workFolder ?? join(tmpdir(), `photodrift-fleet-${userInfo().username}-${mark}`);
}

/** Where one process keeps its working copies while it works: never shared, gone afterwards. */
export async function withWorkFolder<T>(fleet: FleetConfig, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(workFolderOf(fleet), `${hostname()}-${String(process.pid)}`);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A tenant's configuration with what would lie beside its file in this process's folder instead. */
export function inFolder(config: Config, folder: string): Config {
  return { ...config, state: join(folder, `${config.tenant.id.toLowerCase()}.db`) };
}

/** How a fleet's process takes a tenant into its hands. */
export function fleetHold(database: FleetDatabase, folder: string): HoldState {
  return (config, doing) =>
    holdFleetState(database, { tenant: config.tenant.id, holder: `${holderName()}, ${doing}`, folder });
}

/** What a command is given to work on a tenant of a fleet. @param typed the words to type before its own */
export function invokedTenant(
  database: FleetDatabase,
  tenant: FleetTenant,
  folder: string,
  typed: readonly string[],
): InvokedTenant {
  return { config: inFolder(tenant.config, folder), hold: fleetHold(database, folder), typed };
}

/** The tenant a person means: by id, name, or the folder of its file. Throws PhotodriftError (usage) with the nearest one. */
export function tenantNamed(tenants: readonly FleetTenant[], word: string): FleetTenant {
  const wanted = word.toLowerCase();
  const exact = tenants.find(({ id }) => id === wanted);
  if (exact !== undefined) return exact;
  const folderOf = ({ config }: FleetTenant): string => basename(dirname(config.file));
  const named = tenants.filter((one) => [one.name, folderOf(one)].some((name) => name.toLowerCase() === wanted));
  const [found] = named;
  if (found !== undefined && named.length === 1) return found;
  const names = tenants.flatMap((one) => [one.id, one.name, folderOf(one)]);
  throw unknownName("tenant", word, named.length > 1 ? named.map(({ id }) => id) : [...new Set(names)].slice(0, 30));
}
