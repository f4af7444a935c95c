/**
 * Foreign text (display names, file names, messages of services) made safe to show: control characters, bidirectional overrides and
 * invisible format characters can hide or reorder what stands around them, in a terminal even run commands (escape sequences).
 */

// C0, DEL, C1; embeddings, overrides and isolates (UAX #9); line and paragraph separators; interlinear marks; tag characters.
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

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
// East Asian wide and fullwidth blocks, and emoji: two columns in a terminal (UAX #11).
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const ASCII = /^[\x20-\x7e]*$/;

/** Columns that plain text takes in a terminal. */
export function columns(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** The text cut to at most `width` columns, with an ellipsis where something was cut. */
export function fit(text: string, width: number): string {
  if (columns(text) <= width) return text;
  let used = 0;
  let out = "";
  for (const { segment } of segmenter.segment(text)) {
    const next = WIDE.test(segment) ? 2 : 1;
    if (used + next > width - 1) break;
    used += next;
    out += segment;
  }
  return `${out}…`;
}

export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - columns(text)));
}

export function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - columns(text))) + text;
}

/** Words laid into lines of at most `width` columns; a longer word stands alone and is cut. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && columns(line) + 1 + columns(word) > width) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? fit(word, width) : `${line} ${word}`;
  }
  if (line !== "") lines.push(line);
  return lines;
}
