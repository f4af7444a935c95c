import { withoutImageExtension } from "../model/image-name.js";
import { foldVariants, spell, spellLetters } from "./fold.js";

/** Files of the source folder, found by what a pattern makes of a user. Holds one entry for each folded spelling of a name. */
export interface FileIndex {
  /** Files whose name folds like `name` does, as positions in `files`. */
  fitting(name: string, depth: number): readonly number[];
  /** How near a fitting file is to `name`: one of SPELLED, LETTERS, FOLDED. */
  nearness(file: number, name: string, depth: number): number;
}

/** Spelled alike but for case and Unicode form. */
export const SPELLED = 0;
/** The same letters with their accents, other separators. */
export const LETTERS = 1;
/** Equal only after folding. */
export const FOLDED = 2;

const NONE: readonly number[] = [];

/**
 * @param files paths relative to the source folder, forward slashes
 * @param depths numbers of trailing path segments that patterns cover
 */
export function indexFiles(files: readonly string[], depths: Iterable<number>): FileIndex {
  const byDepth = new Map<number, Map<string, number | number[]>>();
  for (const depth of depths) if (!byDepth.has(depth)) byDepth.set(depth, indexAt(files, depth));
  return {
    fitting(name, depth) {
      const keys = byDepth.get(depth);
      if (keys === undefined) return NONE;
      const [first, ...others] = foldVariants(name);
      if (first === undefined) return NONE;
      const found = positions(keys.get(first));
      if (others.length === 0) return found;
      return [...new Set([found, ...others.map((variant) => positions(keys.get(variant)))].flat())];
    },
    nearness(file, name, depth) {
      const there = nameAt(files[file] ?? "", depth) ?? "";
      if (spell(there) === spell(name)) return SPELLED;
      return spellLetters(there) === spellLetters(name) ? LETTERS : FOLDED;
    },
  };
}

/** The last `depth` segments of a path without the extension, or null when the path is not that deep. */
export function nameAt(file: string, depth: number): string | null {
  let from = file.length;
  for (let i = 0; i < depth; i++) {
    if (from < 0) return null;
    from = file.lastIndexOf("/", from - 1);
    if (from < 0 && i < depth - 1) return null;
  }
  return withoutImageExtension(file.slice(from + 1));
}

function indexAt(files: readonly string[], depth: number): Map<string, number | number[]> {
  const keys = new Map<string, number | number[]>();
  files.forEach((file, position) => {
    const name = nameAt(file, depth);
    for (const key of name === null ? [] : foldVariants(name)) {
      const there = keys.get(key);
      if (there === undefined) keys.set(key, position);
      else if (typeof there === "number") keys.set(key, [there, position]);
      else there.push(position);
    }
  });
  return keys;
}

function positions(entry: number | number[] | undefined): readonly number[] {
  return entry === undefined ? NONE : typeof entry === "number" ? [entry] : entry;
}
