import type { Mutation, Scene } from "../mutation.js";
import { isRecord, json, parsed, type Answer, type Asked } from "../wire.js";

type Row = Readonly<Record<string, unknown>>;

const ROWS = "rows";
/** Rows of a full page of Graph. */
const FULL = 999;
const PAGE = /fault-page-(\d+)/;

/** The rows of a list's answer; null where it is none. */
export function rowsOf(answer: Answer): readonly Row[] | null {
  const body = parsed(answer.body);
  return isRecord(body) && Array.isArray(body["value"]) ? (body["value"] as readonly Row[]) : null;
}

/** A page of rows, with the link in the words of the service that is asked. */
export function page(asked: Asked, rows: readonly Row[], next: string | null): Answer {
  const name = asked.host === "graph" ? "@odata.nextLink" : "odata.nextLink";
  return json(200, { value: rows, ...(next === null ? {} : { [name]: next }) });
}

function link(asked: Asked, at: number): string {
  const plain = asked.target.replace(/[?&]fault-page-\d+=1/, "");
  return `https://${asked.headers["host"] ?? ""}${plain}${plain.includes("?") ? "&" : "?"}fault-page-${String(at)}=1`;
}

/**
 * A list whose pages are made here. `pageAt` gives the rows of the n-th page (from 0) and the number of the next one, null at the end.
 */
export function paged(
  id: string,
  says: string,
  pageAt: (rows: readonly Row[], at: number) => { readonly rows: readonly Row[]; readonly next: number | null },
  shape: Mutation["shape"] = "list",
): Mutation {
  const answer = (asked: Asked, rows: readonly Row[], at: number): Answer => {
    const made = pageAt(rows, at);
    return page(asked, made.rows, made.next === null ? null : link(asked, made.next));
  };
  return {
    id,
    says,
    shape,
    before(asked, memory) {
      const at = PAGE.exec(asked.target)?.[1];
      const rows = memory.get(ROWS + asked.path) as readonly Row[] | undefined;
      return at === undefined || rows === undefined ? null : answer(asked, rows, Number(at));
    },
    change({ asked, answer: real, memory }) {
      if (PAGE.test(asked.target)) return { answer: real };
      const rows = rowsOf(real);
      if (rows === null) return null;
      memory.set(ROWS + asked.path, rows);
      return { answer: answer(asked, rows, 0) };
    },
  };
}

function rows(id: string, says: string, change: (rows: readonly Row[]) => readonly unknown[]): Mutation {
  return {
    id,
    says,
    shape: "list",
    change({ asked, answer }: Scene) {
      const found = rowsOf(answer);
      return found === null ? null : { answer: page(asked, change(found) as readonly Row[], null) };
    },
  };
}

const IDENTITY = ["id", "userPrincipalName", "skuId", "UniqueId", "FileLeafRef", "FileDirRef", "Id", "File"];

/** The row again as another thing: every name it goes by is new. */
function another(row: Row, number: number): Row {
  const made = Object.entries(row).map(([name, value]) => {
    if (name === "id" || name === "skuId" || name === "UniqueId") {
      return [name, `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`];
    }
    if (name === "userPrincipalName") return [name, `nobody.${String(number)}@contoso.com`];
    if (name === "Id") return [name, 100_000 + number];
    return [name, name === "FileLeafRef" ? `note ${String(number)}.txt` : value];
  });
  return Object.fromEntries(made) as Row;
}

const own = (asked: Asked): string => `https://${asked.headers["host"] ?? ""}${asked.target}`;

/** Links that lead nowhere, elsewhere, or back to the same page in other words. */
const LINKS: readonly (readonly [id: string, says: string, link: (asked: Asked) => unknown])[] = [
  ["link-elsewhere", "a link to another host", () => "https://127.0.0.1:9/elsewhere?$skiptoken=1"],
  ["link-plain-http", "a link to the same host without TLS", (asked) => own(asked).replace("https:", "http:")],
  [
    "link-user-info",
    "a link whose host stands before an @",
    (asked) => own(asked).replace("https://", "https://127.0.0.1:9@"),
  ],
  ["link-relative", "a relative link", (asked) => asked.target],
  ["link-itself", "a link to the page itself", own],
  [
    "link-reordered",
    "a link to the page itself, its parameters in another order",
    (asked) => {
      const [path = "", query = ""] = own(asked).split("?");
      return `${path}?${query.split("&").reverse().join("&")}&again=1`;
    },
  ],
  ["link-number", "a link that is a number", () => 7],
  ["link-blank", "a link of a blank", () => " "],
];

/** Rows of wrong types. */
const VALUES: readonly (readonly [id: string, says: string, value: (rows: readonly Row[]) => unknown])[] = [
  ["list-null", "null in place of the rows", () => null],
  ["list-object", "an object in place of the rows", (found) => ({ ...found })],
  ["list-texts", "texts in place of rows", (found) => found.map((row) => JSON.stringify(row))],
  [
    "list-numbers",
    "numbers for the names of rows",
    (found) =>
      found.map((row) =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name, IDENTITY.includes(name) ? 7 : value])),
      ),
  ],
  ["list-nested", "the rows one level deeper", (found) => [found]],
];

/** Changes of lists: what half answers, caches and wrong links make of them. */
export const LISTS: readonly Mutation[] = [
  rows("list-empty", "a list without rows", () => []),
  rows("list-half", "half the rows and no link", (found) => found.slice(0, Math.ceil(found.length / 2))),
  rows("list-late-half", "the second half of the rows", (found) => found.slice(Math.floor(found.length / 2))),
  rows("list-rows-null", "rows that are null", (found) => found.map(() => null)),
  rows("list-rows-anonymous", "rows without id and name", (found) =>
    found.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !IDENTITY.includes(name)))),
  ),
  paged("link-circle", "links A, B, A", (found, at) => ({ rows: found, next: at === 1 ? 2 : 1 })),
  paged("link-endless", "ever new links to the same rows", (found, at) => ({ rows: found, next: at + 1 })),
  paged("link-endless-rows", "ever new links to ever new rows", (found, at) => ({
    rows: at === 0 ? found : found.map((row, index) => another(row, at * 1000 + index)),
    next: at + 1,
  })),
  paged("link-endless-full", "ever new links to full pages of ever new rows", (found, at) => ({
    rows:
      at === 0
        ? found
        : Array.from({ length: FULL }, (_, row) => another(found[row % found.length] ?? {}, at * 1000 + row)),
    next: at + 1,
  })),
  paged("link-empty-pages", "ever new links to pages without rows", (found, at) => ({
    rows: at === 0 ? found : [],
    next: at + 1,
  })),
  ...LINKS.map(([id, says, link]): Mutation => ({
    id,
    says,
    shape: "list",
    change({ asked, answer }) {
      const found = rowsOf(answer);
      if (found === null) return null;
      const name = asked.host === "graph" ? "@odata.nextLink" : "odata.nextLink";
      return { answer: json(200, { value: found, [name]: link(asked) }) };
    },
  })),
  ...VALUES.map(([id, says, value]): Mutation => ({
    id,
    says,
    shape: "list",
    change: ({ answer }) => {
      const found = rowsOf(answer);
      return found === null ? null : { answer: json(200, { value: value(found) }) };
    },
  })),
];
