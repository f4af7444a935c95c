import yargs, { type Argv } from "yargs";
import { COMMANDS, type Command, type LoadedCommand } from "../commands/index.js";
import { EXAMPLES } from "./examples.js";
import { withGlobalFlags, type GlobalFlags } from "./globals.js";
import { VERSION } from "./version.js";

export interface Chosen {
  readonly command: Command & LoadedCommand;
  readonly flags: GlobalFlags;
}

const EXIT_CODES = "Exit codes: 0 in sync, 1 error, 2 drift, 3 refused, 4 incomplete, 64 wrong usage, 130 interrupted.";

/**
 * The whole command line, one home for parsing, help, completion and the manual.
 * @param width columns of help texts @param choose is told what was chosen; not called for help, version and completion
 */
export function commandLine(argv: readonly string[], width: number, choose: (chosen: Chosen) => void): Argv {
  // Its own words in the language of ours, whatever the machine's: half a help in each, and messages that nobody here knows again.
  const cli = withGlobalFlags(yargs([...argv]).locale("en"))
    .scriptName("photodrift")
    .usage(
      "$0 <command>\n\nTells for every user of a Microsoft 365 tenant whether the profile photo is right, and puts right only what is wrong.",
    );
  for (const command of COMMANDS) {
    let rest: LoadedCommand | null = null;
    cli.command(
      command.words,
      command.title,
      async (builder: Argv) => {
        rest = await command.load();
        return withExamples(withValues(rest.flags(builder), command), nameOf(command));
      },
      (flags) => {
        if (rest !== null) choose({ command: { ...command, ...rest }, flags: flags as unknown as GlobalFlags });
      },
    );
  }
  return cli
    .demandCommand(1, "Say which command.")
    .strict()
    .version(VERSION)
    .help()
    .alias("help", "h")
    .wrap(width)
    .epilogue(EXIT_CODES)
    .exitProcess(false)
    .showHelpOnFail(false);
}

/** A flag that takes a value has one: without, yargs would quietly take the default for it. */
function withValues(builder: Argv, { words }: Command): Argv {
  // Not among the published types; what `option` and `positional` have declared so far.
  const { string, number, array } = (builder as Argv & { getOptions(): DeclaredOptions }).getOptions();
  const positionals = [...words.matchAll(/[<[]([\w-]+)/g)].map(([, name]) => name);
  return builder.requiresArg([...string, ...number].filter((name) => ![...array, ...positionals].includes(name)));
}

interface DeclaredOptions {
  readonly string: readonly string[];
  readonly number: readonly string[];
  readonly array: readonly string[];
}

function withExamples(builder: Argv, name: string): Argv {
  const given = EXAMPLES[name];
  if (given === undefined) return builder;
  for (const [line, what] of given.lines) builder.example(line, what);
  return builder.epilogue(`Next: ${given.next}`);
}

/** First word of a command. */
export function nameOf({ words }: Pick<Command, "words">): string {
  return words.split(" ")[0] ?? "";
}

export const COMMAND_NAMES: readonly string[] = COMMANDS.map(nameOf);

/** Help text of one command, or of the program. */
export async function helpOf(name: string | null, width: number): Promise<string> {
  return await commandLine(name === null ? [] : [name], width, () => undefined).getHelp();
}

/** Long names of the flags that a command knows, the global ones included; null: those of the program. */
export async function flagsOf(name: string | null): Promise<readonly string[]> {
  const help = await helpOf(name, 200);
  return [...new Set([...help.matchAll(/--([a-z][a-z-]*)/g)].map(([, flag]) => flag ?? ""))];
}
