import type { FileMatch, UserMaster } from "../model/master.js";
import type { MatchResult } from "./resolve.js";

/** Why a file that fits a user by its name is not given to the user, and what to do about it. */
export interface Withheld {
  /** One clause. */
  readonly reason: string;
  /** One sentence. */
  readonly cure: string;
}

/** The same matches, but that these files are ambiguous instead of matched. @param files by path; others than matched ones change nothing */
export function withhold(matches: MatchResult, files: ReadonlyMap<string, Withheld>): MatchResult {
  if (files.size === 0) return matches;
  const byFile = new Map(matches.byFile);
  const byUser = new Map(matches.byUser);
  for (const [file, { reason, cure }] of files) {
    const match = byFile.get(file);
    if (match?.outcome.kind !== "matched") continue;
    const { userId, upn } = match.outcome;
    byFile.set(file, {
      ...match,
      outcome: { kind: "ambiguous", reason, upns: [upn], files: [file], cure },
    } satisfies FileMatch);
    byUser.set(userId, { kind: "ambiguous", files: [file], reason } satisfies UserMaster);
  }
  return { ...matches, byFile, byUser };
}
