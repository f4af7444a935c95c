import { nearMiss } from "../../model/near-miss.js";
import { PhotodriftError } from "../../model/errors.js";
import { COMMANDS, type Command } from "../commands/index.js";
import { COMMAND_NAMES, nameOf } from "./command-line.js";
import type { KnownFlags } from "./flags.js";
import { formatNamed } from "./unknown-name.js";

/** What yargs has to say of the words, in words for people; the cure names the nearest command, or the help to read. */
export function wrongUsage(message: string, [word = ""]: readonly string[]): PhotodriftError {
  const command = COMMANDS.find((known) => nameOf(known) === word);
  if (command === undefined) return usage(oneLine(message), HELP);
  const choice = /Argument: ([\w-]+), Given: "(.*?)", Choices: (.*)$/m.exec(message);
  if (choice !== null) return wrongChoice(choice[1] ?? "", choice[2] ?? "", choice[3] ?? "");
  if (/^Not enough non-option arguments/.test(message)) {
    return refused(command, `Something is missing: photodrift ${command.words}`);
  }
  const [extra] = /^Unknown arguments?: (.*)$/s.exec(message)?.[1]?.split(", ") ?? [];
  if (extra !== undefined) {
    const message = `${word} does not know what to do with "${extra}".`;
    const format = formatNamed(extra);
    return format === null ? refused(command, message) : usage(message, format);
  }
  return refused(command, `${word}: ${oneLine(message)}`);
}

/** The cure names the nearest flag, or the help to read. @param near a flag without its hyphens */
function refused(command: Command | null, message: string, near: string | null = null): PhotodriftError {
  const all = "`photodrift --help` lists the flags.";
  const own = `\`photodrift ${command === null ? "" : nameOf(command)} --help\` tells what it takes.`;
  const cure = near !== null ? `Did you mean --${near}?` : command === null ? all : own;
  return new PhotodriftError("usage", message, cure, "usage");
}

const HELP = "`photodrift --help` lists the commands.";

export function unknownCommand(word: string): PhotodriftError {
  const near = nearMiss(word, COMMAND_NAMES);
  return usage(`There is no command "${word}".`, near === null ? HELP : `Did you mean "${near}"?`);
}

/** @param typed with its hyphens */
export function unknownFlag(command: Command | null, typed: string, known: KnownFlags): PhotodriftError {
  const flags = [...known.values()];
  const names = [...flags.map(({ name }) => name), ...flags.filter(({ isOn }) => isOn).map(({ name }) => `no-${name}`)];
  const near = nearMiss(typed, names);
  if (command === null) return refused(command, `There is no flag ${typed}.`, near);
  return refused(command, `${nameOf(command)} has no flag ${typed}.`, near);
}

export function noValue(command: Command | null, typed: string): PhotodriftError {
  return refused(command, `${typed} needs a value.`);
}

/** For a switch, which is on where it stands. */
export function strayValue(typed: string, value: string): PhotodriftError {
  const off = typed.startsWith("--no-") ? "" : `, and ${typed}=false turns it off`;
  return usage(`${typed} does not take "${value}".`, `It needs no value${off}.`);
}

export function twice(name: string): PhotodriftError {
  return usage(`--${name} is given twice.`, "Give it once: which of the two counts nobody can tell.");
}

/** For a path with a ~ that the shell left as it stands. @param flag null for a word without one */
export function shellsHome(flag: string | null, path: string): PhotodriftError {
  const apart = flag === null ? path : `${flag} ${path}`;
  return usage(
    `${flag === null ? "" : `${flag}: `}nobody but a shell knows ~, and yours left "${path}" as it stands.`,
    `Type it apart and without quotes: ${apart}`,
  );
}

/** For words behind `--` that would be flags before it. */
export function hiddenFlag(word: string): PhotodriftError {
  return usage(
    `"${word}" stands behind --, where it is no flag.`,
    "Put flags before the --; a file of such a name is written ./-name.",
  );
}

export function emptyWord(command: Command | null): PhotodriftError {
  const whose = command === null ? "photodrift" : nameOf(command);
  return usage(
    `${whose} does not know what to do with an empty word.`,
    "Set the variable that it came from, or leave it away.",
  );
}

export function loneHyphen(command: Command | null): PhotodriftError {
  const whose = command === null ? "photodrift" : nameOf(command);
  return usage(
    `${whose} does not know what to do with "-".`,
    "Name what is meant: standard input is not read. A file of that name is written ./-.",
  );
}

function wrongChoice(flag: string, given: string, listed: string): PhotodriftError {
  const choices = [...listed.matchAll(/"([^"]*)"/g)].map(([, choice]) => choice ?? "");
  const near = nearMiss(given, choices);
  const known = `--${flag} takes ${choices.join(", ")}.`;
  return usage(`--${flag} does not take "${given}".`, near === null ? known : `Did you mean "${near}"? ${known}`);
}

function usage(message: string, hint: string): PhotodriftError {
  return new PhotodriftError("usage", message, hint, "usage");
}

function oneLine(message: string): string {
  return message.replace(/\s*\n\s*/g, " ").trim();
}
