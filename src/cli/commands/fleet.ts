import { PhotodriftError } from "../../model/errors.js";
import { FLEET_ACTIONS, type FleetFlags } from "../fleet/flags.js";
import type { Invocation } from "../line/globals.js";
import { unknownName } from "../line/unknown-name.js";
import { portNumber, wholeNumber } from "../line/whole-number.js";
import { ALL_FORMATS, requireFormats, TEXT_ONLY } from "../terminal/formats.js";

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
      throw unknownName("fleet command", flags.action, FLEET_ACTIONS);
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
  return {
    concurrency: wholeNumber("--concurrency", concurrency, { from: 1, to: 200, example: "4." }),
    port: portNumber(port),
  };
}
