import type { SandboxResponse } from "../../http.js";
import { CHANGE, namedGuid, pathOf } from "../../library.js";
import type { LibraryItem, Tenant } from "../../tenant.js";
import { changeToken, currentToken, isoTime } from "./entities.js";
import { badRequest } from "./errors.js";
import { filesAfter, pagedId, THRESHOLD } from "./items.js";
import type { Call } from "./odata.js";
import { json } from "./replies.js";

/** How long SharePoint keeps its change log. */
const LOG_AGE = 60 * 86_400_000;

interface Token {
  readonly number: number;
  readonly at: number;
}

/** `1;3;{list};{ticks};{number}`; undefined when it is no token of this list. */
function parseToken(tenant: Tenant, text: string): Token | undefined {
  const [version, scope, list, ticks, number] = text.split(";");
  if (version !== "1" || scope !== "3" || list?.toLowerCase() !== tenant.library.listId || !/^\d+$/.test(ticks ?? ""))
    return undefined;
  const at = Number((BigInt(ticks ?? "0") - 621_355_968_000_000_000n) / 10_000n);
  return { number: Number(number ?? 0), at };
}

/** A token past the age of the log is answered as if nothing had changed, without an error (sp-dev-docs#10389, confirmed as a bug). */
function tooOld(tenant: Tenant, token: Token): boolean {
  return tenant.now() - token.at > LOG_AGE;
}

interface ChangeQuery {
  readonly query?: {
    readonly Add?: boolean;
    readonly Update?: boolean;
    readonly DeleteObject?: boolean;
    readonly Rename?: boolean;
    readonly FetchLimit?: number | string;
    readonly ChangeTokenStart?: { readonly StringValue?: string };
  };
}

/** POST …/getchanges: ids and kinds of changes, no file names (facts/sharepoint.md 3.2). */
export function getChanges(tenant: Tenant, call: Call, body: unknown): SandboxResponse {
  const { query } = (body ?? {}) as ChangeQuery;
  // The documented outer `d` is refused (sp-dev-docs#6033).
  if (query === undefined) return badRequest(call, "The parameter query does not exist in method GetChanges.");
  const start = query.ChangeTokenStart?.StringValue;
  const token = start === undefined || start === "" ? { number: 0, at: tenant.now() } : parseToken(tenant, start);
  if (token === undefined) return badRequest(call, "The change token is not valid for this list.");
  const wanted = new Set<number>();
  if (query.Add === true) wanted.add(CHANGE.add);
  if (query.Update === true) wanted.add(CHANGE.change);
  if (query.DeleteObject === true) wanted.add(CHANGE.remove);
  if (query.Rename === true) wanted.add(CHANGE.rename);
  const limit = Number(query.FetchLimit ?? 1000);
  const site = namedGuid(`${tenant.id}/my`);
  const found = tooOld(tenant, token)
    ? []
    : tenant.library.changes.filter((change) => change.token > token.number && wanted.has(change.type)).slice(0, limit);
  const rows = found.map((change) => ({
    ChangeToken: { StringValue: changeToken(tenant, change.token, change.at) },
    ChangeType: change.type,
    SiteId: site,
    Time: isoTime(change.at),
    Editor: "",
    ItemId: change.itemId,
    ListId: tenant.library.listId,
    UniqueId: change.uniqueId,
    WebId: namedGuid(`${site}/web`),
  }));
  if (call.format === "verbose") return json(call, 200, { d: { results: rows } });
  return json(call, 200, { value: rows });
}

function escapeXml(text: string): string {
  return text.replace(/[&<>'"]/g, (c) => `&#${String(c.charCodeAt(0))};`);
}

function row(item: LibraryItem): string {
  const id = String(item.id);
  const cells = {
    ID: id,
    UniqueId: `${id};#{${item.uniqueId.toUpperCase()}}`,
    FSObjType: `${id};#0`,
    FileLeafRef: `${id};#${item.name}`,
    FileRef: `${id};#${pathOf(item).slice(1)}`,
    Modified: isoTime(item.photo.modifiedAt),
    File_x0020_Size: item.length === null ? "" : `${id};#${String(item.length)}`,
  };
  const attributes = Object.entries(cells).map(([name, value]) => ` ows_${name}='${escapeXml(value)}'`);
  return `<z:row${attributes.join("")} />`;
}

interface SinceTokenQuery {
  readonly query?: { readonly ChangeToken?: string | null; readonly RowLimit?: string; readonly QueryOptions?: string };
}

/**
 * POST …/getlistitemchangessincetoken: an XML rowset with the present state of everything that changed, and the ids of what is gone
 * (pnpjs#51, #269). Without a token: the whole list in pages.
 */
export function changesSinceToken(tenant: Tenant, call: Call, body: unknown): SandboxResponse {
  const { query } = (body ?? {}) as SinceTokenQuery;
  if (query === undefined)
    return badRequest(call, "The parameter query does not exist in method GetListItemChangesSinceToken.");
  const limit = Math.min(THRESHOLD, Number(query.RowLimit ?? 100) || 100);
  const text = query.ChangeToken ?? "";
  const position = /ListItemCollectionPositionNext="([^"]*)"/i
    .exec(query.QueryOptions ?? "")?.[1]
    ?.replaceAll("&amp;", "&");
  const after = pagedId(position);
  const found = text === "" ? { items: filesAfter(tenant, after), gone: [] } : changedSince(tenant, text, after);
  if (found === null) return badRequest(call, "The change token is not valid for this list.");
  const { gone } = found;
  const items = found.items.slice(0, limit);
  const next =
    found.items.length > limit
      ? ` ListItemCollectionPositionNext="${escapeXml(`Paged=TRUE&p_ID=${String(items.at(-1)?.id ?? 0)}`)}"`
      : "";
  const deletes = gone.map((id) => `<Id ChangeType="Delete">${String(id)}</Id>`).join("");
  const xml =
    `<?xml version="1.0" encoding="utf-8"?>` +
    `<GetListItemChangesSinceTokenResult xmlns="http://schemas.microsoft.com/sharepoint/soap/"><listitems MinTimeBetweenSyncs='0' ` +
    `RecommendedTimeBetweenSyncs='180' xmlns:rs='urn:schemas-microsoft-com:rowset' xmlns:z='#RowsetSchema'>` +
    `<Changes LastChangeToken="${currentToken(tenant)}">${deletes}</Changes>` +
    `<rs:data ItemCount="${String(items.length)}"${next}>${items.map(row).join("")}</rs:data></listitems></GetListItemChangesSinceTokenResult>`;
  return { status: 200, headers: { "content-type": "application/xml;charset=utf-8" }, body: xml };
}

interface Changed {
  /** In id order. */
  readonly items: readonly LibraryItem[];
  /** Ids of what was removed. */
  readonly gone: readonly number[];
}

/** What changed since a token, with an id above `after`; a token that is too old has nothing to tell. null: no token of this list. */
function changedSince(tenant: Tenant, text: string, after: number): Changed | null {
  const token = parseToken(tenant, text);
  if (token === undefined) return null;
  const touched = new Map<number, number>();
  for (const change of tooOld(tenant, token) ? [] : tenant.library.changes)
    if (change.token > token.number) touched.set(change.itemId, change.type);
  const gone = [...touched].filter(([, type]) => type === CHANGE.remove).map(([id]) => id);
  if (touched.size === 0) return { items: [], gone };
  const items = [...tenant.library.items.values()].filter(({ id }) => touched.has(id) && id > after);
  return { items: items.sort((a, b) => a.id - b.id), gone };
}
