import { relative } from "node:path";
import { commandLine, shellWord } from "../../model/shell.js";

/** A command for people to type from the folder they are in: with --config where that is not the usual file there. */
export function withConfig(configPath: string, ...words: readonly string[]): string {
  const shown = relative(".", configPath);
  const config = shown === "photodrift.yaml" ? [] : ["--config", shown];
  return commandLine(...words, ...config) ?? ["photodrift", ...words, "--config", "FILE"].join(" ");
}

/** A file's path from the folder that people are in, as a word to type. */
export function pathToType(path: string): string {
  const shown = relative(".", path);
  return shellWord(shown) ?? shown;
}
