import { byText } from "../model/ids.js";
import type { DirectoryUser } from "../model/user.js";
import { editDistance } from "../model/edit-distance.js";
import { nameAt } from "./file-index.js";
import { foldName, foldVariants } from "./fold.js";
import { allowedEdits, indexNames, pairsOf } from "./near-index.js";
import { expandPattern, parsePattern, type Pattern } from "./pattern.js";
import { NAME_PATTERNS } from "./propose-patterns.js";
import type { MatchResult } from "./resolve.js";

/** A near match that is shown and never used. */
export interface Suggestion {
  readonly file: string;
  readonly upn: string;
  readonly displayName: string;
  /** Why, in words. */
  readonly because: string;
  /** 0 is nearest; comparable within one list. */
  readonly distance: number;
}

export interface SuggestInput {
  readonly matches: MatchResult;
  /** The same users once more. */
  readonly users: Iterable<DirectoryUser>;
  /** `source.patterns`, parsed or not tried at all: near matches are sought under the usual spellings too. */
  readonly patterns: readonly string[];
  readonly domain?: string | null;
  /** Suggestions a file; default 3. */
  readonly limit?: number;
}

interface Candidate {
  readonly user: Pick<DirectoryUser, "id" | "upn" | "displayName">;
  readonly distance: number;
  readonly because: string;
}

interface Target {
  readonly file: string;
  readonly name: string;
  readonly best: Candidate[];
}

/**
 * Near matches for the files that fit nobody: a typing error or two, a spelling no pattern covers, words that are too many, an initial.
 * Reads the users once and keeps only the suggestions. Sorted by file, then distance, then UPN.
 */
export function suggestMatches(input: SuggestInput): readonly Suggestion[] {
  const targets = [...input.matches.byFile.values()]
    .filter((match) => match.outcome.kind === "unmatched")
    .map((match): Target => ({ file: match.file, name: foldName(nameAt(match.file, 1) ?? ""), best: [] }))
    .filter((target) => target.name !== "");
  const index = indexNames(targets);
  const patterns = [...new Set([...input.patterns, ...NAME_PATTERNS])]
    .map(parsePattern)
    .filter(({ depth }) => depth === 1);
  const limit = input.limit ?? 3;

  for (const user of targets.length === 0 ? [] : input.users) {
    const names = namesOf(user, patterns, input.domain ?? null);
    for (const [name, pattern] of names) {
      for (const target of index.near(name)) {
        const edits = editDistance(target.name, name, allowedEdits(name));
        if (edits > allowedEdits(name)) continue;
        offer(target, { user, distance: edits, because: becauseOfEdits(edits, pattern, input.patterns) }, limit);
      }
    }
    for (const { pair, because, distance } of pairsOf(user)) {
      for (const target of index.sharing(pair)) offer(target, { user, distance, because }, limit);
    }
  }
  return targets.flatMap((target) => target.best.map((candidate) => suggestion(input, target, candidate)));
}

function suggestion(input: SuggestInput, target: Target, { user, distance, because }: Candidate): Suggestion {
  const has = input.matches.byUser.get(user.id)?.kind === "matched" ? "; the user has a master already" : "";
  return { file: target.file, upn: user.upn, displayName: user.displayName, because: because + has, distance };
}

/** Keeps the nearest candidates of a file, one a user. */
function offer(target: Target, candidate: Candidate, limit: number): void {
  const { id, upn, displayName } = candidate.user;
  const kept = { ...candidate, user: { id, upn, displayName } };
  const known = target.best.findIndex((other) => other.user.id === id);
  if (known >= 0 && (target.best[known]?.distance ?? 0) <= candidate.distance) return;
  if (known >= 0) target.best.splice(known, 1);
  target.best.push(kept);
  target.best.sort((a, b) => a.distance - b.distance || byText(a.user.upn, b.user.upn));
  target.best.length = Math.min(target.best.length, limit);
}

/** Folded spellings of a user with the pattern that makes them; the first pattern wins. */
function namesOf(
  user: DirectoryUser,
  patterns: readonly Pattern[],
  domain: string | null,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const pattern of patterns) {
    for (const name of expandPattern(pattern, user, domain).flatMap(foldVariants)) {
      if (!names.has(name)) names.set(name, pattern.text);
    }
  }
  return names;
}

function becauseOfEdits(edits: number, pattern: string, configured: readonly string[]): string {
  const missing = configured.includes(pattern) ? "" : ", which is not among source.patterns";
  if (edits === 0) return `spelled like ${pattern}${missing}`;
  return `${edits === 1 ? "one letter" : `${edits} letters`} away from ${pattern}${missing}`;
}
