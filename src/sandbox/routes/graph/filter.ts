import type { SandboxUser } from "../../tenant.js";

export type UserTest = (user: SandboxUser) => boolean;

export interface ReadFilter {
  readonly test: UserTest;
  /** Uses `ne`, `not`, endsWith or $count: needs `ConsistencyLevel: eventual` and `$count=true`. */
  readonly advanced: boolean;
}

type Value = string | boolean | null;

const PROPERTIES: { readonly [name: string]: (user: SandboxUser) => Value } = {
  id: (user) => user.id,
  userprincipalname: (user) => user.upn,
  displayname: (user) => user.displayName,
  givenname: (user) => user.givenName,
  surname: (user) => user.surname,
  mail: (user) => user.mail,
  employeeid: (user) => user.employeeId,
  onpremisessamaccountname: (user) => user.onPremisesSamAccountName,
  usertype: (user) => user.userType,
  accountenabled: (user) => user.accountEnabled,
  onpremisessyncenabled: (user) => user.onPremisesSyncEnabled,
};

/** Reads the `$filter` forms that photo tools use on /users; null for anything else (Graph then answers Request_UnsupportedQuery). */
export function readUserFilter(text: string): ReadFilter | null {
  const tokens = tokenize(text);
  if (tokens === null) return null;
  const reader = { tokens, at: 0, advanced: false };
  const test = readOr(reader);
  return test !== null && reader.at === tokens.length ? { test, advanced: reader.advanced } : null;
}

interface Reader {
  readonly tokens: readonly string[];
  at: number;
  advanced: boolean;
}

function tokenize(text: string): string[] | null {
  const tokens: string[] = [];
  const pattern = /\s*('(?:[^']|'')*'|[(),:]|[A-Za-z0-9_$/.-]+)/gy;
  let end = 0;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    tokens.push(found[1] ?? "");
    end = pattern.lastIndex;
  }
  return text.slice(end).trim() === "" ? tokens : null;
}

function take(reader: Reader, wanted?: string): string | null {
  const token = reader.tokens[reader.at];
  if (token === undefined || (wanted !== undefined && token.toLowerCase() !== wanted)) return null;
  reader.at += 1;
  return token;
}

function readOr(reader: Reader): UserTest | null {
  let left = readAnd(reader);
  while (left !== null && take(reader, "or") !== null) {
    const [first, second] = [left, readAnd(reader)];
    left = second === null ? null : (user) => first(user) || second(user);
  }
  return left;
}

function readAnd(reader: Reader): UserTest | null {
  let left = readNot(reader);
  while (left !== null && take(reader, "and") !== null) {
    const [first, second] = [left, readNot(reader)];
    left = second === null ? null : (user) => first(user) && second(user);
  }
  return left;
}

function readNot(reader: Reader): UserTest | null {
  if (take(reader, "not") === null) return readTerm(reader);
  reader.advanced = true;
  const test = readNot(reader);
  return test === null ? null : (user) => !test(user);
}

function readTerm(reader: Reader): UserTest | null {
  if (take(reader, "(") !== null) {
    const inner = readOr(reader);
    return inner !== null && take(reader, ")") !== null ? inner : null;
  }
  const name = take(reader)?.toLowerCase();
  if (name === undefined) return null;
  if (name === "startswith" || name === "endswith") return readTextTest(reader, name);
  if (name === "assignedlicenses/any") return readLicenceTest(reader);
  if (name === "assignedlicenses/$count") return readLicenceCount(reader);
  const property = PROPERTIES[name];
  return property === undefined ? null : readComparison(reader, property);
}

function readComparison(reader: Reader, property: (user: SandboxUser) => Value): UserTest | null {
  const operator = take(reader)?.toLowerCase();
  if (operator === "in") return readIn(reader, property);
  const wanted = readLiteral(reader);
  if (wanted === undefined) return null;
  if (operator === "eq") return (user) => same(property(user), wanted);
  if (operator !== "ne") return null;
  reader.advanced = true;
  return (user) => !same(property(user), wanted);
}

function readIn(reader: Reader, property: (user: SandboxUser) => Value): UserTest | null {
  if (take(reader, "(") === null) return null;
  const wanted: Value[] = [];
  do {
    const literal = readLiteral(reader);
    if (literal === undefined) return null;
    wanted.push(literal);
  } while (take(reader, ",") !== null);
  return take(reader, ")") === null ? null : (user) => wanted.some((value) => same(property(user), value));
}

function readTextTest(reader: Reader, name: "startswith" | "endswith"): UserTest | null {
  if (take(reader, "(") === null) return null;
  const property = PROPERTIES[take(reader)?.toLowerCase() ?? ""];
  if (property === undefined || take(reader, ",") === null) return null;
  const literal = readLiteral(reader);
  if (typeof literal !== "string" || take(reader, ")") === null) return null;
  const wanted = literal.toLowerCase();
  if (name === "endswith") reader.advanced = true;
  return (user) => {
    const value = String(property(user) ?? "").toLowerCase();
    return name === "startswith" ? value.startsWith(wanted) : value.endsWith(wanted);
  };
}

/** `assignedLicenses/any(x:x/skuId eq GUID)` */
function readLicenceTest(reader: Reader): UserTest | null {
  if (take(reader, "(") === null || take(reader) === null || take(reader, ":") === null) return null;
  if (!(take(reader) ?? "").toLowerCase().endsWith("/skuid") || take(reader, "eq") === null) return null;
  const skuId = take(reader)?.replaceAll("'", "").toLowerCase();
  if (skuId === undefined || take(reader, ")") === null) return null;
  return (user) => user.assignedLicenses.some((licence) => licence.skuId.toLowerCase() === skuId);
}

/** `assignedLicenses/$count ne 0` */
function readLicenceCount(reader: Reader): UserTest | null {
  reader.advanced = true;
  const operator = take(reader)?.toLowerCase();
  const wanted = Number(take(reader) ?? "");
  if (Number.isNaN(wanted) || (operator !== "eq" && operator !== "ne")) return null;
  return (user) => (user.assignedLicenses.length === wanted) === (operator === "eq");
}

function readLiteral(reader: Reader): Value | undefined {
  const token = take(reader);
  if (token === null) return undefined;
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  const folded = token.toLowerCase();
  if (folded === "true") return true;
  if (folded === "false") return false;
  return folded === "null" ? null : undefined;
}

function same(value: Value, wanted: Value): boolean {
  return typeof value === "string" && typeof wanted === "string"
    ? value.toLowerCase() === wanted.toLowerCase()
    : value === wanted;
}
