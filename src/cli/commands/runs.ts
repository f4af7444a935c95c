import type { Argv } from "yargs";
import { EXIT } from "../../model/exit-codes.js";
import type { GlobalFlags, Invocation } from "../line/globals.js";
import { withConfig } from "../line/command-to-type.js";
import { wholeNumber } from "../line/whole-number.js";
import { writeList } from "../terminal/results.js";
import { withReading } from "../sessions/state.js";

export interface RunsFlags extends GlobalFlags {
  readonly limit: number;
}

export function runsFlags<T>(yargs: Argv<T>) {
  return yargs.option("limit", { type: "number", default: 20, describe: "how many, newest first" });
}

const COLUMNS = [
  "run",
  "mode",
  "trigger",
  "verdict",
  "users drifted",
  "new = old - gone",
  "requests",
  "images",
  "took",
];

/** Past runs with verdict, drift counts and cost. */
export async function runsCommand(flags: RunsFlags, invocation: Invocation): Promise<number> {
  const limit = wholeNumber("--limit", flags.limit, { from: 1, example: "50." });
  return withReading(invocation, async (state) => {
    const runs = state.records.runs(limit);
    const rows = runs.map(({ head, summary, cost }) => [
      head.id,
      head.mode,
      head.trigger,
      head.verdict,
      [`${summary.usersWithDrift}/${summary.usersInScope}`, ...(summary.narrowedTo ?? [])].join(" "),
      `+${summary.new} =${summary.persisting} -${summary.resolved}`,
      String(cost.requests.login + cost.requests.graph + cost.requests.sharepoint + cost.requests.exchange),
      String(cost.imagesDownloaded),
      `${((Date.parse(head.finishedAt) - Date.parse(head.startedAt)) / 1000).toFixed(1)} s`,
    ]);
    await writeList(invocation, {
      title: "Runs",
      columns: COLUMNS,
      rows,
      json: { runs: runs.map(({ head, summary, cost }) => ({ ...head, summary, cost })) },
      ...(runs.length === 0 ? { text: `No runs yet.${nextRun(invocation)}\n` } : {}),
    });
    return EXIT.ok;
  });
}

/** What to type for a first run; of a tenant of a fleet, whose configuration is one of many, the fleet's schedules decide. */
function nextRun({ configPath, reading }: Invocation): string {
  return reading === undefined ? ` Next: ${withConfig(configPath, "audit")}` : "";
}
