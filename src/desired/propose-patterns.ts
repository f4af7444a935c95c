import { isGuid } from "../model/ids.js";
import { withoutImageExtension } from "../model/image-name.js";
import type { DirectoryUser } from "../model/user.js";
import { matchMasters } from "./match.js";

/** Spellings with a whole name in them that people use, the most telling first. */
export const NAME_PATTERNS: readonly string[] = [
  "{upn}",
  "{mail}",
  "{first} {last}",
  "{last} {first}",
  "{displayName}",
  "{user}",
  "{employeeId}",
];

/** What a configuration may be proposed; among equals the earlier one is. */
const USUAL_PATTERNS = [...NAME_PATTERNS, "{samAccountName}", "{id}", "{f}{last}", "{last}{f}", "{first}{l}"];

/** A pattern of a proposal. */
export interface ProposedPattern {
  readonly pattern: string;
  /** Users that find one file of their own by it and by none of those before. */
  readonly users: number;
}

/** Name patterns that fit the files of a folder, with what they come to; counts of users and of files. */
export interface PatternProposal {
  /** In the order in which they should stand; empty where no file fits anybody. */
  readonly patterns: readonly ProposedPattern[];
  /** The first matches under these patterns, by file: what a person looks at before believing them. */
  readonly preview: readonly { readonly file: string; readonly upn: string; readonly displayName: string }[];
  /** Users with a file of their own, and files that fit nobody or several, under these patterns. */
  readonly matched: number;
  readonly filesLeft: number;
}

export interface ProposalInput {
  /** Paths relative to the source folder. */
  readonly files: readonly string[];
  /** The tenant's users; read once for each pattern tried, and twice more. */
  readonly users: () => Iterable<DirectoryUser>;
  readonly domain: string | null;
  /** Matches shown; default 10. */
  readonly shown?: number;
}

/** More than this many patterns make a configuration that nobody can follow. */
const MOST_PATTERNS = 4;
/** A pattern that finds fewer of the files than this share is chance, or a handful of files better renamed. */
const LEAST_SHARE = 0.005;

/**
 * Which of the usual patterns fit the files: the one that finds most users first, then the one that finds most of the rest. Ambiguous files
 * count for nobody, so a pattern that is too wide loses to one that tells people apart.
 */
export function proposePatterns(input: ProposalInput): PatternProposal {
  const foundBy = new Map(USUAL_PATTERNS.map((pattern) => [pattern, matchedUsers(input, [pattern])]));
  const chosen: ProposedPattern[] = [];
  const found = new Set<string>();
  const least = Math.max(1, input.files.length * LEAST_SHARE);
  while (chosen.length < MOST_PATTERNS) {
    const [best] = [...foundBy]
      .map(([pattern, users]) => ({ pattern, users: users.filter((id) => !found.has(id)) }))
      .sort((a, b) => b.users.length - a.users.length);
    if (best === undefined || best.users.length < least) break;
    for (const id of best.users) found.add(id);
    chosen.push({ pattern: best.pattern, users: best.users.length });
  }
  return { patterns: chosen, ...outlook(input, chosen) };
}

function matchedUsers({ files, users, domain }: ProposalInput, patterns: readonly string[]): readonly string[] {
  const { byUser } = matchMasters({ files, users: users(), patterns, domain });
  return [...byUser].flatMap(([id, { kind }]) => (kind === "matched" ? [id] : []));
}

/** What these patterns would do, all together. */
function outlook(
  { files, users, domain, shown }: ProposalInput,
  chosen: readonly ProposedPattern[],
): Omit<PatternProposal, "patterns"> {
  if (chosen.length === 0) return { preview: [], matched: 0, filesLeft: files.length };
  const patterns = chosen.map(({ pattern }) => pattern);
  const { byFile } = matchMasters({ files, users: users(), patterns, domain });
  const matches = [...byFile.values()].flatMap(({ file, outcome }) =>
    outcome.kind === "matched" ? [{ file, upn: outcome.upn }] : [],
  );
  const wanted = new Map(matches.slice(0, shown ?? 10).map((match) => [match.upn, match]));
  const names = new Map<string, string>();
  for (const { upn, displayName } of users()) if (wanted.has(upn)) names.set(upn, displayName);
  return {
    preview: [...wanted.values()].map((match) => ({ ...match, displayName: names.get(match.upn) ?? "" })),
    matched: matches.length,
    filesLeft: [...byFile.values()].filter(({ outcome }) => !["matched", "outranked"].includes(outcome.kind)).length,
  };
}

/**
 * What file names alone suggest where nobody may read the directory: the pattern of the commonest shape of name.
 * @returns null where no shape is common
 */
export function guessPattern(files: readonly string[]): { readonly pattern: string; readonly files: number } | null {
  const counts = new Map<string, number>();
  for (const file of files) {
    const shape = shapeOf(withoutImageExtension(file.slice(file.lastIndexOf("/") + 1)));
    if (shape !== null) counts.set(shape, (counts.get(shape) ?? 0) + 1);
  }
  const [best] = [...counts].sort(([, a], [, b]) => b - a);
  if (best === undefined || best[1] * 2 < files.length) return null;
  return { pattern: best[0], files: best[1] };
}

function shapeOf(name: string): string | null {
  if (name.includes("@")) return "{upn}";
  if (isGuid(name)) return "{id}";
  if (/^\d{3,}$/.test(name)) return "{employeeId}";
  if (/^\p{L}[\p{L}\p{M}'-]*,\s*\p{L}/u.test(name)) return "{last} {first}";
  if (/^\p{L}[\p{L}\p{M}'-]*[ ._]\p{L}[\p{L}\p{M}'. _-]*$/u.test(name)) return "{first} {last}";
  return /^[\p{L}\p{M}]+\d*$/u.test(name) ? "{user}" : null;
}
