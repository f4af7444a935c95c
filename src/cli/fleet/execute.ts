import type { FleetExecute } from "../../fleet/index.js";
import { PhotodriftError } from "../../model/errors.js";
import type { FleetTenant } from "../../model/fleet.js";
import type { FleetDatabase } from "../../state/postgres/index.js";
import type { Invocation } from "../line/globals.js";
import { runScheduled } from "../schedule/execute.js";
import { fleetHold, inFolder } from "./session.js";

export interface ExecuteParts extends Pick<Invocation, "progress" | "env"> {
  readonly database: FleetDatabase;
  /** This process's folder for working copies. */
  readonly folder: string;
  readonly tenantOf: (id: string) => FleetTenant | null;
}

/**
 * How a worker carries out one run: as the daemon does, over the state in the database. Report files are not written: a worker's disk is
 * nobody's to read, and `fleet report` makes them out of the database.
 */
export function fleetExecutor({ database, folder, tenantOf, progress, env }: ExecuteParts): FleetExecute {
  return async ({ entry, signal, paused, isTold }) => {
    const tenant = tenantOf(entry.tenant);
    if (tenant === null) {
      const message = `The file of tenant ${entry.tenant} is not there, or has problems.`;
      throw new PhotodriftError("tenant-unreadable", message, "`photodrift fleet plan` tells which.", "usage");
    }
    const schedule = { ...entry.schedule, config: tenant.config.file, formats: [] };
    const hold = fleetHold(database, folder);
    return runScheduled(inFolder(tenant.config, folder), schedule, { progress, env, signal, hold, paused, isTold });
  };
}
