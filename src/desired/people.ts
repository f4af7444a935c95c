import { byText, type UserId } from "../model/ids.js";
import type { PersonRow, RowProblem } from "../model/list.js";
import type { DirectoryUser } from "../model/user.js";
import { addressesIn, peopleIn } from "./people-in.js";
import { personKey } from "./person-key.js";

/** How sure a key names a user: by UPN, then object id, mail, alias (former UPNs are among them), and employee id. */
export const KEY_KINDS = ["upn", "id", "mail", "alias", "employeeId"] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

export interface UserKey {
  readonly kind: KeyKind;
  readonly key: string;
}

/** The keys a list may name a user by, with their kind; attributes that the user lacks are left out. */
export function keysOf(user: DirectoryUser): readonly UserKey[] {
  const { upn, id, mail, aliases, employeeId } = user;
  const values: readonly (readonly [KeyKind, string | null])[] = [
    ["upn", upn],
    ["id", id],
    ["mail", mail],
    ...aliases.map((alias) => ["alias", alias] as const),
    ["employeeId", employeeId],
  ];
  return values.flatMap(([kind, value]) => {
    const key = personKey(value ?? "");
    return key === "" ? [] : [{ kind, key }];
  });
}

/** A list of people (consent, pins) that remembers which rows named somebody. */
export interface PeopleList {
  readonly size: number;
  /**
   * True when a row names the user by UPN, mail, alias, object id or employee id. A row that names several users holds for all of them,
   * whether one text does, the cell has several people, or addresses stand beyond the header: on these lists it is safer to leave one
   * photo too many alone.
   */
  has(user: DirectoryUser): boolean;
  /**
   * What in the rows named none of the users asked for, or several, and rows with cells too many, in order of line: a typing error in a
   * consent list must not pass unseen.
   */
  problems(): readonly RowProblem[];
}

export interface UserRef {
  readonly id: UserId;
  readonly upn: string;
}

/** Users kept of one row; more say nothing new. */
const KEPT = 10;

/** One of the people that a row means, with the users that the text names so far. */
export interface NamedRow<Row extends PersonRow> {
  readonly row: Row;
  /** The part of the row that means this one. */
  readonly entry: string;
  readonly users: Map<UserId, { readonly upn: string; readonly kind: KeyKind }>;
}

/**
 * Rows by the key they name a user with; those with an empty cell are under "". A row of several people is there for each of them.
 * @param partsOf what of a row means somebody, at least one text
 */
export function rowsByKey<Row extends PersonRow>(
  rows: Iterable<Row>,
  partsOf: (row: Row) => readonly string[],
): ReadonlyMap<string, readonly NamedRow<Row>[]> {
  const byKey = new Map<string, NamedRow<Row>[]>();
  for (const row of rows) {
    for (const entry of partsOf(row)) {
      const key = personKey(entry);
      const named = { row, entry, users: new Map() };
      const there = byKey.get(key);
      if (there === undefined) byKey.set(key, [named]);
      else there.push(named);
    }
  }
  return byKey;
}

/** Notes at the rows that name the user; true when one does. */
export function noteUser(rows: ReadonlyMap<string, readonly NamedRow<PersonRow>[]>, user: DirectoryUser): boolean {
  if (rows.size === 0) return false;
  const named = keysOf(user).flatMap(({ kind, key }) => (rows.get(key) ?? []).map(({ users }) => ({ kind, users })));
  for (const { kind, users } of named) {
    if (users.has(user.id)) continue;
    if (users.size >= KEPT) dropLessSure(users, kind);
    if (users.size < KEPT) users.set(user.id, { upn: user.upn, kind });
  }
  return named.length > 0;
}

function dropLessSure(users: NamedRow<PersonRow>["users"], kind: KeyKind): void {
  const weaker = [...users].find(([, other]) => KEY_KINDS.indexOf(other.kind) > KEY_KINDS.indexOf(kind));
  if (weaker !== undefined) users.delete(weaker[0]);
}

/** The users of the surest kind of key, sorted; more than one only where the directory itself has the key twice. */
export function surest(named: NamedRow<PersonRow>): readonly UserRef[] {
  const users = [...named.users].map(([id, user]) => ({ id, ...user }));
  const kind = KEY_KINDS.find((candidate) => users.some((user) => user.kind === candidate));
  return users.filter((user) => user.kind === kind).sort((a, b) => byText(a.upn, b.upn));
}

/** What is wrong with one of the people of a row, or null; nobody and several users are. */
export function userProblem(line: number, text: string, upns: readonly string[]): RowProblem | null {
  if (upns.length === 1) return null;
  const entry = text.trim();
  const several = upns.length > 1;
  const nobody = personKey(entry) === "" ? "the column user is empty" : `"${entry}" names no user of the tenant`;
  return {
    line,
    kind: several ? "several-users" : "no-user",
    entry,
    upns,
    message: several ? `"${entry}" names ${upns.length} users: ${upns.join(", ")}` : nobody,
  };
}

/** Told of a row with more in it than the header has columns for: none, or one problem. */
export function beyondProblem({ line, beyond }: PersonRow, cure: string): readonly RowProblem[] {
  if (beyond === undefined) return [];
  const cells = beyond.map((cell) => `"${cell}"`).join(", ");
  const entry = beyond[0] ?? "";
  return [{ line, kind: "beyond-header", entry, upns: [], message: `the header has no column for ${cells}`, cure }];
}

const ONE_A_LINE = "Write one person a line; put a cell that holds the separator of the columns in quotes.";

/** @param rows in order of line, cells as the file has them */
export function peopleList(rows: readonly PersonRow[]): PeopleList {
  const byKey = rowsByKey(rows, ({ user, beyond }) => [...peopleIn(user), ...(beyond ?? []).flatMap(addressesIn)]);
  return {
    size: rows.length,
    has: (user) => noteUser(byKey, user),
    problems() {
      const unclear = [...byKey.values()].flat().flatMap((named) => {
        const upns = surest(named).map(({ upn }) => upn);
        return userProblem(named.row.line, named.entry, upns) ?? [];
      });
      const beyond = rows.flatMap((row) => beyondProblem(row, ONE_A_LINE));
      return [...unclear, ...beyond].sort((a, b) => a.line - b.line);
    },
  };
}
