/**
 * Foreign text (display names, file names, messages of services) made safe to show: control characters, bidirectional overrides and
 * invisible format characters can hide or reorder what stands around them, in a terminal even run commands (escape sequences).
 */

// C0, DEL, C1; embeddings, overrides and isolates (UAX #9); line and paragraph separators; interlinear marks; tag characters; lone surrogates.
const DANGEROUS =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Cs}/gu;
// Marks that show nothing and are not needed to join letters or emoji (U+200C and U+200D are, and stay).
const INVISIBLE = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u2060-\u2064\ufeff]/gu;
/** More combining marks than any language stacks on one letter. */
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;

/** One line of harmless text: dangerous characters become U+FFFD, line breaks and tabs a space, invisible marks vanish. */
export function plain(text: string): string {
  return text
    .replace(/[\t\r\n]+/g, " ")
    .replace(DANGEROUS, "\ufffd")
    .replace(INVISIBLE, "")
    .replace(STACKED_MARKS, "$1");
}

/** The text cut to at most `length` code points, with an ellipsis where something was cut. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, Math.max(0, length - 1)).join("")}…`;
}

/** A plain line of at most `length` characters, without space at its ends: foreign text within a sentence. */
export function excerpt(text: string, length: number): string {
  return cut(plain(text).trim(), length);
}

/** Whatever takes no room of its own: more than `INVISIBLE`, for joiners and variation selectors mean nothing in a key. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}]|(?!\s)\p{Cc}/gu;

/** A text without the characters that nobody sees and that survive copy and paste: for keys and paths that are compared, not for show. */
export function withoutUnseen(text: string): string {
  return text.replace(UNSEEN, "");
}
