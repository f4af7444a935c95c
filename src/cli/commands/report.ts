import type { Argv } from "yargs";
import type { Config } from "../../model/config.js";
import { PhotodriftError } from "../../model/errors.js";
import type { RecordedRun } from "../../run/records/runs.js";
import { createWorkingCopies } from "../../state/index.js";
import { MANAGER_FORMATS, reportSchema } from "../../report/index.js";
import { printManagerPage, printReports } from "../sessions/print-reports.js";
import { EXIT } from "../../model/exit-codes.js";
import type { GlobalFlags, Invocation } from "../line/globals.js";
import { formatNamed } from "../line/unknown-name.js";
import { requireFormats } from "../terminal/formats.js";
import { jsonText, writeResult } from "../terminal/results.js";
import type { ReportImages } from "../sessions/report-source.js";
import { withReading } from "../sessions/state.js";

export interface ReportFlags extends GlobalFlags {
  readonly run: string | undefined;
  readonly schema: boolean;
  readonly audience: string;
}

export function reportFlags<T>(yargs: Argv<T>) {
  return yargs
    .positional("run", { type: "string", describe: "id of a past run, or its beginning; the last one when left out" })
    .option("schema", { type: "boolean", default: false, describe: "print the JSON Schema of the JSON report" })
    .option("audience", {
      choices: ["operator", "manager"] as const,
      default: "operator",
      describe: "manager: figures on one printed page, without names (text, md, html)",
    });
}

/** Renders a past run again, in any format. */
export async function reportCommand(flags: ReportFlags, invocation: Invocation): Promise<number> {
  if (flags.schema) {
    requireFormats(invocation, "--schema", ["json"]);
    await writeResult(invocation, () => [jsonText(reportSchema())]);
    return EXIT.ok;
  }
  const forManager = flags.audience === "manager";
  if (forManager) requireFormats(invocation, "--audience manager", MANAGER_FORMATS);
  return withReading(invocation, async (state, config) => {
    const { records } = state;
    const wanted = flags.run;
    const found = wanted === undefined ? records.runs(1) : records.runsNamed(wanted);
    const [run] = found;
    if (run === undefined) {
      throw new PhotodriftError(
        "run-unknown",
        wanted === undefined ? "There is no run to report yet." : `There is no run "${wanted}".`,
        wanted === undefined
          ? "Type `photodrift audit` first."
          : (formatNamed(wanted) ?? "`photodrift runs` lists the runs."),
        "usage",
      );
    }
    if (found.length > 1 && run.head.id !== wanted) {
      throw new PhotodriftError(
        "run-ambiguous",
        `"${wanted ?? ""}" is the beginning of ${found.length} runs.`,
        `Type more of it: ${found
          .slice(0, 5)
          .map(({ head }) => head.id)
          .join(", ")}.`,
        "usage",
      );
    }
    const images = picturesWhenAsked(config);
    if (forManager) {
      await printManagerPage({ state, config, images }, wholeRun(run, wanted, records.runs(RUNS_SEARCHED)), invocation);
      return EXIT.ok;
    }
    await printReports({ state, config, images }, run.head.id, invocation);
    return EXIT.ok;
  });
}

/** Runs among which the newest one of the whole tenant is looked for. */
const RUNS_SEARCHED = 400;

/** The run that a page about the whole tenant can be made of: the one that was named, else the newest that looked at everything in scope. */
function wholeRun(run: RecordedRun, wanted: string | undefined, runs: readonly RecordedRun[]): RecordedRun {
  const isWhole = ({ summary }: RecordedRun) => summary.narrowedTo === undefined;
  const whole = wanted === undefined ? runs.find(isWhole) : run;
  if (whole !== undefined && isWhole(whole)) return whole;
  throw new PhotodriftError(
    "run-narrowed",
    `The run ${run.head.id} looked at a part of the tenant only: ${run.summary.narrowedTo?.join(" ") ?? ""}.`,
    "Type `photodrift audit`, without these, and make the page of that run.",
    "usage",
  );
}

/** Most formats show no picture: what reads them is loaded with the first that one does. */
function picturesWhenAsked({ state }: Pick<Config, "state">): ReportImages {
  let loaded: Promise<ReportImages> | null = null;
  async function load(): Promise<ReportImages> {
    const { createImageReader } = await import("../../image/index.js");
    return createImageReader({ copies: createWorkingCopies(state) });
  }
  const images = (): Promise<ReportImages> => (loaded ??= load());
  return {
    preview: async (bytes) => (await images()).preview(bytes),
    masterPreview: async (master, crop) => (await images()).masterPreview(master, crop),
    lumaPreview: async (luma) => (await images()).lumaPreview(luma),
    smaller: async (image, side) => (await images()).smaller(image, side),
  };
}
