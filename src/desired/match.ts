import { byText, type UserId } from "../model/ids.js";
import { DEFAULT_PATTERNS } from "../model/config.js";
import type { UserMaster } from "../model/master.js";
import type { DirectoryUser } from "../model/user.js";
import { FOLDED, indexFiles } from "./file-index.js";
import type { Fit } from "./fits.js";
import { foldName } from "./fold.js";
import { openMapping, type MatchRow } from "./mapping.js";
import { expandPattern, isInDomain, localPart, parsePattern, type Pattern } from "./pattern.js";
import type { UserRef } from "./people.js";
import { resolveFits, type MatchResult } from "./resolve.js";

export interface MatchInput {
  /** Paths relative to the source folder, forward slashes. */
  readonly files: readonly string[];
  /** All users of the tenant, out of scope too: their files are not without a user. Read once; only those with a file are kept. */
  readonly users: Iterable<DirectoryUser>;
  /** In order of rank; empty or absent: `{upn}` and `{first} {last}`. */
  readonly patterns?: readonly string[];
  /** For patterns that make a UPN (`source.domain`). */
  readonly domain?: string | null;
  /** Rows of the mapping file; they win over every pattern. */
  readonly mapping?: readonly MatchRow[] | null;
}

/** Equal to the UPN that the file name makes with the domain: farther than every fit by the names of the directory. */
const MADE_UPN = FOLDED + 1;

/**
 * Fits files to users, without guessing.
 *
 * A file goes to the user it fits best: the mapping file before every pattern, an earlier pattern before a later one, and under one
 * pattern the exact spelling before a folded one. A file that fits two users equally well belongs to neither. A user's master is the file
 * of the earliest pattern; two files under the same pattern are ambiguous, whatever their spelling. The order of files and users
 * does not matter. Time grows with files + users, not with their product.
 * @throws PhotodriftError `bad-pattern` (usage)
 */
export function matchMasters(input: MatchInput): MatchResult {
  const domain = input.domain ?? null;
  const files = [...new Set(input.files)].sort(byText);
  const patterns = (input.patterns?.length ? input.patterns : DEFAULT_PATTERNS).map(parsePattern);
  const index = indexFiles(files, new Set(patterns.map((pattern) => pattern.depth)));
  const mapping = openMapping(input.mapping ?? [], files);
  const fits = new Map<number, Fit[]>();
  const applicable = patterns.map(() => 0);

  for (const user of input.users) {
    mapping.see(user);
    let kept: UserRef | null = null;
    patterns.forEach((pattern, rank) => {
      const names = expandPattern(pattern, user, domain);
      if (names.length > 0) applicable[rank] = (applicable[rank] ?? 0) + 1;
      for (const name of names) {
        for (const file of index.fitting(name, pattern.depth)) {
          kept ??= { id: user.id, upn: user.upn };
          addFit(fits, file, kept, rank, index.nearness(file, name, pattern.depth));
        }
      }
      const made = madeLocalPart(pattern, user, domain);
      for (const file of made === null ? [] : index.fitting(made, pattern.depth)) {
        kept ??= { id: user.id, upn: user.upn };
        addFit(fits, file, kept, rank, MADE_UPN);
      }
    });
  }
  return resolveFits({ files, patterns, applicable, fits, mapping: mapping.resolve() });
}

/** The master of one user; `none` for a user whom no file fits. */
export function masterOf(matches: MatchResult, id: UserId): UserMaster {
  return matches.byUser.get(id) ?? { kind: "none" };
}

/**
 * With a domain, `Anna Becker.jpg` under a pattern of first and last name makes anna.becker@contoso.com. That is a weaker sign than the
 * names in the directory, and needs as many words as the pattern.
 */
function madeLocalPart(pattern: Pattern, user: DirectoryUser, domain: string | null): string | null {
  if (domain === null || !pattern.namesOnly || pattern.depth !== 1 || !isInDomain(user.upn, domain)) return null;
  const local = localPart(user.upn);
  return foldName(local).split(" ").length >= pattern.words ? local : null;
}

/** Keeps the nearest fit of a user under a pattern; the directory's pages may bring the same user twice. */
function addFit(fits: Map<number, Fit[]>, file: number, user: UserRef, rank: number, nearness: number): void {
  const there = fits.get(file);
  if (there === undefined) {
    fits.set(file, [{ user, rank, nearness }]);
    return;
  }
  const at = there.findIndex((fit) => fit.rank === rank && fit.user.id === user.id);
  const known = there[at];
  if (known === undefined) there.push({ user, rank, nearness });
  else if (nearness < known.nearness) there[at] = { user, rank, nearness };
}
