import type { Failure } from "../../model/describe-error.js";
import { PhotodriftError } from "../../model/errors.js";
import { EMPTY_SUMMARY, type RunMode, type RunTrigger } from "../../model/run.js";
import { runIdentity, type Workbench } from "../compose.js";
import { isAbort } from "../exit-codes.js";
import { knownError } from "../known-errors.js";
import { currentRun } from "../terminal/run-scope.js";
import { announce, type AnnouncedRun, type Announcement } from "./announce.js";
import { endOfError } from "./end-run.js";

/** What a command has made of its run so far, for those who are told of it. */
export interface Made {
  /** Absolute paths of the HTML report and of the plan; null where none was written. */
  report: string | null;
  plan: string | null;
}

export interface Telling extends Pick<Announcement, "signal"> {
  /** What a run that ends before it is recorded was for; null: nobody but who typed it is told of such a one. */
  readonly unrecorded: Exclude<RunMode, "undo"> | null;
  /** --no-notify: nobody is told. */
  readonly notify: boolean;
}

/**
 * Works, and tells the receivers of `notify` of the run that began meanwhile, however it ended. What the work throws goes on, and is told:
 * also where it came before there was a run, but where the words of the command line were wrong.
 */
export async function telling<T>(bench: Workbench, how: Telling, work: (made: Made) => Promise<T>): Promise<T> {
  const made: Made = { report: null, plan: null };
  const entries = how.notify ? bench.config.notify : [];
  const tell = async (run: AnnouncedRun | null, thrown: unknown): Promise<void> => {
    const error = failureOf(thrown, bench.config.state);
    if (run !== null) await announce(bench, run, { ...made, entries, schedule: null, error, signal: how.signal });
  };
  try {
    const result = await work(made);
    await tell(runBegun(bench), null);
    return result;
  } catch (thrown) {
    const mode = thrown instanceof PhotodriftError && thrown.code === "usage" ? null : how.unrecorded;
    const unrecorded = mode === null ? null : unrecordedRun(bench, { mode, trigger: "cli" }, thrown);
    await tell(runBegun(bench) ?? unrecorded, thrown);
    throw thrown;
  }
}

/** The run that began in this scope, as it is in the records; null where there is none, or where they cannot be read any more. */
export function runBegun({ state }: Pick<Workbench, "state">) {
  const id = currentRun();
  try {
    return id === null ? null : state.records.run(id);
  } catch {
    return null;
  }
}

/** What is told of a run that failed before there was a record of it. */
export function unrecordedRun(
  { config, ports }: Pick<Workbench, "config" | "ports">,
  what: { readonly mode: RunMode; readonly trigger: RunTrigger },
  error: unknown,
): AnnouncedRun {
  const now = ports.clock.now();
  const finishedAt = new Date(now).toISOString();
  const head = { ...runIdentity(now), ...what, tenant: config.tenant.id, finishedAt, ...endOfError(error) };
  return { head, summary: EMPTY_SUMMARY };
}

/**
 * What a run failed with, fit to be told and logged: message and hint of our own errors are free of secrets, of others only the name is told.
 * null where nothing was thrown, or the run was told to stop.
 */
export function failureOf(thrown: unknown, stateFile: string): Failure | null {
  if (thrown === null || isAbort(thrown)) return null;
  const error = knownError(thrown, stateFile);
  if (error instanceof PhotodriftError) return { message: error.message, hint: error.hint };
  const name = error instanceof Error ? error.name : "no error";
  return { message: `Unexpected failure (${name}).`, hint: "Run the command by hand with --verbose: it tells more." };
}
