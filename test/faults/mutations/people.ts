import type { Mutation } from "../mutation.js";
import { readParts, writeParts } from "../parts.js";
import { json, type Answer } from "../wire.js";
import { graphParts } from "../kinds.js";
import { page, paged, rowsOf } from "./lists.js";

type Row = Readonly<Record<string, unknown>>;

function half(rows: readonly Row[]): number {
  return Math.ceil(rows.length / 2);
}

function upnOf(row: Row | undefined): string {
  const upn = row?.["userPrincipalName"];
  return typeof upn === "string" ? upn : "";
}

/** A user whom others rest on: with a photo, thumbnails and a profile, in the first half. */
function member(rows: readonly Row[]): Row | undefined {
  return rows.find((row) => upnOf(row).startsWith("juergen.mueller"));
}

/** Changes of the list of users that happen while it is read. */
export const PEOPLE: readonly Mutation[] = [
  paged(
    "users-twice",
    "users of page 1 again on page 2",
    (rows, at) =>
      at === 0
        ? { rows: rows.slice(0, half(rows)), next: 1 }
        : { rows: rows.slice(Math.max(0, half(rows) - 3)), next: null },
    "users",
  ),
  paged(
    "user-renamed-between",
    "a user of page 1 on page 2 under another name",
    (rows, at) => {
      const renamed = { ...member(rows), userPrincipalName: "juergen.meier@contoso.com" };
      return at === 0
        ? { rows: rows.slice(0, half(rows)), next: 1 }
        : { rows: [...rows.slice(half(rows)), renamed], next: null };
    },
    "users",
  ),
  {
    id: "users-differ-in-case",
    says: "two users whose UPNs differ in case only",
    shape: "users",
    change({ asked, answer }) {
      const rows = rowsOf(answer);
      const first = rows === null ? undefined : member(rows);
      if (rows === null || first === undefined) return null;
      const twin = {
        ...first,
        id: "00000000-0000-4000-8000-000000000001",
        userPrincipalName: upnOf(first).toUpperCase(),
      };
      return { answer: page(asked, [...rows, twin], null) };
    },
  },
  {
    id: "user-deleted-between",
    says: "a user who is listed and then gone",
    shape: "users",
    everywhere: true,
    change({ asked, kind, answer, memory }) {
      if (kind === "users") {
        const rows = rowsOf(answer);
        if (rows === null) return null;
        memory.set("gone", String(member(rows)?.["id"]));
        return null;
      }
      const gone = String(memory.get("gone"));
      return kind === "metadata" || kind === "renditions" ? withoutUser(gone, asked, answer) : null;
    },
  },
];

function withoutUser(id: string, asked: Parameters<typeof readParts>[0], answer: Answer) {
  const at = graphParts(asked).findIndex(({ url }) => url.includes(id));
  const parts = at < 0 ? null : readParts(asked, answer);
  if (parts === null) return null;
  const error = {
    code: "Request_ResourceNotFound",
    message: `Resource '${id}' does not exist or one of its queried …`,
  };
  const told = parts.map((part, index) =>
    index === at ? { ...part, status: 404, headers: JSON_TYPE, body: { error } } : part,
  );
  return { answer: writeParts(asked, answer, told), parts: [at] };
}

const JSON_TYPE = { "Content-Type": "application/json" };

/** Names that break careless code, and more items than one page or a folder's `files` can give. */
const ODD = ["it's.txt", "100 %.txt", "50%25.txt", "nr #1.txt", "Grüße.txt", "o''brien_LThumb.txt"];
const MANY = 5001;

export const ITEMS: readonly Mutation[] = [
  {
    id: "items-5001",
    says: "5,001 more items, some with quote, %, # and umlaut in their names",
    shape: "items",
    everywhere: true,
    before(asked, memory) {
      const match = /fault-page-(\d+)/.exec(asked.target)?.[1];
      if (match === undefined || !memory.has("rows")) return null;
      const from = (Number(match) - 1) * 5000;
      const count = Math.min(5000, MANY - from);
      const rows = Array.from({ length: count }, (_, index) => oddItem(from + index));
      return page(asked, rows, from + count < MANY ? nextOf(asked.headers["host"], asked.target, 2) : null);
    },
    change({ asked, kind, answer, memory }) {
      if (kind === "library") {
        const body = JSON.parse(answer.body.toString("utf8")) as Row;
        return { answer: json(200, { ...body, ItemCount: Number(body["ItemCount"]) + MANY }) };
      }
      if (kind !== "items" || /fault-page/.test(asked.target)) return null;
      const rows = rowsOf(answer);
      if (rows === null) return null;
      memory.set("rows", true);
      return { answer: page(asked, rows, nextOf(asked.headers["host"], asked.target, 1)) };
    },
  },
];

function nextOf(host: string | undefined, target: string, at: number): string {
  return `https://${host ?? ""}${target.replace(/&fault-page-\d+=1/, "")}&fault-page-${String(at)}=1`;
}

function oddItem(number: number): Row {
  return {
    Id: 10_000 + number,
    FileLeafRef: ODD[number] ?? `note ${String(number)}.txt`,
    FileDirRef: "/User Photos/Profile Pictures",
    UniqueId: `00000000-0000-4000-9000-${String(number).padStart(12, "0")}`,
    File: {
      ETag: `"{00000000-0000-4000-9000-${String(number).padStart(12, "0")}},1"`,
      Length: "5",
      TimeLastModified: "2026-01-01T00:00:00Z",
    },
  };
}
