import { resolve } from "node:path";
import type { Logger } from "pino";
import type { Argv } from "yargs";
import { loggedProgress } from "../terminal/logged-progress.js";
import { openProgress } from "../terminal/progress.js";
import { outputsOf, requireOwnFiles, type NamedFile, type Output } from "../terminal/outputs.js";
import { openTerminal, type Terminal } from "../terminal/terminal.js";
import type { Config } from "../../model/config.js";
import { REPORT_FORMATS } from "../../model/formats.js";
import type { Progress } from "../../run/ports.js";
import type { State } from "../../state/index.js";
import type { HoldState } from "../sessions/hold.js";
import type { TypedLine } from "./flags.js";

/** The file that a variable of the environment names. One that is set to nothing counts as not set, as everywhere in a shell. */
export function fileOf(variable: string, usual: string): string {
  const told = process.env[variable] ?? "";
  return told === "" ? usual : told;
}

/** The configuration file where none is named. */
export const DEFAULT_CONFIG = fileOf("PHOTODRIFT_CONFIG", "./photodrift.yaml");

/** Flags that every command takes. */
export interface GlobalFlags {
  readonly config: string;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
  readonly "json-logs": boolean;
  readonly "log-file": string | undefined;
}

/** What a command is given besides its own flags. */
export interface Invocation {
  readonly configPath: string;
  readonly terminal: Terminal;
  readonly progress: Progress;
  readonly outputs: readonly Output[];
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly jsonLogs: boolean;
  /** Of --log-file. */
  readonly log: Logger | null;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** The tenant of a fleet that the command works on, in place of the one that `configPath` names. */
  readonly tenant?: InvokedTenant;
  /** A state that is open for reading, in place of the file of the configuration that `configPath` names. */
  readonly reading?: { readonly config: Config; readonly state: State };
}

export interface InvokedTenant {
  readonly config: Config;
  readonly hold: HoldState;
  /** The words before a command's own, for commands to type: `fleet undo contoso`. */
  readonly typed: readonly string[];
}

export function withGlobalFlags<T>(yargs: Argv<T>): Argv<T & GlobalFlags> {
  return yargs
    .option("config", {
      type: "string",
      default: DEFAULT_CONFIG,
      defaultDescription: "PHOTODRIFT_CONFIG, else ./photodrift.yaml",
      describe: "configuration file",
      global: true,
    })
    .option("format", {
      alias: "f",
      type: "string",
      array: true,
      nargs: 1,
      describe: `${REPORT_FORMATS.join(", ")}; repeat with --output`,
      global: true,
    })
    .option("output", {
      alias: "o",
      type: "string",
      array: true,
      nargs: 1,
      describe: "file for the --format before it",
      global: true,
    })
    .option("quiet", {
      alias: "q",
      type: "boolean",
      default: false,
      describe: "no progress, no notes; warnings are still told",
      global: true,
    })
    .option("verbose", { alias: "v", type: "boolean", default: false, describe: "more notes", global: true })
    .option("color", {
      type: "boolean",
      default: true,
      describe: "colours on a terminal (--no-color, NO_COLOR)",
      global: true,
    })
    .option("json-logs", { type: "boolean", default: false, describe: "logs as JSON lines", global: true })
    .option("log-file", {
      type: "string",
      describe: "also log to this file, JSON lines, rotated at 10 MB",
      global: true,
    });
}

/** @param log of --log-file, which hears what progress says */
export function invocationOf(
  flags: GlobalFlags,
  { flags: typed }: Pick<TypedLine, "flags">,
  signal: AbortSignal,
  log: Logger | null = null,
): Invocation {
  const terminal = openTerminal(!flags.color, process.env);
  const options = { quiet: flags.quiet, verbose: flags.verbose, jsonLogs: flags["json-logs"] };
  return {
    configPath: resolve(flags.config),
    terminal,
    progress: log === null ? openProgress(terminal, options) : loggedProgress(openProgress(terminal, options), log),
    log,
    // Checked when first asked for: `schedule export` has formats of its own.
    get outputs() {
      const outputs = outputsOf(typed);
      requireOwnFiles(outputs, filesOf(flags));
      return outputs;
    },
    ...options,
    env: process.env,
    signal,
  };
}

/** Files that flags name beside --output, by the flags that every command means the same by. */
function filesOf(flags: GlobalFlags & { readonly plan?: unknown; readonly fleet?: unknown }): readonly NamedFile[] {
  const named = { config: flags.config, "log-file": flags["log-file"], plan: flags.plan, fleet: flags.fleet };
  return Object.entries(named).flatMap(([flag, file]) =>
    typeof file === "string" ? [{ flag: `--${flag}`, file }] : [],
  );
}
