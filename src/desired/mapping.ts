import type { Focus, MappingRow, RowProblem } from "../model/list.js";
import type { DirectoryUser } from "../model/user.js";
import { missingFile, nearestFiles, pathKey } from "./nearest-file.js";
import { noteUser, rowsByKey, surest, userProblem, type UserRef } from "./people.js";

/** What matching needs of a row of the mapping file. */
export type MatchRow = Pick<MappingRow, "user" | "file" | "line"> & Partial<Pick<MappingRow, "focusProblem">>;

/** What the rows say once all users have been seen. */
export interface ResolvedMapping {
  /** File position -> users the rows give it to. */
  readonly owners: ReadonlyMap<number, readonly UserRef[]>;
  /** Files that a row gives to somebody who does not exist (line of the row): no pattern may give them to anybody else. */
  readonly reserved: ReadonlyMap<number, number>;
  /** Users whose row names a file that is not there (line of the row): no pattern may give them another. */
  readonly waiting: ReadonlyMap<string, number>;
  /** What is wrong with the rows, in order of line; a row may have several. */
  readonly problems: readonly RowProblem[];
}

export interface Mapping {
  /** Looks at one user of the stream; keeps it only when a row names it. */
  see(user: DirectoryUser): void;
  resolve(): ResolvedMapping;
}

/** @param files paths relative to the source folder, forward slashes */
export function openMapping(rows: readonly MatchRow[], files: readonly string[]): Mapping {
  const named = rowsByKey(rows);
  const usersOf = new Map([...named.values()].flat().map((each) => [each.row, each]));
  return {
    see: (user) => void noteUser(named, user),
    resolve() {
      const find = fileFinder(rows, files);
      const missing: { readonly row: MatchRow; readonly users: readonly UserRef[] }[] = [];
      const owners = new Map<number, UserRef[]>();
      const reserved = new Map<number, number>();
      const waiting = new Map<string, number>();
      const problems: RowProblem[] = [];
      for (const row of rows) {
        const entry = usersOf.get(row);
        const users = entry === undefined ? [] : surest(entry);
        const found = find(row.file);
        const upns = users.map(({ upn }) => upn);
        problems.push(...[userProblem(row, upns)].filter((problem) => problem !== null), ...focusProblem(row, upns));
        for (const file of users.length === 0 ? found : []) reserved.set(file, row.line);
        if (found.length === 0) {
          missing.push({ row, users });
          for (const user of users) waiting.set(user.id, row.line);
        }
        for (const file of found) {
          const there = owners.get(file) ?? [];
          const more = users.filter((user) => !there.some((owner) => owner.id === user.id));
          if (there.length + more.length > 0) owners.set(file, [...there, ...more]);
        }
      }
      const near = nearestFiles(
        missing.map(({ row }) => row.file),
        files,
      );
      for (const { row, users } of missing)
        problems.push(
          missingFile(
            row,
            users.map(({ upn }) => upn),
            near,
          ),
        );
      return { owners, reserved, waiting, problems: problems.sort((a, b) => a.line - b.line) };
    },
  };
}

function focusProblem({ line, user, focusProblem: message }: MatchRow, upns: readonly string[]): readonly RowProblem[] {
  if (message === undefined || message === null) return [];
  const cure =
    'Write focus as "x,y" in percent of the picture, or leave the cell empty: the square is then cut by source.crop.';
  return [{ line, kind: "focus", entry: user, upns, message, cure }];
}

/** The focus that the rows give to files; of several rows the first that gives one. */
export function focusByFile(
  rows: readonly Pick<MappingRow, "file" | "focus">[],
  files: readonly string[],
): ReadonlyMap<string, Focus> {
  const focused = rows.filter(({ focus }) => focus !== null);
  const find = fileFinder(focused, files);
  const found = new Map<string, Focus>();
  for (const { file, focus } of focused) {
    for (const at of find(file)) {
      const name = files[at];
      if (focus !== null && name !== undefined && !found.has(name)) found.set(name, focus);
    }
  }
  return found;
}

/** Finds a row's file: by its path as spelled, else without regard to case. Only the wanted paths are kept in memory. */
function fileFinder(
  rows: readonly Pick<MappingRow, "file">[],
  files: readonly string[],
): (file: string) => readonly number[] {
  const exact = new Map<string, number[]>();
  const folded = new Map<string, number[]>();
  const wanted = new Set(rows.map((row) => pathKey(row.file).toLowerCase()));
  files.forEach((file, position) => {
    const key = pathKey(file);
    if (!wanted.has(key.toLowerCase())) return;
    exact.set(key, [...(exact.get(key) ?? []), position]);
    folded.set(key.toLowerCase(), [...(folded.get(key.toLowerCase()) ?? []), position]);
  });
  return (file) => exact.get(pathKey(file)) ?? folded.get(pathKey(file).toLowerCase()) ?? [];
}
