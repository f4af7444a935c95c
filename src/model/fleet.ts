import type { Config } from "./config.js";
import type { Secret } from "./secret.js";

/** `fleet.yaml`, checked, with defaults filled in and paths absolute. */
export interface FleetConfig {
  /** The file it was read from. */
  readonly file: string;
  /** `postgres://…`; carries a password. */
  readonly database: Secret;
  /** PEM file of the authority that signed the database's certificate; null: as the database's URL says. */
  readonly caFile: string | null;
  /** The `photodrift.yaml` of each tenant, sorted. */
  readonly tenants: readonly string[];
  /** Folder of schedule files. */
  readonly schedules: string;
  /** Runs at the same time in one worker. */
  readonly concurrency: number;
  readonly health: {
    /** Null: no health server. 0 takes a free port. */
    readonly port: number | null;
    readonly host: string;
  };
  /** Folder for working copies while a run lasts; null: one in the machine's temporary folder. */
  readonly workFolder: string | null;
}

/** One tenant of a fleet. */
export interface FleetTenant {
  /** Tenant id, lower case: the key of everything in the database. */
  readonly id: string;
  /** The first part of its SharePoint address, for people. */
  readonly name: string;
  readonly config: Config;
}
