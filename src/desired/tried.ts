import { patternName, type Fit, type FitsInput } from "./fits.js";

/** Gives the lines "why the other patterns did not fit" of a file. `rank`: the pattern that won, null when none did. */
export type Tried = (file: number, rank: number | null) => readonly string[];

/** Files that fit nothing else share their lines, so that 200,000 explanations cost no memory. */
export function explainTried(input: FitsInput): Tried {
  const shared = new Map<number | null, readonly string[]>();
  return (file, rank) => {
    const fits = (input.fits.get(file) ?? []).filter((fit) => fit.rank !== rank);
    const reserved = input.mapping.reserved.get(file);
    if (fits.length > 0 || reserved !== undefined) return lines(input, rank, fits, reserved);
    const known = shared.get(rank) ?? lines(input, rank, [], undefined);
    shared.set(rank, known);
    return known;
  };
}

function lines(
  input: FitsInput,
  rank: number | null,
  fits: readonly Fit[],
  reserved: number | undefined,
): readonly string[] {
  const first = reserved === undefined ? [] : [`mapping: line ${reserved} gives the file to a user who does not exist`];
  return first.concat(
    input.patterns.flatMap((pattern, position) => {
      if (position === rank) return [];
      return [`${pattern.text}: ${why(input, position, rank, fits)}`];
    }),
  );
}

function why(input: FitsInput, position: number, rank: number | null, fits: readonly Fit[]): string {
  const users = fits.filter((fit) => fit.rank === position).map((fit) => fit.user);
  if (users.length > 0) {
    const upns = users.map((user) => user.upn).sort();
    const who = upns.length > 3 ? `${upns.slice(0, 3).join(", ")} and ${upns.length - 3} more` : upns.join(", ");
    const waiting = users.map((user) => input.mapping.waiting.get(user.id)).find((line) => line !== undefined);
    if (rank !== null) return `fits ${who}, but ${patternName(input, rank)} is more exact`;
    if (waiting !== undefined)
      return `fits ${who}, but line ${waiting} of the mapping file names a file that is not there`;
    return `fits ${who}, but the mapping file decides otherwise`;
  }
  if (input.applicable[position] === 0) return "no user has the attributes it needs";
  return "fits no user";
}
