import yargs, { type Argv } from "yargs";
import { nearMiss } from "../config/index.js";
import { PhotodriftError } from "../model/index.js";
import { COMMANDS, type Command } from "./commands/index.js";
import { EXIT, exitCodeOfError } from "./exit-codes.js";
import { invocationOf, withGlobalFlags, type GlobalFlags } from "./globals.js";
import { knownError } from "./known-errors.js";
import { requireFormats } from "./results.js";
import { errorText } from "./terminal.js";
import { VERSION } from "./version.js";

/**
 * Runs one command line and gives its exit code; every failure ends here as one message with the cure.
 * @param argv words after the program name
 */
export async function runCli(argv: readonly string[]): Promise<number> {
  const abort = new AbortController();
  const stop = (): void => {
    if (abort.signal.aborted) process.exit(EXIT.interrupted);
    abort.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  try {
    const chosen = await parse(argv);
    if (chosen === null) return EXIT.ok;
    const invocation = invocationOf(chosen.flags, argv, abort.signal);
    // Wrong pairs of --format and --output, and formats that the command cannot give, are told before the work, not after it.
    const { formats, words } = chosen.command;
    if (formats !== null) requireFormats(invocation, words.split(" ")[0] ?? "", formats);
    return await chosen.command.run(chosen.flags, invocation);
  } catch (error) {
    return failed(error, argv);
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}

function failed(thrown: unknown, argv: readonly string[]): number {
  const error = knownError(thrown);
  const code = exitCodeOfError(error);
  const json = argv.includes("--json-logs");
  process.stderr.write(json ? `${JSON.stringify(errorLine(error, code))}\n` : errorText(error, process.stderr.isTTY));
  const unexpected = error instanceof Error && !(error instanceof PhotodriftError) && code === EXIT.failed;
  if (unexpected && argv.includes("--verbose")) process.stderr.write(`${error.stack ?? ""}\n`);
  return code;
}

function errorLine(error: unknown, exitCode: number): object {
  const message = error instanceof Error ? error.message : String(error);
  const known = error instanceof PhotodriftError ? { code: error.code, hint: error.hint } : {};
  return { level: "error", time: new Date().toISOString(), message, ...known, exitCode };
}

interface Chosen {
  readonly command: Command;
  readonly flags: GlobalFlags;
}

/** Parses the words; null when help or the version was printed. Throws PhotodriftError (usage). */
async function parse(argv: readonly string[]): Promise<Chosen | null> {
  let chosen: Chosen | null = null;
  const cli = withGlobalFlags(yargs([...argv]))
    .scriptName("photodrift")
    .usage(
      "$0 <command>\n\nTells for every user of a Microsoft 365 tenant whether the profile photo is right, and puts right only what is wrong.",
    );
  for (const command of COMMANDS) {
    cli.command(
      command.words,
      command.title,
      (builder: Argv) => command.flags(builder),
      (flags) => {
        chosen = { command, flags: flags as unknown as GlobalFlags };
      },
    );
  }
  await cli
    .demandCommand(1, "Say which command.")
    .strict()
    .version(VERSION)
    .help()
    .alias("help", "h")
    .wrap(Math.min(110, process.stdout.columns ?? 100))
    .epilogue("Exit codes: 0 in sync, 1 error, 2 drift, 3 refused, 4 incomplete, 64 wrong usage, 130 interrupted.")
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message: string | null, error: Error | undefined) => {
      throw error === undefined || error.name === "YError" ? wrongUsage(message ?? error?.message ?? "", argv) : error;
    })
    .parse();
  return chosen;
}

const FIRST_WORDS = COMMANDS.map(({ words }) => words.split(" ")[0] ?? "");

/** What yargs has to say, in words for people; the cure names the nearest command or the help to read. */
function wrongUsage(message: string, argv: readonly string[]): PhotodriftError {
  const word = argv.find((given) => !given.startsWith("-")) ?? "";
  const command = COMMANDS.find((known) => known.words.split(" ")[0] === word);
  if (command === undefined) {
    const near = word === "" ? null : nearMiss(word, FIRST_WORDS);
    const isCommand = word !== "" && /^Unknown (?:argument|command)/.test(message);
    return new PhotodriftError(
      "usage",
      isCommand ? `There is no command "${word}".` : oneLine(message),
      near === null ? "`photodrift --help` lists the commands." : `Did you mean "${near}"?`,
      "usage",
    );
  }
  const missing = /^Not enough non-option arguments/.test(message);
  return new PhotodriftError(
    "usage",
    missing ? `Something is missing: photodrift ${command.words}` : `${word}: ${oneLine(message)}`,
    `\`photodrift ${word} --help\` tells what it takes.`,
    "usage",
  );
}

function oneLine(message: string): string {
  return message.replace(/\s*\n\s*/g, " ").trim();
}
