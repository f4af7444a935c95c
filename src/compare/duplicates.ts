import { differingBits, popCount } from "./photo/correlate.js";

export interface HashedMaster {
  readonly key: string;
  /** 256-bit DCT hash, 64 hex digits. */
  readonly dctHash: string;
}

/** Pictures nearer than this share at least one of sixteen 16-bit words of the hash, by the pigeonhole principle. */
const NEAR_BITS = 15;
/** One flat picture on thousands of accounts must not cost a square: a group is compared with this many neighbours. */
const MAX_GROUP = 64;
/** More than there are masters. */
const PLACES = 2 ** 32;

/**
 * Pairs of masters whose hashes differ by at most 15 bits of 256: candidates for "the same picture", to be confirmed by pixels.
 * Sixteen passes of sorting instead of all pairs: 100,000 masters in about a second.
 */
export function nearDuplicates(masters: readonly HashedMaster[]): readonly (readonly [string, string])[] {
  const words = new Uint16Array(masters.length * 16);
  masters.forEach(({ dctHash }, at) => {
    for (let word = 0; word < 16; word++) words[at * 16 + word] = parseInt(dctHash.slice(word * 4, word * 4 + 4), 16);
  });
  const found = new Map<string, readonly [string, string]>();
  for (let word = 0; word < 16; word++) {
    for (const [a, b] of withSameWord(words, word)) {
      if (bitsApart(words, a, b) > NEAR_BITS) continue;
      const [one, other] = a < b ? [a, b] : [b, a];
      found.set(`${one},${other}`, [masters[one]?.key ?? "", masters[other]?.key ?? ""]);
    }
  }
  return [...found.values()];
}

/** The masters of these keys, and those that may be the same picture as one of them: all that `nearDuplicates` pairs with them. */
export function nearTo<One extends HashedMaster>(keys: ReadonlySet<string>, masters: readonly One[]): readonly One[] {
  const hashes = masters.filter(({ key }) => keys.has(key)).map(({ dctHash }) => dctHash);
  const isNear = (one: string, other: string): boolean => (differingBits(one, other) ?? Infinity) <= NEAR_BITS;
  return masters.filter(({ dctHash }) => hashes.some((hash) => isNear(hash, dctHash)));
}

/** Places of masters that agree in one word of their hashes; of a large group each with its next neighbours. */
function* withSameWord(words: Uint16Array, word: number): Generator<readonly [number, number]> {
  // Word and place in one number: sorted without a comparison in JavaScript.
  const order = Float64Array.from({ length: words.length / 16 }, (_, at) => (words[at * 16 + word] ?? 0) * PLACES + at);
  order.sort();
  for (const [i, mine] of order.entries()) {
    for (let j = i + 1; j < order.length && j - i <= MAX_GROUP; j++) {
      const theirs = order[j] ?? 0;
      if (Math.floor(theirs / PLACES) !== Math.floor(mine / PLACES)) break;
      yield [mine % PLACES, theirs % PLACES];
    }
  }
}

function bitsApart(words: Uint16Array, a: number, b: number): number {
  let bits = 0;
  for (let word = 0; word < 16 && bits <= NEAR_BITS; word++) {
    bits += popCount((words[a * 16 + word] ?? 0) ^ (words[b * 16 + word] ?? 0));
  }
  return bits;
}
