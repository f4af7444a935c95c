import { byText } from "../model/ids.js";
import type { MappingRow } from "../model/list.js";
import type { DirectoryUser } from "../model/user.js";
import { KEY_KINDS, keysOf, personKey, type KeyKind } from "./people.js";

/** What matching needs of a row of the mapping file. */
export type MatchRow = Pick<MappingRow, "user" | "file" | "line">;

/** A row that cannot be followed. */
export interface MappingProblem {
  readonly line: number;
  readonly message: string;
}

export interface UserRef {
  readonly id: DirectoryUser["id"];
  readonly upn: string;
}

/** What the rows say once all users have been seen. */
export interface ResolvedMapping {
  /** File position -> users the rows give it to. */
  readonly owners: ReadonlyMap<number, readonly UserRef[]>;
  /** Files that a row gives to somebody who does not exist (line of the row): no pattern may give them to anybody else. */
  readonly reserved: ReadonlyMap<number, number>;
  /** Users whose row names a file that is not there (line of the row): no pattern may give them another. */
  readonly waiting: ReadonlyMap<string, number>;
  readonly problems: readonly MappingProblem[];
}

export interface Mapping {
  /** Looks at one user of the stream; keeps it only when a row names it. */
  see(user: DirectoryUser): void;
  resolve(): ResolvedMapping;
}

/** @param files paths relative to the source folder, forward slashes */
export function openMapping(rows: readonly MatchRow[], files: readonly string[]): Mapping {
  const named = new Map<string, Map<string, { user: UserRef; kind: KeyKind }>>(
    rows.map((row) => [personKey(row.user), new Map()]),
  );
  return {
    see(user) {
      if (named.size === 0) return;
      for (const { kind, key } of keysOf(user)) {
        const users = named.get(key);
        if (users !== undefined && !users.has(user.id))
          users.set(user.id, { user: { id: user.id, upn: user.upn }, kind });
      }
    },
    resolve() {
      const find = fileFinder(rows, files);
      const owners = new Map<number, UserRef[]>();
      const reserved = new Map<number, number>();
      const waiting = new Map<string, number>();
      const problems: MappingProblem[] = [];
      for (const row of rows) {
        const users = surest([...(named.get(personKey(row.user))?.values() ?? [])]);
        const found = find(row.file);
        if (users.length === 0) {
          problems.push({
            line: row.line,
            message: `no user has the UPN, mail, object id or employee id "${row.user}"`,
          });
          for (const file of found) reserved.set(file, row.line);
        }
        if (found.length === 0) {
          problems.push({ line: row.line, message: `"${row.file}" is not among the images of the source folder` });
          for (const user of users) waiting.set(user.id, row.line);
        }
        for (const file of found) {
          const there = owners.get(file) ?? [];
          const more = users.filter((user) => !there.some((owner) => owner.id === user.id));
          if (there.length + more.length > 0) owners.set(file, [...there, ...more]);
        }
      }
      return { owners, reserved, waiting, problems };
    },
  };
}

/** The users of the surest kind of key; more than one only where the directory itself has the key twice. */
function surest(users: readonly { readonly user: UserRef; readonly kind: KeyKind }[]): readonly UserRef[] {
  const kind = KEY_KINDS.find((candidate) => users.some((entry) => entry.kind === candidate));
  return users
    .filter((entry) => entry.kind === kind)
    .map((entry) => entry.user)
    .sort((a, b) => byText(a.upn, b.upn));
}

/** Finds a row's file: by its path as spelled, else without regard to case. Only the wanted paths are kept in memory. */
function fileFinder(rows: readonly MatchRow[], files: readonly string[]): (file: string) => readonly number[] {
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

function pathKey(path: string): string {
  return path
    .normalize("NFC")
    .trim()
    .replace(/\\/g, "/")
    .replace(/^(\.\/)+/, "");
}
