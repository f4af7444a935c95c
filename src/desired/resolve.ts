import { byText, type UserId } from "../model/ids.js";
import type { RowProblem } from "../model/list.js";
import type { FileMatch, UserMaster } from "../model/master.js";
import { patternName, type Fit, type FitsInput } from "./fits.js";
import type { ResolvedMapping } from "./mapping.js";
import type { UserRef } from "./people.js";
import { explainTried } from "./tried.js";

const MAPPED = -1;

/** Which file is whose master. */
export interface MatchResult {
  /** One entry a file, in code-unit order of the paths. */
  readonly byFile: ReadonlyMap<string, FileMatch>;
  /** Users with a master or an ambiguous one; a user who is not there has none. */
  readonly byUser: ReadonlyMap<UserId, UserMaster>;
  /** Rows of the mapping file that name nobody, several users or no file, in order of line. */
  readonly problems: readonly RowProblem[];
}

/** A file a user may claim, with everybody else who may. */
interface Claim {
  readonly file: number;
  readonly rank: number;
  readonly claimants: readonly UserRef[];
}

/** What became of a user's claims: the claims of the earliest pattern decide. */
interface Settled {
  readonly best: readonly Claim[];
  readonly master: UserMaster;
}

/** Decides who gets what, after every user has been seen (rules: see `matchMasters`). */
export function resolveFits(input: FitsInput): MatchResult {
  const { files, mapping } = input;
  const claims = files.map((_, file) => claimOf(file, mapping, input.fits.get(file) ?? []));
  const settled = settleUsers(input, claims);
  const tried = explainTried(input);

  const byFile = new Map<string, FileMatch>();
  files.forEach((file, position) => {
    const claim = claims[position] ?? null;
    byFile.set(file, { file, outcome: outcomeOf(input, claim, settled), tried: tried(position, claim?.rank ?? null) });
  });
  const byUser = new Map<UserId, UserMaster>([...settled].map(([id, { master }]) => [id, master]));
  return { byFile, byUser, problems: mapping.problems };
}

/** The users a file fits best. Null when it fits nobody, or when the mapping file forbids what patterns say. */
function claimOf(file: number, mapping: ResolvedMapping, fits: readonly Fit[]): Claim | null {
  const owners = mapping.owners.get(file);
  if (owners !== undefined) return { file, rank: MAPPED, claimants: owners };
  if (mapping.reserved.has(file)) return null;
  const allowed = fits.filter((fit) => !mapping.waiting.has(fit.user.id));
  const [first, ...others] = allowed;
  if (first === undefined) return null;
  const best = others.reduce((least, fit) => (compareFits(fit, least) < 0 ? fit : least), first);
  const claimants = allowed.filter((fit) => compareFits(fit, best) === 0).map((fit) => fit.user);
  return { file, rank: best.rank, claimants: claimants.sort((a, b) => byText(a.upn, b.upn) || byText(a.id, b.id)) };
}

function compareFits(a: Fit, b: Fit): number {
  return a.rank - b.rank || a.nearness - b.nearness;
}

function settleUsers(input: FitsInput, claims: readonly (Claim | null)[]): ReadonlyMap<UserId, Settled> {
  const byUser = new Map<UserId, Claim[]>();
  for (const claim of claims.filter((each) => each !== null)) {
    for (const user of claim.claimants) {
      const there = byUser.get(user.id);
      if (there === undefined) byUser.set(user.id, [claim]);
      else there.push(claim);
    }
  }
  return new Map([...byUser].map(([id, mine]) => [id, settle(input, mine)]));
}

function settle(input: FitsInput, claims: readonly Claim[]): Settled {
  const rank = Math.min(...claims.map((claim) => claim.rank));
  const best = claims.filter((claim) => claim.rank === rank);
  const [only] = best;
  if (best.length === 1 && only?.claimants.length === 1) {
    return { best, master: { kind: "matched", file: fileName(input, only), pattern: patternName(input, rank) } };
  }
  return { best, master: { kind: "ambiguous", files: best.map((claim) => fileName(input, claim)) } };
}

function outcomeOf(input: FitsInput, claim: Claim | null, settled: ReadonlyMap<UserId, Settled>): FileMatch["outcome"] {
  const user = claim?.claimants[0];
  if (claim === null || user === undefined) return { kind: "unmatched" };
  const file = fileName(input, claim);
  const pattern = patternName(input, claim.rank);
  if (claim.claimants.length > 1) {
    const upns = claim.claimants.map((claimant) => claimant.upn);
    return {
      kind: "ambiguous",
      reason: `fits ${upns.length} users by ${pattern}: ${named(upns)}`,
      upns,
      files: [file],
    };
  }
  const mine = settled.get(user.id);
  const files = (mine?.best ?? []).map((other) => fileName(input, other));
  const [best = file] = files;
  if (!files.includes(file)) return { kind: "outranked", userId: user.id, upn: user.upn, pattern, by: best };
  if (mine?.master.kind === "matched") return { kind: "matched", userId: user.id, upn: user.upn, pattern };
  const reason = `${user.upn} has ${files.length} files by ${pattern}: ${named(files)}`;
  return { kind: "ambiguous", reason, upns: [user.upn], files };
}

function fileName(input: FitsInput, claim: Claim): string {
  return input.files[claim.file] ?? "";
}

/** A list for a sentence; the full list stands in `upns` and `files`. */
function named(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
