/**
 * Folding of names: what two spellings must share to be the same name. Case, Unicode form (file names from macOS are decomposed),
 * Latin and Greek accents, and runs of space, dot, hyphen, underscore or apostrophe do not count. Letters that are written in two
 * ways give two variants (ü = u or ue, ø = o or oe, å = a or aa; O'Brien = O Brien or OBrien); two names agree when they share one.
 * Cyrillic, CJK and every other script keep their letters and marks, for there a mark makes another letter (й, が).
 */

import { LETTERS } from "../model/letters.js";

const SEPARATORS = /[\s._·・‧\p{Pd}]/u;
const ALL_SEPARATORS = /[\s._·・‧\p{Pd}']/gu;
const ALL_APOSTROPHES = /['’‘‛`´ʼʻʹ′＇]/gu;
/** Invisible: joiners, direction marks, soft hyphen, variation selectors. They survive copy and paste and nobody sees them. */
const INVISIBLE = /[\p{Cf}\u{FE00}-\u{FE0F}]/gu;
const LATIN_OR_GREEK = /[\p{Script=Latin}\p{Script=Greek}]/u;
/** A run of plain letters without marks, or one character with its accents. */
const RUN_OR_MARKED = /[a-z0-9]+(?![\u{300}-\u{36F}a-z0-9])|(.)([\u{300}-\u{36F}]*)/gsu;
const DIAERESIS = "\u0308";
const RING = "\u030A";

/** More combinations than this are not made one by one: then all letters take the short or all the long spelling. */
const MAX_COMBINATIONS = 16;
/** Nothing longer is a name; file systems stop at 255 bytes. */
const MAX_LENGTH = 512;

interface Piece {
  readonly short: string;
  /** Second spelling, null where there is none. */
  readonly long: string | null;
  readonly apostrophe: boolean;
}

/** The first of `foldVariants`: umlauts as plain letters, apostrophes as separators. Empty when nothing but separators is left. */
export function foldName(text: string): string {
  return foldVariants(text)[0] ?? "";
}

/**
 * Every folded spelling of a name, 1 to 16, without duplicates; none when nothing but separators is left.
 * Two names are equal when the sets meet.
 */
export function foldVariants(text: string): readonly string[] {
  const plain = foldPlainAscii(text);
  if (plain !== null) return plain === "" ? [] : [plain];
  return [...new Set(combinations(piecesOf(text)).map(tidy))].filter((variant) => variant !== "");
}

/** The spelling as it is, but for case and Unicode form: what "exact" means. */
export function spell(text: string): string {
  return text.slice(0, MAX_LENGTH).replace(INVISIBLE, "").normalize("NFKC").toLowerCase().normalize("NFC").trim();
}

/** The spelling with its accents but without its separators: "Anna_Müller" is as near to "Anna Müller" as to "anna-müller". */
export function spellLetters(text: string): string {
  return tidy(spell(text.normalize("NFC").replace(ALL_APOSTROPHES, "'")).replace(ALL_SEPARATORS, " "));
}

/** Most names need no Unicode work at all. Null for those that do, or that hold an apostrophe. */
function foldPlainAscii(text: string): string | null {
  if (text.length > MAX_LENGTH || !/^[\x20-\x7e]*$/.test(text) || /['`]/.test(text)) return null;
  return tidy(text.toLowerCase().replace(/[._-]/g, " "));
}

function piecesOf(text: string): readonly Piece[] {
  const letters = text
    .slice(0, MAX_LENGTH)
    .replace(INVISIBLE, "")
    // Canonical forms first, for Greek has accents of its own that are the same as ours. Apostrophes before compatibility forms are taken:
    // those turn a lone acute accent into a space with a combining mark.
    .normalize("NFC")
    .replace(ALL_APOSTROPHES, "'")
    .normalize("NFKC")
    .replace(ALL_APOSTROPHES, "'")
    .toLowerCase()
    .normalize("NFD");
  return [...letters.matchAll(RUN_OR_MARKED)].map(([run, letter, marks]) =>
    letter === undefined ? one(run) : pieceOf(letter, marks ?? ""),
  );
}

function pieceOf(letter: string, marks: string): Piece {
  if (letter === "'") return { short: " ", long: "", apostrophe: true };
  if (SEPARATORS.test(letter)) return one(" ");
  const special = LETTERS.get(letter);
  if (special !== undefined) return { short: special[0], long: special[1] ?? null, apostrophe: false };
  if (marks === "") return one(letter);
  if (LATIN_OR_GREEK.test(letter)) {
    if (marks.includes(DIAERESIS) && "aou".includes(letter)) {
      return { short: letter, long: `${letter}e`, apostrophe: false };
    }
    if (marks.includes(RING) && letter === "a") return { short: "a", long: "aa", apostrophe: false };
    return one(letter);
  }
  // ё is written е more often than not; every other marked Cyrillic letter is a letter of its own.
  if (letter === "е" && marks === DIAERESIS) return one("е");
  return one((letter + marks).normalize("NFC"));
}

function one(text: string): Piece {
  return { short: text, long: null, apostrophe: false };
}

function combinations(pieces: readonly Piece[]): readonly string[] {
  const choices = pieces.filter((piece) => piece.long !== null).length;
  if (2 ** choices > MAX_COMBINATIONS) {
    return [
      pieces.map((piece) => piece.short),
      pieces.map((piece) => (piece.apostrophe ? piece.short : (piece.long ?? piece.short))),
      pieces.map((piece) => (piece.apostrophe ? (piece.long ?? piece.short) : piece.short)),
      pieces.map((piece) => piece.long ?? piece.short),
    ].map((spelling) => spelling.join(""));
  }
  let spellings = [""];
  for (const { short, long } of pieces) {
    spellings =
      long === null
        ? spellings.map((spelling) => spelling + short)
        : [...spellings.map((spelling) => spelling + short), ...spellings.map((spelling) => spelling + long)];
  }
  return spellings;
}

/** One space for a run of separators, none at the ends, composed letters (Hangul and kana were taken apart above). */
function tidy(text: string): string {
  return text.replace(/\s+/gu, " ").trim().normalize("NFC");
}
