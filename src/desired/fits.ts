import type { ResolvedMapping } from "./mapping.js";
import type { UserRef } from "./people.js";
import type { Pattern } from "./pattern.js";

/** One way a file fits a user. `rank`: position of the pattern, -1 for the mapping file; `nearness`: 0 is the exact spelling. */
export interface Fit {
  readonly user: UserRef;
  readonly rank: number;
  readonly nearness: number;
}

export interface FitsInput {
  /** Sorted. */
  readonly files: readonly string[];
  readonly patterns: readonly Pattern[];
  /** For each pattern, the number of users who have all its attributes. */
  readonly applicable: readonly number[];
  /** By position of the file. */
  readonly fits: ReadonlyMap<number, readonly Fit[]>;
  readonly mapping: ResolvedMapping;
}

/** Shown as the pattern of a match that the mapping file made. */
export const MAPPING_PATTERN = "mapping";
/** @param rank position of the pattern, -1 for the mapping file */
export function patternName(input: FitsInput, rank: number): string {
  return input.patterns[rank]?.text ?? MAPPING_PATTERN;
}
