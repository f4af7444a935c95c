/** Lower-case letters that Unicode does not take apart, in plain ones. Where a second spelling is common, both; the first is what people type. */
export const LETTERS: ReadonlyMap<string, readonly [string, string?]> = new Map([
  ["ß", ["ss"]],
  ["ø", ["o", "oe"]],
  ["æ", ["ae"]],
  ["œ", ["oe"]],
  ["ł", ["l"]],
  ["đ", ["d"]],
  ["ð", ["d"]],
  ["þ", ["th"]],
  ["ħ", ["h"]],
  ["ŧ", ["t"]],
  ["ŋ", ["n"]],
  ["ı", ["i"]],
  ["ə", ["e"]],
  ["ς", ["σ"]],
]);
