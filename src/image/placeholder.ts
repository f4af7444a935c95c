import { createHash } from "node:crypto";
import type { Tones } from "./measure.js";

/** Score of an image whose bytes are a known silhouette; statistics alone never exceed 1.5. */
export const KNOWN_PLACEHOLDER_SCORE = 2;

/**
 * MD5 of the base64 text of stock silhouettes that SharePoint serves or stores, collected from public SPFx code; one of them confirmed
 * by a file (facts/photo-comparison.md section 8).
 */
const KNOWN_PLACEHOLDERS: ReadonlySet<string> = new Set([
  "7ad602295f8386b7615b582d87bcc294",
  "4a48f26592f4e1498d7a478a4c48609c",
  "6de6a017bc934f55835ac9b721d04b8b",
  "f8cb5c6ed63e440b90d962f8c4b2377b",
  "9a06a83c57864b16a5eef56e83dd5c67",
  "dc9713f1e28b6ec4d4acba8a50c45caa",
  "808be61398a910bc29b81f4920de8741",
  "b04cfcc81483e3d264508991c989a538",
]);

/** Stock silhouettes are a few kilobytes; larger files are not hashed again. */
const LARGEST_PLACEHOLDER = 64 * 1024;

export function isKnownPlaceholder(bytes: Buffer): boolean {
  if (bytes.length > LARGEST_PLACEHOLDER) return false;
  return KNOWN_PLACEHOLDERS.has(createHash("md5").update(bytes.toString("base64")).digest("hex"));
}

/** Colours that count as commonest. */
const COMMONEST = 4;

/**
 * Share of pixels in the 3 strongest luma modes plus half the share of the 4 commonest colours of 4 bits a channel: 0 to 1.5, high
 * for silhouettes, initials and flat tiles.
 * @param pixels of the picture
 */
export function placeholderStatistic({ levels, colours }: Tones, pixels: number): number {
  return shareOfModes(levels) / pixels + 0.5 * (sumOfLargest(colours, COMMONEST) / pixels);
}

/** The sum of the so many largest counts. */
function sumOfLargest(counts: Uint32Array, many: number): number {
  const largest = Array.from({ length: many }, () => 0);
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!;
    if (count <= largest[0]!) continue;
    let at = 0;
    for (; at + 1 < many && largest[at + 1]! < count; at++) largest[at] = largest[at + 1]!;
    largest[at] = count;
  }
  return largest.reduce((sum, count) => sum + count, 0);
}

/** Levels on each side that belong to a mode. */
const MODE = 3;

/** Pixels within 3 levels of the three strongest modes, taken one after the other. */
function shareOfModes(histogram: Uint32Array): number {
  const left = new Uint32Array(MODE + 256 + MODE);
  left.set(histogram, MODE);
  let total = 0;
  for (let mode = 0; mode < 3; mode++) {
    let [best, bestAt, sum] = [0, 0, 0];
    for (let at = 0; at < 256; at++) {
      if (at === 0) sum = firstWindow(left);
      else sum += left[at + 2 * MODE]! - left[at - 1]!;
      if (sum > best) {
        best = sum;
        bestAt = at;
      }
    }
    total += best;
    left.fill(0, bestAt, bestAt + 2 * MODE + 1);
  }
  return total;
}

/** Pixels in the window around level 0. */
function firstWindow(counts: Uint32Array): number {
  let sum = 0;
  for (let near = 0; near <= 2 * MODE; near++) sum += counts[near]!;
  return sum;
}
