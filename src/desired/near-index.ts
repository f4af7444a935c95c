import type { DirectoryUser } from "../model/user.js";
import { indexDeletions } from "./deletions.js";
import { foldVariants } from "./fold.js";

/** Names by what near ones share with them: all but one character, a word, or a pair of words. */
export interface NearIndex<T> {
  /** Targets that may be a few edits from a name: they share it but for one character, or one of its words. */
  near(name: string): ReadonlySet<T>;
  /** Targets that hold both words of a pair (see `pairOf`). */
  sharing(pair: string): readonly T[];
}

/** A word that more names share than this says nothing about one of them. */
const MAX_SHARED = 50;
const MAX_WORDS = 6;

/** @param targets with their folded names */
export function indexNames<T extends { readonly name: string }>(targets: readonly T[]): NearIndex<T> {
  const deletions = indexDeletions(targets.map((target) => target.name));
  const words = new Map<string, T[]>();
  const pairs = new Map<string, T[]>();
  for (const target of targets) {
    const mine = wordsOf(target.name);
    for (const word of mine) add(words, word, target);
    for (const a of mine) for (const b of mine) if (a < b) add(pairs, `${a} ${b}`, target);
  }
  return {
    near(name) {
      const found = new Set(deletions.near(name).flatMap((position) => targets[position] ?? []));
      for (const word of wordsOf(name)) {
        const sharing = words.get(word) ?? [];
        if (sharing.length <= MAX_SHARED) for (const target of sharing) found.add(target);
      }
      return found;
    },
    sharing: (pair) => pairs.get(pair) ?? [],
  };
}

export function pairOf(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

/** Typing errors that a name bears: a short one with two errors is another name, a UPN bears three (`.com` for `.de`). */
export function allowedEdits(name: string): number {
  return name.length < 4 ? 0 : name.length < 8 ? 1 : name.length < 16 ? 2 : 3;
}

export function wordsOf(name: string): readonly string[] {
  return [...new Set(name.split(" "))].slice(0, MAX_WORDS);
}

function add<T>(index: Map<string, T[]>, key: string, target: T): void {
  const there = index.get(key);
  if (there === undefined) index.set(key, [target]);
  else if (there[there.length - 1] !== target) there.push(target);
}

/** Distances in edits of signs that are no spelling: the same words, and an initial with the surname. */
const SAME_WORDS = 1.5;
export const INITIAL = 2.5;

/** First and last name as words of a file name among others, and the initial with the last name. */
export function pairsOf(
  user: DirectoryUser,
): readonly { readonly pair: string; readonly because: string; readonly distance: number }[] {
  return foldVariants(user.surname ?? "").flatMap((surname) =>
    foldVariants(user.givenName ?? "").flatMap((given) => {
      const first = given.split(" ")[0] ?? "";
      const last = surname.split(" ").at(-1) ?? "";
      const initial = Array.from(first)[0] ?? "";
      return [
        { pair: pairOf(first, last), because: `has the words "${first}" and "${last}"`, distance: SAME_WORDS },
        { pair: pairOf(initial, last), because: `initial "${initial}" and surname "${last}"`, distance: INITIAL },
      ];
    }),
  );
}
