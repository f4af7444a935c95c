import { relative, resolve } from "node:path";
import { commandLine, shellWord } from "../../model/shell.js";
import { DEFAULT_CONFIG } from "./globals.js";

/** A command for people to type from the folder they are in: with --config where that is not the file that is taken anyway. */
export function withConfig(configPath: string, ...words: readonly string[]): string {
  return (
    commandLine(...words, ...configFlag(relative(".", configPath))) ??
    ["photodrift", ...words, "--config", "FILE"].join(" ")
  );
}

/** Commands that work by a configuration. `schedule` and `fleet` take theirs from files of their own. */
export const CONFIGURED_COMMANDS = [
  "audit",
  "apply",
  "undo",
  "explain",
  "report",
  "runs",
  "masters",
  "accept",
  "decide",
  "export",
  "setup",
  "doctor",
  "init",
] as const;

const NAMED_COMMAND = new RegExp(
  `\\bphotodrift (?:${CONFIGURED_COMMANDS.join("|")})(?![\\w-])(?! --(?:help|schema)\\b)(?![^\`\\n]* --config\\b)`,
  "g",
);

/**
 * A sentence with commands to type, such as the cure of an error that knows of no configuration: each command gets the --config of the one that
 * was typed, where that is not the file that is taken anyway.
 * @param config as it was typed
 */
export function cureToType(cure: string, config: string): string {
  const [flag, file] = configFlag(config);
  if (flag === undefined || file === undefined) return cure;
  return cure.replace(NAMED_COMMAND, (command) => `${command} ${flag} ${shellWord(file) ?? "FILE"}`);
}

/** --config, where another than the one that is taken anyway is meant. @param config as it is to be typed */
export function configFlag(config: string): readonly string[] {
  return resolve(config) === resolve(DEFAULT_CONFIG) ? [] : ["--config", config];
}

/** A file's path from the folder that people are in, as a word to type. */
export function pathToType(path: string): string {
  const shown = relative(".", path);
  return shellWord(shown) ?? shown;
}
