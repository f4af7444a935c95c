/**
 * Matches a text against a glob of `*` (any run) and `?` (one character), the whole text, without regard to case. Everything else is literal.
 * Linear in practice and never exponential, whatever the pattern: one remembered star is enough.
 */
export function matchesGlob(glob: string, text: string): boolean {
  const pattern = Array.from(glob.normalize("NFC").toLowerCase());
  const letters = Array.from(text.normalize("NFC").toLowerCase());
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let i = 0; i < letters.length;) {
    if (pattern[at] === "*") {
      star = at++;
      resume = i;
    } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === letters[i])) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}
