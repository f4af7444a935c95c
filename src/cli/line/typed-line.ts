import { PhotodriftError } from "../../model/errors.js";
import { beginsAtHome } from "../../model/shell.js";
import { COMMANDS, type Command } from "../commands/index.js";
import { knownFlags, nameOf, positionalsOf } from "./command-line.js";
import type { KnownFlag, KnownFlags, TypedFlag, TypedLine } from "./flags.js";
import {
  emptyWord,
  hiddenFlag,
  loneHyphen,
  noValue,
  strayValue,
  shellsHome,
  twice,
  unknownCommand,
  unknownFlag,
} from "./wrong-usage.js";

/**
 * Reads what was typed, by the flags that its command declares; null where help, the version or completions are asked for. The one reader of
 * flags: yargs, which has other rules for each spelling and lets some of them fall, is given the result in one spelling (see spelledOut).
 * Throws PhotodriftError (usage).
 */
export async function readLine(argv: readonly string[]): Promise<TypedLine | null> {
  if (asksForHelp(argv)) return null;
  const known = await knownFlags(null);
  const { command, word } = commandOf(argv, known);
  if (command === null) {
    if (word !== null) throw unknownCommand(word);
    return lexed(argv, known, null);
  }
  const all = await knownFlags(nameOf(command));
  const line = withoutEchoes(lexed(argv, all, command), all);
  refuseTwice(line, all, command);
  refuseHome(line);
  return line;
}

/**
 * Global flags as they were set, in any spelling, of a line that may be wrong otherwise: its error is told as it was asked for. A switch is `true`
 * or `false`, of others the last value stays. What cannot be read is passed over.
 */
export async function globalFlags(argv: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const known = await knownFlags(null);
  const set = new Map<string, string>();
  const end = argv.indexOf("--");
  const words = end < 0 ? argv : argv.slice(0, end);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (!looksLikeFlag(word)) continue;
    const { flags, tookNext } = readLeniently(word, { known, command: null, next: words[at + 1] });
    for (const { name, value } of flags) set.set(name, value);
    if (tookNext) at++;
  }
  return set;
}

function readLeniently(word: string, reader: Reader): Reading {
  try {
    return word.startsWith("--") ? readLong(word, reader) : readShort(word, reader);
  } catch (error) {
    if (!(error instanceof PhotodriftError)) throw error;
    return { flags: [], tookNext: false };
  }
}

/** The words for yargs. A value stands by itself, where yargs takes no quotes off it, unless it looks like a flag. */
export function spelledOut({ words, flags }: TypedLine): readonly string[] {
  const spelled = flags.flatMap(({ name, value }) =>
    /^-|^(true|false)$/.test(value) ? [`--${name}=${value}`] : [`--${name}`, value],
  );
  return [...words, ...spelled];
}

const HELP = ["--help", "-h", "--version"];

function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  const flags = end < 0 ? argv : argv.slice(0, end);
  return (
    argv.some((word) => word.startsWith("--get-yargs-completions")) ||
    flags.some((word) => HELP.includes(word)) ||
    flags.at(-1) === "help"
  );
}

/** The command is the first word that is one. Flags may stand before it; a global one has its value there, and of others nobody knows yet. */
function commandOf(
  argv: readonly string[],
  known: KnownFlags,
): { readonly command: Command | null; readonly word: string | null } {
  let first: string | null = null;
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    const command = COMMANDS.find((one) => nameOf(one) === word);
    if (command !== undefined) return { command, word };
    if (looksLikeFlag(word)) {
      const name = /^(?:--([^=]+)|-[^=]*([^=]))$/.exec(word);
      const flag = find(known, name?.[1] ?? name?.[2] ?? "");
      if (flag !== undefined && flag.kind !== "switch") at++;
    } else if (word !== "") first ??= word;
  }
  return { command: null, word: first };
}

function find(known: KnownFlags, name: string): KnownFlag | undefined {
  // yargs takes `--failOn` for `--fail-on`, and so did every line that was written until now.
  return known.get(name) ?? known.get(name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
}

/** What one word says of flags, and whether it used the word after it as a value. */
interface Reading {
  readonly flags: readonly TypedFlag[];
  readonly tookNext: boolean;
}

function lexed(argv: readonly string[], known: KnownFlags, command: Command | null): TypedLine {
  const words: string[] = [];
  const flags: TypedFlag[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    if (word === "--") {
      words.push(...wordsAfterDashes(argv.slice(at + 1), command));
      break;
    }
    if (!looksLikeFlag(word)) {
      requireMeaning(word, command);
      words.push(word);
      continue;
    }
    const reader: Reader = { known, command, next: argv[at + 1] };
    const { flags: read, tookNext } = word.startsWith("--") ? readLong(word, reader) : readShort(word, reader);
    flags.push(...read);
    if (tookNext) at++;
  }
  return { words, flags };
}

function looksLikeFlag(word: string): boolean {
  return /^-./s.test(word) && !/^-\d+(\.\d+)?$/.test(word);
}

/** Words that are no flags whatever they look like; yargs cannot be given one that looks like a flag. */
function wordsAfterDashes(words: readonly string[], command: Command | null): readonly string[] {
  const hidden = words.find(looksLikeFlag);
  if (hidden !== undefined) throw hiddenFlag(hidden);
  for (const word of words) requireMeaning(word, command);
  return words;
}

/** yargs makes an empty word of a lone hyphen, and an empty word names the newest run, or this folder. */
function requireMeaning(word: string, command: Command | null): void {
  if (word === "") throw emptyWord(command);
  if (word === "-") throw loneHyphen(command);
}

interface Reader {
  readonly known: KnownFlags;
  readonly command: Command | null;
  /** The word after the one that is read. */
  readonly next: string | undefined;
}

function readLong(word: string, reader: Reader): Reading {
  const [, typed = "", , value] = /^--([^=]*)(=(.*))?$/s.exec(word) ?? [];
  const flag = find(reader.known, typed);
  if (flag !== undefined) return readFlag(flag, `--${typed}`, value, reader);
  const negated = typed.startsWith("no-") ? find(reader.known, typed.slice(3)) : undefined;
  if (negated?.kind !== "switch") throw unknownFlag(reader.command, `--${typed}`, reader.known);
  if (value !== undefined) throw strayValue(`--${typed}`, value);
  return { flags: [{ name: negated.name, value: "false" }], tookNext: false };
}

/** `-q`, `-qv`, `-qf json`, `-qf=json`, `-qfjson`: the first letter that takes a value takes the rest of the word for it. */
function readShort(word: string, reader: Reader): Reading {
  const flags: TypedFlag[] = [];
  const letters = Array.from(word.slice(1));
  for (const [at, letter] of letters.entries()) {
    const flag = reader.known.get(letter);
    if (flag === undefined || letter === "-")
      throw unknownFlag(reader.command, at === 0 ? word : `-${letter}`, reader.known);
    const rest = letters.slice(at + 1).join("");
    if (flag.kind !== "switch" || rest === "" || rest.startsWith("=")) {
      const value = rest === "" ? undefined : rest.replace(/^=/, "");
      const last = readFlag(flag, `-${letter}`, value, reader);
      return { flags: [...flags, ...last.flags], tookNext: last.tookNext };
    }
    flags.push({ name: flag.name, value: "true" });
  }
  return { flags, tookNext: false };
}

/** @param value behind an equals sign, undefined where there was none */
function readFlag(flag: KnownFlag, typed: string, value: string | undefined, { command, next }: Reader): Reading {
  const isWritten = value !== undefined;
  if (flag.kind === "switch") {
    const tookNext = !isWritten && (next === "true" || next === "false");
    const told = tookNext ? next : (value ?? "true");
    if (told !== "true" && told !== "false") throw strayValue(typed, told);
    return { flags: [{ name: flag.name, value: told }], tookNext };
  }
  const told = isWritten ? value : next !== undefined && !looksLikeFlag(next) ? next : "";
  if (told === "") throw noValue(command, typed);
  return { flags: [{ name: flag.name, value: told }], tookNext: !isWritten };
}

/** A switch that is set twice the same way is set: scripts add `--quiet` to what they are given. */
function withoutEchoes({ words, flags }: TypedLine, known: KnownFlags): TypedLine {
  const isEcho = ({ name, value }: TypedFlag, at: number): boolean =>
    known.get(name)?.kind === "switch" && flags.slice(0, at).some((one) => one.name === name && one.value === value);
  return { words, flags: flags.filter((flag, at) => !isEcho(flag, at)) };
}

/** Of two values yargs makes a list, which no command expects, and of two switches that contradict each other it drops one. */
function refuseTwice({ words, flags }: TypedLine, known: KnownFlags, command: Command): void {
  const given = new Set<string>();
  const positionals = positionalsOf(command).slice(0, words.length - 1);
  for (const { name } of flags) {
    if (known.get(name)?.kind === "list") continue;
    if (given.has(name) || positionals.includes(name)) throw twice(name);
    given.add(name);
  }
}

/** Shells put the home in place of ~ only where a word begins with it: not in --flag=~/x, nor in quotes. A folder named ~ would be made. */
function refuseHome({ words, flags }: TypedLine): void {
  for (const { name, value } of flags) if (beginsAtHome(value)) throw shellsHome(`--${name}`, value);
  for (const word of words) if (beginsAtHome(word)) throw shellsHome(null, word);
}
