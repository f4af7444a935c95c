import yargs, { type Argv } from "yargs";
import { REPORT_FORMATS } from "../../model/formats.js";
import { COMMANDS, type Command, type LoadedCommand } from "../commands/index.js";
import { EXAMPLES } from "./examples.js";
import { withGlobalFlags, type GlobalFlags } from "./globals.js";
import type { KnownFlag, KnownFlags } from "./flags.js";
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
  const cli = withCommonFlags(argv)
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
        const whole = withExamples(rest.flags(builder), nameOf(command));
        return argv.includes(COMPLETING) ? withValues(whole, command, rest) : whole;
      },
      (flags) => {
        if (rest !== null) choose({ command: { ...command, ...rest }, flags: flags as unknown as GlobalFlags });
      },
    );
  }
  return cli
    .demandCommand(1, "Say which command.")
    .strict()
    .wrap(width)
    .epilogue(EXIT_CODES)
    .exitProcess(false)
    .showHelpOnFail(false);
}

/** By which the scripts of `completion` ask yargs. */
const COMPLETING = "--get-yargs-completions";

/** Only where a shell completes: what yargs says of a wrong value is less than the commands say, and names all values in every help. */
function withValues(builder: Argv, { formats }: Command, { values }: LoadedCommand): Argv {
  for (const [name, known] of Object.entries({ format: formats ?? REPORT_FORMATS, ...values })) {
    builder.choices(name, known);
  }
  return builder;
}

function withExamples(builder: Argv, name: string): Argv {
  const given = EXAMPLES[name];
  if (given === undefined) return builder;
  for (const [line, what] of given.lines) builder.example(line, what);
  return builder.epilogue(`Next: ${given.next}`);
}

function withCommonFlags(argv: readonly string[]) {
  // Its own words in the language of ours, whatever the machine's: half a help in each, and messages that nobody here knows again.
  return withGlobalFlags(yargs([...argv]).locale("en"))
    .version(VERSION)
    .help()
    .alias("help", "h");
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

/** What yargs was told of options and positionals; not among its published types. */
interface Declared {
  readonly key: Readonly<Record<string, unknown>>;
  readonly alias: Readonly<Record<string, readonly string[]>>;
  readonly boolean: readonly string[];
  readonly array: readonly string[];
  readonly default: Readonly<Record<string, unknown>>;
}

/** The flags that a command declares, the global ones included; null: those of the program. */
export async function knownFlags(name: string | null): Promise<KnownFlags> {
  const command = COMMANDS.find((one) => nameOf(one) === name);
  const common = withCommonFlags([]);
  const builder = command === undefined ? common : (await command.load()).flags(common);
  const { key, alias, boolean, array, default: defaults } = (builder as Argv & { getOptions(): Declared }).getOptions();
  const words = command === undefined ? [] : positionalsOf(command);
  const letters = new Set(Object.values(alias).flat());
  const known = new Map<string, KnownFlag>();
  for (const long of Object.keys(key).filter((one) => !letters.has(one))) {
    const kind = boolean.includes(long) ? "switch" : array.includes(long) ? "list" : "value";
    const flag: KnownFlag = { name: long, kind, isOn: defaults[long] === true, isPositional: words.includes(long) };
    for (const spelling of [long, ...(alias[long] ?? [])]) known.set(spelling, flag);
  }
  return known;
}

/** Names of a command's positionals, in their order. */
export function positionalsOf({ words }: Pick<Command, "words">): readonly string[] {
  return [...words.matchAll(/[<[]([\w-]+)/g)].map(([, name]) => name ?? "");
}

/** Long names of the flags that a command knows, the global ones included; null: those of the program. */
export async function flagsOf(name: string | null): Promise<readonly string[]> {
  const flags = [...(await knownFlags(name)).values()].filter(({ isPositional }) => !isPositional);
  return [...new Set(flags.map((flag) => flag.name))];
}
