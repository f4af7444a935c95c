import type { Argv } from "yargs";
import { fileOf, type GlobalFlags } from "../line/globals.js";

export interface FleetFlags extends GlobalFlags {
  readonly action: string;
  readonly words: readonly string[] | undefined;
  readonly fleet: string;
  readonly mode: string;
  readonly yes: boolean;
  readonly force: boolean;
  readonly user: string[] | undefined;
  readonly until: string;
  readonly port: number | undefined;
  readonly concurrency: number | undefined;
  readonly schema: boolean;
}

const DEFAULT_FLEET = fileOf("PHOTODRIFT_FLEET", "./fleet.yaml");

/** --fleet, where another than the default was named. */
export function typedFleet({ fleet }: Pick<FleetFlags, "fleet">): readonly string[] {
  return fleet === DEFAULT_FLEET ? [] : ["--fleet", fleet];
}

export const FLEET_ACTIONS = ["worker", "plan", "run", "status", "report", "runs", "undo", "demo"] as const;

export function fleetFlags<T>(yargs: Argv<T>) {
  return yargs
    .positional("action", { type: "string", demandOption: true, describe: FLEET_ACTIONS.join(", ") })
    .positional("words", {
      type: "string",
      array: true,
      describe: "run TENANT; report [TENANT [RUN]]; runs TENANT; undo TENANT RUN",
    })
    .option("fleet", {
      type: "string",
      default: DEFAULT_FLEET,
      defaultDescription: "PHOTODRIFT_FLEET, else ./fleet.yaml",
      describe: "file of the fleet",
    })
    .option("mode", { choices: ["audit", "apply"] as const, default: "audit", describe: "run: what to do" })
    .option("yes", {
      alias: "y",
      type: "boolean",
      default: false,
      describe: "run --mode apply, undo: carry out; without it the plan is printed",
    })
    .option("force", { type: "boolean", default: false, describe: "undo: also replace what changed since" })
    .option("user", { type: "string", array: true, nargs: 1, describe: "run, undo: only this user; repeatable" })
    .option("until", { type: "string", default: "24h", describe: "plan: how far to look ahead" })
    .option("port", { type: "number", describe: "worker: port of /healthz and /metrics (health.port)" })
    .option("concurrency", { type: "number", describe: "worker: runs at the same time (concurrency)" })
    .option("schema", { type: "boolean", default: false, describe: "status, report: print the JSON Schema" });
}
