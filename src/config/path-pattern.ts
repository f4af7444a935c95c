import { readdirSync, statSync } from "node:fs";
import { dirname, join, parse } from "node:path";
import { byText } from "../model/ids.js";

/**
 * Files that fit a path in whose parts `*` stands for any text and `?` for one character, sorted. Hidden names need a dot in the pattern.
 * Folders that cannot be read hold no files.
 * @param pattern absolute
 */
export function matchingFiles(pattern: string): readonly string[] {
  return matching(pattern)
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
    .sort(byText);
}

function matching(pattern: string): readonly string[] {
  if (!/[*?]/.test(pattern)) return [pattern];
  const { base } = parse(pattern);
  const folders = matching(dirname(pattern));
  if (!/[*?]/.test(base)) return folders.map((folder) => join(folder, base));
  const fits = new RegExp(
    `^${base
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "u",
  );
  return folders.flatMap((folder) =>
    namesIn(folder)
      .filter((name) => fits.test(name) && (!name.startsWith(".") || base.startsWith(".")))
      .map((name) => join(folder, name)),
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
