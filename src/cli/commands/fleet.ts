import type { Argv } from "yargs";
import { PhotodriftError } from "../../model/errors.js";
import type { GlobalFlags, Invocation } from "../line/globals.js";
import { unknownName } from "../line/unknown-name.js";
import { ALL_FORMATS, requireFormats, TEXT_ONLY } from "../terminal/formats.js";

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

const ACTIONS = ["worker", "plan", "run", "status", "report", "runs", "undo", "demo"] as const;

export function fleetFlags<T>(yargs: Argv<T>) {
  return yargs
    .positional("action", { type: "string", demandOption: true, describe: ACTIONS.join(", ") })
    .positional("words", {
      type: "string",
      array: true,
      describe: "run TENANT; report [TENANT [RUN]]; runs TENANT; undo TENANT RUN",
    })
    .option("fleet", {
      type: "string",
      default: process.env["PHOTODRIFT_FLEET"] ?? "./fleet.yaml",
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

/** Many tenants on many machines: the worker, and what is asked of the fleet. Each part is loaded once it is chosen. */
export async function fleetCommand(flags: FleetFlags, invocation: Invocation): Promise<number> {
  const words = flags.words ?? [];
  switch (flags.action) {
    case "worker": {
      takesWords(words, 0, "worker");
      requireFormats(invocation, "fleet worker", TEXT_ONLY);
      const { workUntilEnd } = await import("../fleet/worker.js");
      return workUntilEnd(flags.fleet, workerOptions(flags), invocation);
    }
    case "plan": {
      takesWords(words, 0, "plan");
      requireFormats(invocation, "fleet plan", ALL_FORMATS);
      const { fleetPlan } = await import("../fleet/plan.js");
      return fleetPlan(flags, invocation);
    }
    case "run": {
      takesWords(words, 1, "run TENANT");
      requireFormats(invocation, "fleet run", ALL_FORMATS);
      const { fleetRun } = await import("../fleet/run.js");
      return fleetRun(flags, words[0] ?? "", invocation);
    }
    case "status": {
      takesWords(words, 0, "status");
      requireFormats(invocation, "fleet status", ALL_FORMATS);
      const { fleetStatus } = await import("../fleet/status.js");
      return fleetStatus(flags, invocation);
    }
    case "report": {
      if (words.length > 2) takesWords(words, 2, "report [TENANT [RUN]]");
      requireFormats(invocation, "fleet report", ALL_FORMATS);
      const { fleetReport } = await import("../fleet/report.js");
      return fleetReport(flags, words, invocation);
    }
    case "runs": {
      takesWords(words, 1, "runs TENANT");
      requireFormats(invocation, "fleet runs", ALL_FORMATS);
      const { fleetRuns } = await import("../fleet/report.js");
      return fleetRuns(flags, words[0] ?? "", invocation);
    }
    case "undo": {
      takesWords(words, 2, "undo TENANT RUN");
      requireFormats(invocation, "fleet undo", ALL_FORMATS);
      const { fleetUndo } = await import("../fleet/run.js");
      return fleetUndo(flags, words[0] ?? "", words[1] ?? "", invocation);
    }
    case "demo": {
      takesWords(words, 0, "demo");
      requireFormats(invocation, "fleet demo", TEXT_ONLY);
      const { fleetDemo } = await import("../fleet/demo.js");
      return fleetDemo(invocation);
    }
    default:
      throw unknownName("fleet command", flags.action, ACTIONS);
  }
}

/** Throws PhotodriftError (usage) for too few or too many words. */
function takesWords(words: readonly string[], wanted: number, line: string): void {
  if (words.length === wanted) return;
  const extra = words[wanted];
  const message =
    extra === undefined
      ? `Something is missing: photodrift fleet ${line}`
      : `fleet ${line.split(" ")[0] ?? ""} does not know what to do with "${extra}".`;
  throw new PhotodriftError("usage", message, "`photodrift fleet --help` tells what it takes.", "usage");
}

function workerOptions({ concurrency, port }: FleetFlags) {
  const whole = (value: number | undefined, low: number, high: number): boolean =>
    value === undefined || (Number.isInteger(value) && value >= low && value <= high);
  if (!whole(concurrency, 1, 200)) {
    const message = "--concurrency takes a whole number from 1 to 200.";
    throw new PhotodriftError("usage", message, "For example --concurrency 4.", "usage");
  }
  if (!whole(port, 0, 65_535)) {
    const message = "--port takes a whole number from 0 to 65535.";
    throw new PhotodriftError("usage", message, "For example --port 8080; 0 takes a free one.", "usage");
  }
  return { concurrency, port };
}
