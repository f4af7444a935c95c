import { byText, type UserId } from "../model/ids.js";
import type { PersonRow, RowProblem } from "../model/list.js";
import type { DirectoryUser } from "../model/user.js";
import { addressesIn, peopleIn } from "./people-in.js";
import { personKey } from "./person-key.js";

/** How sure a key names a user: by UPN, then object id, mail, alias (former UPNs are among them), and employee id. */
export const KEY_KINDS = ["upn", "id", "mail", "alias", "employeeId"] as const;
export type KeyKind = (typeof KEY_KINDS)[number];
/** What people call each kind. */
export const KEY_WORDS: Readonly<Record<KeyKind, string>> = {
  upn: "UPN",
  id: "object id",
  mail: "mail address",
  alias: "alias",
  employeeId: "employee id",
};

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
  /** Rows. */
  readonly size: number;
  /** Different people that the rows mean, in the tenant or not. */
  readonly names: number;
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

/** A user that a text names, with the surest kind of key by which it does. */
export interface NamedUser extends UserRef {
  readonly kind: KeyKind;
}

/** Everybody whom the text names, the surest kind of key first; more than one only where the directory itself has the key twice. */
function everybody(named: NamedRow<PersonRow>): readonly NamedUser[] {
  const rank = ({ kind }: NamedUser): number => KEY_KINDS.indexOf(kind);
  return [...named.users]
    .map(([id, user]) => ({ id, ...user }))
    .sort((a, b) => rank(a) - rank(b) || byText(a.upn, b.upn));
}

/** Those of them whom it names by the surest kind of key. */
export function surest(named: NamedRow<PersonRow>): readonly NamedUser[] {
  const users = everybody(named);
  return users.filter(({ kind }) => kind === users[0]?.kind);
}

/** What is wrong with one of the people of a row, or null; nobody and several users are. */
export function userProblem(line: number, text: string, users: readonly NamedUser[]): RowProblem | null {
  if (users.length === 1) return null;
  const entry = text.trim();
  const upns = users.map(({ upn }) => upn);
  if (users.length === 0) {
    const message = personKey(entry) === "" ? "the column user is empty" : `"${entry}" names no user of the tenant`;
    const glued = gluedAddresses(entry);
    return { line, kind: "no-user", entry, upns, message, ...(glued.length > 1 ? { cure: oneALine(glued) } : {}) };
  }
  const alike = users.every(({ kind }) => kind === users[0]?.kind);
  const named = users.map(({ upn, kind }) => (alike ? upn : `${upn} (${KEY_WORDS[kind]})`)).join(", ");
  const message = `"${entry}" names ${users.length} users: ${named}`;
  const problem: RowProblem = { line, kind: "several-users", entry, upns, message };
  // Where it is a UPN already, this is the one who is meant, most probably: only the object id is nobody else's.
  return users[0]?.kind === "upn" ? { ...problem, cure: "Write the object id, which only one user has." } : problem;
}

/**
 * The addresses of a text that is none, for people glued with a character that an address may hold as well (`a@x&b@x`): which of them is meant
 * by it is for a person to say.
 */
function gluedAddresses(entry: string): readonly string[] {
  return entry.match(/[^\s@&+|\\/;,<>()"]+@[^\s@&+|\\/;,<>()"]+/gu) ?? [];
}

function oneALine(addresses: readonly string[]): string {
  return `Write one person a line: ${addresses.join(" and ")}.`;
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
    names: [...byKey.keys()].filter((key) => key !== "").length,
    has: (user) => noteUser(byKey, user),
    problems() {
      const unclear = [...byKey.values()].flat().flatMap((named) => {
        return userProblem(named.row.line, named.entry, everybody(named)) ?? [];
      });
      const beyond = rows.flatMap((row) => beyondProblem(row, ONE_A_LINE));
      return [...unclear, ...beyond].sort((a, b) => a.line - b.line);
    },
  };
}
