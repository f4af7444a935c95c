import { messageOf } from "../model/caught.js";
import { PhotodriftError } from "../model/errors.js";
import { commandLine, type Chosen } from "./line/command-line.js";
import { EXIT } from "../model/exit-codes.js";
import { exitCodeOfError } from "./exit-codes.js";
import { cureToType } from "./line/command-to-type.js";
import { DEFAULT_CONFIG, invocationOf } from "./line/globals.js";
import { knownError } from "./known-errors.js";
import type { LogFile } from "./terminal/log-file.js";
import { currentRun, inRunScope } from "./terminal/run-scope.js";
import { requireFormats } from "./terminal/formats.js";
import { columnsOf, errorText, isErrorColored } from "./terminal/terminal.js";
import { VERSION } from "./line/version.js";
import type { TypedLine } from "./line/flags.js";
import { globalFlags, readLine, spelledOut } from "./line/typed-line.js";
import { wrongUsage } from "./line/wrong-usage.js";

/**
 * Runs one command line and gives its exit code; every failure ends here as one message with the cure.
 * @param argv words after the program name
 */
export function runCli(argv: readonly string[]): Promise<number> {
  return inRunScope(() => run(argv));
}

async function run(argv: readonly string[]): Promise<number> {
  const abort = new AbortController();
  const stop = (): void => {
    if (abort.signal.aborted) process.exit(EXIT.interrupted);
    abort.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  let logFile: LogFile | null = null;
  try {
    const chosen = await parse(argv);
    if (chosen === null) return EXIT.ok;
    const path = chosen.flags["log-file"];
    if (path !== undefined) {
      const { openLogFile } = await import("./terminal/log-file.js");
      logFile = openLogFile(path, (message) => process.stderr.write(`${message}\n`));
    }
    const invocation = invocationOf(chosen.flags, chosen.line, abort.signal, logFile?.log ?? null);
    // Wrong pairs of --format and --output, and formats that the command cannot give, are told before the work, not after it.
    const { formats, words } = chosen.command;
    if (formats !== null) requireFormats(invocation, words.split(" ")[0] ?? "", formats);
    const since = Date.now();
    logFile?.log.info({ command: words.split(" ")[0], version: VERSION }, "begins");
    const exitCode = await chosen.command.run(chosen.flags, invocation);
    logFile?.log.info({ exitCode, ms: Date.now() - since }, "ends");
    return exitCode;
  } catch (error) {
    const flags = await globalFlags(argv);
    const told = withCureToType(knownError(error), flags.get("config") ?? DEFAULT_CONFIG);
    if (logFile !== null) logFile.log.error(errorLine(told, exitCodeOfError(told)));
    return failed(told, flags);
  } finally {
    await logFile?.close();
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}

/** Errors come from rooms that know of no command line. */
function withCureToType(error: unknown, config: string): unknown {
  if (!(error instanceof PhotodriftError)) return error;
  const { code, message, errorClass, cause } = error;
  return new PhotodriftError(code, message, cureToType(error.hint, config), errorClass, cause);
}

function failed(error: unknown, flags: ReadonlyMap<string, string>): number {
  const code = exitCodeOfError(error);
  process.stderr.write(
    flags.get("json-logs") === "true"
      ? `${JSON.stringify({ level: "error", time: new Date().toISOString(), run: currentRun(), ...errorLine(error, code) })}\n`
      : errorText(error, isErrorColored(flags.get("color") === "false", process.env)),
  );
  const unexpected = error instanceof Error && !(error instanceof PhotodriftError) && code === EXIT.failed;
  if (unexpected && flags.get("verbose") === "true") process.stderr.write(`${error.stack ?? ""}\n`);
  return code;
}

function errorLine(error: unknown, exitCode: number): object {
  const message = messageOf(error);
  const known = error instanceof PhotodriftError ? { code: error.code, hint: error.hint } : {};
  return { message, ...known, exitCode };
}

/** Parses the words; null when help, the version or completions were printed. Throws PhotodriftError (usage). */
async function parse(argv: readonly string[]): Promise<(Chosen & { readonly line: TypedLine }) | null> {
  const line = await readLine(argv);
  let chosen: Chosen | null = null;
  let wrong: string | null = null;
  const width = Math.min(110, columnsOf(process.stdout.columns, process.env));
  const cli = commandLine(line === null ? argv : spelledOut(line), width, (one) => {
    throw new Choice(one);
  }).fail((message: string | null, error: Error | undefined) => {
    if (error !== undefined && !isUsage(error)) throw error;
    wrong ??= message ?? error?.message ?? "";
  });
  try {
    await cli.parse();
  } catch (error) {
    if (error instanceof Choice) chosen = error.chosen;
    // Flags come with the command's module, later than yargs expects: some of what it finds wrong is thrown past `fail`.
    else if (isUsage(error)) wrong ??= messageOf(error);
    else throw error;
  }
  if (wrong !== null) throw wrongUsage(wrong, line?.words ?? argv);
  return chosen === null || line === null ? null : { ...chosen, line };
}

/** Ends parsing with what was chosen. Where a handler returns, yargs makes a help text that nobody asked for: a tenth of a short command's time. */
class Choice extends Error {
  readonly chosen: Chosen;

  constructor(chosen: Chosen) {
    super("chosen");
    this.chosen = chosen;
  }
}

/** What yargs throws where the words are wrong. */
function isUsage(error: unknown): boolean {
  return error instanceof Error && error.name === "YError";
}
