import { dirname, isAbsolute, relative, resolve, win32 } from "node:path";

/**
 * A path that was typed on the command line, which starts at the folder that people are in, as it is to stand in a file, whose paths start at the
 * file's own folder. One of another system stays as it is.
 */
export function pathInFile(typed: string, file: string): string {
  const folder = dirname(resolve(file));
  if (isAbsolute(typed) || win32.isAbsolute(typed) || folder === resolve(".") || typed.trim() === "") return typed;
  const way = relative(folder, resolve(typed)).replaceAll("\\", "/");
  return /^\.\.?(?:\/|$)/.test(way) || isAbsolute(way) ? way : `./${way}`;
}
