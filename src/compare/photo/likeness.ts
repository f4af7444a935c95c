import { correlation, flippedCorrelation, localCorrelation } from "./correlate.js";
import { highPass32, highPass64, type HighPassed } from "./high-pass.js";
import { type SameThresholds, THRESHOLDS } from "./thresholds.js";

/** How alike two pictures in the same frame are. All numbers are correlations, -1 to 1. */
export interface Likeness {
  readonly hp32: number;
  readonly hp64: number;
  /** The lowest of all parts that show something. */
  readonly local: number;
  readonly hp32Flipped: number;
  readonly hp64Flipped: number;
}

/** A picture ready to be compared. */
export interface Prepared {
  readonly small: HighPassed;
  readonly large: HighPassed;
}

/** What was made of a picture, and of two, while both are at hand: whether a reference settles the verdict is asked before the verdict is. */
const smalls = new WeakMap<Uint8Array, HighPassed>();
const prepared = new WeakMap<Uint8Array, Prepared>();
const compared = new WeakMap<Prepared, { readonly rendition: Prepared; readonly found: Likeness }>();

/** @param luma 64x64, not changed afterwards */
export function prepare(luma: Uint8Array): Prepared {
  let made = prepared.get(luma);
  if (made === undefined) {
    made = { small: prepareSmall(luma), large: highPass64(luma) };
    prepared.set(luma, made);
  }
  return made;
}

/** The half of it that a first look needs. */
export function prepareSmall(luma: Uint8Array): HighPassed {
  let made = smalls.get(luma);
  if (made === undefined) {
    made = highPass32(luma);
    smalls.set(luma, made);
  }
  return made;
}

export function likeness(reference: Prepared, rendition: Prepared): Likeness {
  const known = compared.get(reference);
  if (known?.rendition === rendition) return known.found;
  const found = measured(reference, rendition);
  compared.set(reference, { rendition, found });
  return found;
}

function measured(reference: Prepared, rendition: Prepared): Likeness {
  return {
    hp32: correlation(reference.small, rendition.small),
    hp64: correlation(reference.large, rendition.large),
    local: localCorrelation(reference.large, rendition.large),
    hp32Flipped: flippedCorrelation(reference.small, rendition.small),
    hp64Flipped: flippedCorrelation(reference.large, rendition.large),
  };
}

export function isSame(found: Likeness, needed: SameThresholds): boolean {
  return (
    found.hp32 >= needed.hp32 &&
    found.hp64 >= needed.hp64 &&
    found.local >= needed.local &&
    found.hp32 > found.hp32Flipped &&
    found.hp64 > found.hp64Flipped
  );
}

export function isMirrored(found: Likeness): boolean {
  return (
    found.hp32Flipped >= THRESHOLDS.mirrored.hp32 &&
    found.hp64Flipped >= THRESHOLDS.mirrored.hp64 &&
    found.hp32Flipped > found.hp32 &&
    found.hp64Flipped > found.hp64
  );
}
