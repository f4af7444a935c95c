import type { SandboxResponse } from "../../http.js";
import type { LibraryItem, Tenant } from "../../tenant.js";
import { badRequest, listViewThreshold } from "./errors.js";
import { folderItemEntity, isoTime, itemEntity } from "./entities.js";
import { filteredFields, matches, parseFilter } from "./filter.js";
import type { Call } from "./odata.js";
import { collectionReply, json, type Entity } from "./replies.js";

/** Items a query may touch (list view threshold), and the largest page. */
export const THRESHOLD = 5000;
const DEFAULT_PAGE = 100;

/** Files in id order, from the first id above `after`. */
export function filesAfter(tenant: Tenant, after: number): readonly LibraryItem[] {
  const sorted = sortedItems(tenant);
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.id ?? 0) > after) high = middle;
    else low = middle + 1;
  }
  return low === 0 ? sorted : sorted.slice(low, low + THRESHOLD + 1);
}

/** By the library's change log: a tenant that was put back to an earlier state has another one, and other items. */
const sortedLists = new WeakMap<
  Tenant["library"]["changes"],
  { readonly mark: string; readonly items: readonly LibraryItem[] }
>();

function sortedItems(tenant: Tenant): readonly LibraryItem[] {
  const { items, nextItemId, changes } = tenant.library;
  const mark = `${String(items.size)}/${String(nextItemId)}/${String(changes.length)}`;
  const known = sortedLists.get(changes);
  if (known?.mark === mark) return known.items;
  const sorted = [...items.values()].sort((a, b) => a.id - b.id);
  sortedLists.set(changes, { mark, items: sorted });
  return sorted;
}

/** Last id of the page before, out of `Paged=TRUE&p_ID=5000`; 0 without. */
export function pagedId(token: string | undefined): number {
  const match = /p_ID=(\d+)/i.exec(token ?? "");
  return match === null ? 0 : Number(match[1]);
}

function nextLink(call: Call, lastId: number): string {
  const { url } = call.request;
  const parts = [`%24skiptoken=${encodeURIComponent(`Paged=TRUE&p_ID=${String(lastId)}`)}`];
  for (const [name, value] of url.searchParams)
    if (name.toLowerCase() !== "$skiptoken") parts.push(`${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return `${url.origin}${url.pathname}?${parts.join("&")}`;
}

/** GET …/items: pages of at most 5,000 by $skiptoken; $skip is not supported for items. */
export async function listItems(tenant: Tenant, call: Call): Promise<SandboxResponse | null> {
  const top = Number(call.query.get("$top") ?? DEFAULT_PAGE);
  if (!Number.isInteger(top) || top < 1) return badRequest(call, "The value of $top is not valid.");
  if (top > THRESHOLD) return listViewThreshold(call);
  const conditions = parseFilter(call.query.get("$filter"));
  if (conditions === undefined) return null;
  if (tenant.library.items.size > THRESHOLD && passesThreshold(call, conditions)) return listViewThreshold(call);
  if (!isOrderById(call)) return null;
  const withLength = /File_x0020_Size/i.test(call.query.get("$select") ?? "");
  const after = pagedId(call.query.get("$skiptoken"));
  const page: Entity[] = [];
  let lastId = after;
  for await (const { id, entity } of itemsAfter(tenant, after, withLength)) {
    if (page.length === top) return collectionReply(call, page, nextLink(call, lastId));
    lastId = id;
    if (matches(entity.properties, conditions)) page.push(entity);
  }
  return collectionReply(call, page, null);
}

function isOrderById(call: Call): boolean {
  return /^id( asc)?$/i.test(call.query.get("$orderby") ?? "id");
}

/** A query of a large list that touches more than its index of ids. */
function passesThreshold(call: Call, conditions: NonNullable<ReturnType<typeof parseFilter>>): boolean {
  return !isOrderById(call) || filteredFields(conditions).some((field) => field !== "id");
}

/** Folders, which have the first ids, then as many files as one query may touch. */
async function* itemsAfter(
  tenant: Tenant,
  after: number,
  withLength: boolean,
): AsyncGenerator<{ readonly id: number; readonly entity: Entity }> {
  for (let at = after; at < tenant.library.folders.length; at++)
    yield { id: at + 1, entity: folderItemEntity(tenant, at) };
  for (const item of filesAfter(tenant, after))
    yield { id: item.id, entity: await itemEntity(tenant, item, withLength) };
}

interface Stream {
  readonly parameters?: {
    readonly RenderOptions?: number;
    readonly ViewXml?: string;
    readonly FolderServerRelativeUrl?: string;
    readonly Paging?: string;
  };
}

function rowLimit(viewXml: string | undefined): number {
  const limit = /<RowLimit[^>]*>\s*(\d+)\s*<\/RowLimit>/i.exec(viewXml ?? "");
  return Math.min(THRESHOLD, limit === null ? 30 : Number(limit[1]));
}

function inFolder(item: LibraryItem, folder: string | undefined): boolean {
  return (
    folder === undefined || folder === "" || item.folder.toLowerCase() === folder.toLowerCase().replace(/\/+$/, "")
  );
}

/** Files after an id, at most `limit`, and whether there are more. */
function filePage(
  tenant: Tenant,
  after: number,
  limit: number,
  folder: string | undefined,
): { items: LibraryItem[]; more: boolean } {
  const items: LibraryItem[] = [];
  for (const item of sortedItems(tenant)) {
    if (item.id <= after || !inFolder(item, folder)) continue;
    if (items.length === limit) return { items, more: true };
    items.push(item);
  }
  return { items, more: false };
}

/** POST …/RenderListDataAsStream: every column as text, whatever the view selects (facts/sharepoint.md 3.1). */
export async function renderAsStream(tenant: Tenant, call: Call, body: unknown): Promise<SandboxResponse | null> {
  const { parameters } = (body ?? {}) as Stream;
  if (parameters === undefined) return badRequest(call, "The parameter parameters is missing.");
  if (/<Where[\s>]/i.test(parameters.ViewXml ?? "")) return null;
  const limit = rowLimit(parameters.ViewXml);
  const { items, more } = filePage(tenant, pagedId(parameters.Paging), limit, parameters.FolderServerRelativeUrl);
  const rows = [];
  for (const item of items) {
    const { properties } = await itemEntity(tenant, item, true);
    rows.push({
      ID: String(item.id),
      FSObjType: "0",
      UniqueId: `{${item.uniqueId.toUpperCase()}}`,
      FileLeafRef: item.name,
      FileDirRef: item.folder,
      FileRef: properties["FileRef"],
      File_x0020_Size: String(item.length ?? ""),
      File_x0020_Type: "jpg",
      Modified: isoTime(item.photo.modifiedAt),
      "Modified.": isoTime(item.photo.modifiedAt),
    });
  }
  const last = items.at(-1)?.id ?? 0;
  return json(call, 200, {
    Row: rows,
    FirstRow: 1,
    LastRow: rows.length,
    RowLimit: limit,
    ...(more ? { NextHref: `?Paged=TRUE&p_ID=${String(last)}` } : {}),
  });
}

interface CamlBody {
  readonly query?: {
    readonly ViewXml?: string;
    readonly FolderServerRelativeUrl?: string;
    readonly ListItemCollectionPosition?: { readonly PagingInfo?: string };
  };
}

/** POST …/getitems with a CAML view; conditions are not answered. */
export async function itemsByCaml(tenant: Tenant, call: Call, body: unknown): Promise<SandboxResponse | null> {
  const { query } = (body ?? {}) as CamlBody;
  if (query === undefined) return badRequest(call, "The parameter query is missing.");
  if (/<Where[\s>]/i.test(query.ViewXml ?? "")) return null;
  const after = pagedId(query.ListItemCollectionPosition?.PagingInfo);
  const { items } = filePage(tenant, after, rowLimit(query.ViewXml), query.FolderServerRelativeUrl);
  return collectionReply(call, await Promise.all(items.map((item) => itemEntity(tenant, item, true))));
}
