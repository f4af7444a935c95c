import { deflateRawSync, inflateRawSync } from "node:zlib";
import { WORDS_1 } from "./packing-words.js";

/** A text as a column holds it: packed, or as former versions wrote it. */
export type KeptText = string | Buffer;

/** The list of words that is packed with; its number is the first byte of what is packed. */
const NEWEST = { number: 1, words: Buffer.from(WORDS_1) } as const;
/** Lists that are read. */
const KNOWN = [NEWEST];
/** As far back as words are found: 8 KB, the list and most texts together. */
const WINDOW_BITS = 13;
/** Small buffers: at the library's own 16 KB for each text most of the time went into making them. */
const PACKING = { dictionary: NEWEST.words, level: 6, windowBits: WINDOW_BITS, memLevel: 4, chunkSize: 512 };
const UNPACKING = { windowBits: WINDOW_BITS, chunkSize: 2048 };

/**
 * Packs a text that repeats what many others say, as findings do, each by itself: a fifth of its room, some ten microseconds.
 * The same text may be packed to other bytes by another version of the library: texts are compared, not what they are packed to.
 */
export function packText(text: string): Buffer {
  return Buffer.concat([Buffer.of(NEWEST.number), deflateRawSync(text, PACKING)]);
}

/** Throws RangeError for a list of words that this version does not know. */
export function textOf(kept: KeptText): string {
  if (typeof kept === "string") return kept;
  const list = KNOWN.find(({ number }) => number === kept[0]);
  if (list === undefined)
    throw new RangeError(`a text is packed with the words ${String(kept[0])}, which are not known`);
  return inflateRawSync(kept.subarray(1), { dictionary: list.words, ...UNPACKING }).toString();
}
