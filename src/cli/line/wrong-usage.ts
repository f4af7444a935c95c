import { nearMiss } from "../../model/near-miss.js";
import { PhotodriftError } from "../../model/errors.js";
import { COMMANDS } from "../commands/index.js";
import { COMMAND_NAMES, flagsOf, nameOf } from "./command-line.js";

/** What yargs has to say, in words for people; the cure names the nearest command or flag, or the help to read. */
export async function wrongUsage(message: string, argv: readonly string[]): Promise<PhotodriftError> {
  const word = argv.find((given) => !given.startsWith("-")) ?? "";
  const command = COMMANDS.find((known) => nameOf(known) === word);
  if (command === undefined) {
    const [flag] = word === "" ? argv : [];
    return flag === undefined ? unknownCommand(message, word) : unknownFlag(flag);
  }
  const help = `\`photodrift ${word} --help\` tells what it takes.`;
  const empty = /^Not enough arguments following: (.*)$/s.exec(message)?.[1];
  if (empty !== undefined) return usage(`${empty.length > 1 ? "--" : "-"}${empty} needs a value.`, help);
  const choice = /Argument: ([\w-]+), Given: "(.*?)", Choices: (.*)$/m.exec(message);
  if (choice !== null) return wrongChoice(choice[1] ?? "", choice[2] ?? "", choice[3] ?? "");
  if (/^Not enough non-option arguments/.test(message)) {
    return usage(`Something is missing: photodrift ${command.words}`, help);
  }
  return (await unknownWord(message, argv, word, help)) ?? usage(`${word}: ${oneLine(message)}`, help);
}

/** A flag or word that the command does not know; null where the message is about something else. */
async function unknownWord(
  message: string,
  argv: readonly string[],
  command: string,
  help: string,
): Promise<PhotodriftError | null> {
  const unknown = /^Unknown arguments?: (.*)$/s.exec(message)?.[1]?.split(", ") ?? [];
  const flag = unknown.find((name) => argv.some((given) => given === `--${name}` || given.startsWith(`--${name}=`)));
  if (flag !== undefined) {
    const near = nearMiss(flag, await flagsOf(command));
    return usage(`${command} has no flag --${flag}.`, near === null ? help : `Did you mean --${near}?`);
  }
  const extra = unknown.find((name) => argv.includes(name));
  if (extra !== undefined) return usage(`${command} does not know what to do with "${extra}".`, help);
  return unknown.length === 0 ? null : usage(`${command}: Unknown argument: ${unknown[0] ?? ""}`, help);
}

function wrongChoice(flag: string, given: string, listed: string): PhotodriftError {
  const choices = [...listed.matchAll(/"([^"]*)"/g)].map(([, choice]) => choice ?? "");
  const near = nearMiss(given, choices);
  const known = `--${flag} takes ${choices.join(", ")}.`;
  return usage(`--${flag} does not take "${given}".`, near === null ? known : `Did you mean "${near}"? ${known}`);
}

async function unknownFlag(given: string): Promise<PhotodriftError> {
  const near = nearMiss(given, await flagsOf(null));
  return usage(
    `There is no flag ${given}.`,
    near === null ? "`photodrift --help` lists the flags." : `Did you mean --${near}?`,
  );
}

function unknownCommand(message: string, word: string): PhotodriftError {
  const near = word === "" ? null : nearMiss(word, COMMAND_NAMES);
  const isCommand = word !== "" && /^Unknown (?:argument|command)/.test(message);
  return usage(
    isCommand ? `There is no command "${word}".` : oneLine(message),
    near === null ? "`photodrift --help` lists the commands." : `Did you mean "${near}"?`,
  );
}

function usage(message: string, hint: string): PhotodriftError {
  return new PhotodriftError("usage", message, hint, "usage");
}

function oneLine(message: string): string {
  return message.replace(/\s*\n\s*/g, " ").trim();
}
