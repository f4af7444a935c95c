import { deflateRawSync, inflateRawSync } from "node:zlib";
import { drawOut, putBack } from "./drawn-out.js";
import { WORDS_1 } from "./packing-words.js";

/** A text as a column holds it: packed, or as former versions wrote it. */
export type KeptText = string | Buffer;

const WORDS = Buffer.from(WORDS_1);
/**
 * First bytes of what is packed with the list of words: as it is, or with what the words cannot help with - identifiers, hashes, times - drawn
 * out before. Another list is another two numbers.
 */
const PLAIN = 1;
const DRAWN = 2;
/** As far back as words are found: 8 KB, the list and most texts together. */
const WINDOW_BITS = 13;
/** Small buffers: at the library's own 16 KB for each text most of the time went into making them. */
const PACKING = { dictionary: WORDS, level: 6, windowBits: WINDOW_BITS, memLevel: 4, chunkSize: 512 };
const UNPACKING = { dictionary: WORDS, windowBits: WINDOW_BITS, chunkSize: 2048 };

/**
 * Packs a text that repeats what many others say, as findings do, each by itself: an eighth of its room, some ten microseconds.
 * The same text may be packed to other bytes by another version of the library: texts are compared, not what they are packed to.
 */
export function packText(text: string): Buffer {
  const drawn = drawOut(text);
  if (drawn === null) return Buffer.concat([Buffer.of(PLAIN), deflateRawSync(text, PACKING)]);
  return Buffer.concat([Buffer.of(DRAWN), drawn.values, deflateRawSync(drawn.rest, PACKING)]);
}

/** Throws RangeError for a form that this version does not know. */
export function textOf(kept: KeptText): string {
  if (typeof kept === "string") return kept;
  if (kept[0] === PLAIN) return inflateRawSync(kept.subarray(1), UNPACKING).toString();
  if (kept[0] !== DRAWN) throw new RangeError(`a text is packed in the form ${String(kept[0])}, which is not known`);
  return putBack(kept.subarray(1), (packed) => inflateRawSync(packed, UNPACKING).toString());
}

/** Whether both say the same because they are the same; texts may be equal where this is false. */
export function isSameText(a: KeptText, b: KeptText): boolean {
  return typeof a === "string" || typeof b === "string" ? a === b : a.equals(b);
}
