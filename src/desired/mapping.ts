import type { Focus, MappingRow, RowProblem } from "../model/list.js";
import type { UserId } from "../model/ids.js";
import { pathKey } from "../model/path-key.js";
import type { DirectoryUser } from "../model/user.js";
import { missingFile, nearestFiles } from "./nearest-file.js";
import {
  beyondProblem,
  keysOf,
  noteUser,
  rowsByKey,
  surest,
  userProblem,
  type NamedRow,
  type UserRef,
} from "./people.js";
import { peopleIn } from "./people-in.js";
import { personKey } from "./person-key.js";

/** What matching needs of a row of the mapping file. */
export type MatchRow = Pick<MappingRow, "user" | "file" | "line" | "beyond" | "archivedFor"> &
  Partial<Pick<MappingRow, "focusProblem">>;

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
  const named = rowsByKey(rows, ({ user }) => peopleIn(user));
  const partsOf = new Map<MatchRow, NamedRow<MatchRow>[]>(rows.map((row) => [row, []]));
  for (const part of [...named.values()].flat()) partsOf.get(part.row)?.push(part);
  const archived = archivedMasters(rows);
  return {
    see(user) {
      noteUser(named, user);
      archived.see(user);
    },
    resolve() {
      const find = fileFinder(rows, files);
      const missing: { readonly row: MatchRow; readonly users: readonly UserRef[] }[] = [];
      const owners = new Map<number, UserRef[]>();
      const reserved = new Map<number, number>();
      const waiting = new Map<string, number>();
      const problems: RowProblem[] = [];
      for (const row of rows) {
        const { users, problems: unclear } = usersOfRow(row, partsOf.get(row) ?? []);
        const found = find(row.file);
        const upns = users.map(({ upn }) => upn);
        problems.push(...unclear, ...focusProblem(row, upns), ...beyondProblem(row, QUOTE_CELLS));
        for (const file of users.length === 0 ? found : []) reserved.set(file, row.line);
        if (found.length === 0) {
          // What was carried out and put away is no fault; another file is still nobody's to choose.
          if (!archived.has(row, users)) missing.push({ row, users });
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

/** Which rows name a file that went into the archive as the master of the very user that they name, by whatever name the user had then. */
function archivedMasters(rows: readonly MatchRow[]) {
  const ids = new Map<string, Set<UserId>>();
  for (const { archivedFor = [] } of rows) for (const upn of archivedFor) ids.set(personKey(upn), new Set());
  return {
    see(user: DirectoryUser): void {
      if (ids.size > 0) for (const { key } of keysOf(user)) ids.get(key)?.add(user.id);
    },
    has({ archivedFor = [] }: MatchRow, users: readonly UserRef[]): boolean {
      return (
        users.length > 0 &&
        users.every(({ id }) => archivedFor.some((upn) => ids.get(personKey(upn))?.has(id) === true))
      );
    },
  };
}

const QUOTE_CELLS = "Put a cell that holds the separator of the columns in quotes.";
const ONE_USER = "Write one user in the row: a file is one user's.";

interface RowUsers {
  readonly users: readonly UserRef[];
  readonly problems: readonly RowProblem[];
}

/**
 * Whom a row gives its file to: one user; several where nobody can say which of them, whether one text names them or the cell has several
 * people; nobody also where the cell has several people and one of them alone is a user.
 */
function usersOfRow(row: MatchRow, parts: readonly NamedRow<MatchRow>[]): RowUsers {
  const named = parts.map((part) => ({ entry: part.entry, users: surest(part) }));
  const problems = named.flatMap(({ entry, users }) => userProblem(row.line, entry, users) ?? []);
  const users = [...new Map(named.flatMap((part) => part.users).map((user) => [user.id, user])).values()];
  const nobody = problems.some(({ kind }) => kind === "no-user");
  if (parts.length === 1 || users.length === 0 || (users.length === 1 && !nobody)) return { users, problems };
  const [entry, upns] = [row.user.trim(), upnsOf(users)];
  const message = `"${entry}" means ${parts.length} people`;
  const several: RowProblem = { line: row.line, kind: "several-users", entry, upns, message, cure: ONE_USER };
  return { users: users.length === 1 ? [] : users, problems: [several, ...problems] };
}

function upnsOf(users: readonly UserRef[]): readonly string[] {
  return users.map(({ upn }) => upn);
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
