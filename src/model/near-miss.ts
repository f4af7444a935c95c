import { editDistance } from "./edit-distance.js";

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
    const distance = editDistance(typed, wanted, Math.max(typed.length, wanted.length));
    if ((distance <= allowed || unfinished) && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  // A one-letter word is one edit from any other one: no hint is better than a random one.
  return best !== null && bestDistance >= Math.max(typed.length, bare(best).length) ? null : best;
}
