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

/** --config, where another than the one that is taken anyway is meant. @param config as it is to be typed */
export function configFlag(config: string): readonly string[] {
  return resolve(config) === resolve(DEFAULT_CONFIG) ? [] : ["--config", config];
}

/** A file's path from the folder that people are in, as a word to type. */
export function pathToType(path: string): string {
  const shown = relative(".", path);
  return shellWord(shown) ?? shown;
}
