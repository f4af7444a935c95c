/** Edits that turn `a` into `b`: insert, delete, replace, swap of neighbours (restricted Damerau-Levenshtein distance). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replace);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

function bare(word: string): string {
  return word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/**
 * The candidate that was probably meant, or null: equal but for case and punctuation, an unfinished word, or at most a third
 * of its letters (at least one) typed wrong.
 */
export function nearMiss(word: string, candidates: readonly string[]): string | null {
  const typed = bare(word);
  if (typed === "" || typed.length > 64) return null;
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const wanted = bare(candidate);
    const allowed = Math.max(1, Math.floor(Math.max(typed.length, wanted.length) / 3));
    const unfinished =
      typed.length >= 3 && (wanted.startsWith(typed) || typed.startsWith(wanted)) && wanted.length >= 3;
    const distance = editDistance(typed, wanted);
    if ((distance <= allowed || unfinished) && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  // A one-letter word is one edit from any other one: no hint is better than a random one.
  return best !== null && bestDistance >= Math.max(typed.length, bare(best).length) ? null : best;
}
