import type { SandboxResponse } from "../../http.js";
import { LIBRARY_ROOT } from "../../library.js";
import type { Tenant } from "../../tenant.js";
import { changesSinceToken, getChanges } from "./changes.js";
import { listEntity, rootFolder, itemEntity } from "./entities.js";
import { accessDenied, badRequest, itemNotFound, listNotFound } from "./errors.js";
import { folderRoute, listFolders } from "./files.js";
import { filesAfter, itemsByCaml, listItems, renderAsStream } from "./items.js";
import { argument, type Call, type Segment } from "./odata.js";
import { mayReadFiles } from "./permissions.js";
import { collectionReply, entityReply } from "./replies.js";

/** JSON of a body; undefined when it is none. */
export function parseBody(call: Call): unknown {
  try {
    return JSON.parse(call.request.body.toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}

/** Does `segment` name the User Photos library: by address, title or id? The title may be localized, the address never is. */
function isLibrary(tenant: Tenant, segment: Segment): boolean {
  const { library } = tenant;
  const text = (argument(segment, "strurl", "url", "title", "id", "guid") ?? "").toLowerCase();
  if (segment.name === "getlist")
    return decodeURIComponentSafely(text).replace(/\/+$/, "") === LIBRARY_ROOT.toLowerCase();
  if (segment.name === "getbytitle") return text === library.title.toLowerCase();
  return text === library.listId;
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `getList('…')`, `lists/getByTitle('…')`, `lists/getById('…')`, `lists(guid'…')` and what follows them. */
export async function listRoute(
  tenant: Tenant,
  call: Call,
  segments: readonly Segment[],
): Promise<SandboxResponse | null> {
  if (!mayReadFiles(call)) return accessDenied(call);
  let [first, ...rest] = segments;
  if (first?.name === "lists" && first.args === null) {
    if (rest[0] === undefined)
      return call.method === "GET"
        ? collectionReply(call, call.request.host === "sharepointMy" ? [listEntity(tenant)] : [])
        : null;
    [first, ...rest] = rest;
  }
  if (first === undefined) return null;
  if (!["getlist", "getbytitle", "getbyid", "lists"].includes(first.name)) return null;
  const named = argument(first, "strurl", "url", "title", "id", "guid") ?? "";
  if (call.request.host !== "sharepointMy" || !isLibrary(tenant, first)) return listNotFound(call, named);
  return inList(tenant, call, rest);
}

async function inList(tenant: Tenant, call: Call, rest: readonly Segment[]): Promise<SandboxResponse | null> {
  const [next, after] = rest;
  if (next === undefined) return call.method === "GET" ? entityReply(call, listEntity(tenant)) : null;
  if (next.name === "rootfolder") return inRootFolder(tenant, call, rest.slice(1));
  if (after !== undefined) return null;
  if (next.name === "items" && call.method === "GET") return readItems(tenant, call, argument(next, "id"));
  const query = call.method === "POST" ? QUERIES.get(next.name) : undefined;
  if (query === undefined) return null;
  const body = parseBody(call);
  if (typeof body !== "object" || body === null)
    return badRequest(call, "Invalid JSON. The request body could not be read.");
  return query(tenant, call, body);
}

async function inRootFolder(tenant: Tenant, call: Call, rest: readonly Segment[]): Promise<SandboxResponse | null> {
  const [next] = rest;
  if (next === undefined) return call.method === "GET" ? entityReply(call, rootFolder(tenant)) : null;
  if (next.name === "folders" && rest.length === 1 && call.method === "GET") return listFolders(tenant, call);
  const root: Segment = {
    name: "getfolderbyserverrelativepath",
    args: [{ name: "decodedurl", value: LIBRARY_ROOT }],
  };
  return folderRoute(tenant, call, [root, ...rest]);
}

/** All items in pages, or the one of an id. */
async function readItems(tenant: Tenant, call: Call, id: string | undefined): Promise<SandboxResponse | null> {
  if (id === undefined) return listItems(tenant, call);
  const item = filesAfter(tenant, Number(id) - 1)[0];
  if (item === undefined || item.id !== Number(id)) return itemNotFound(call);
  return entityReply(call, await itemEntity(tenant, item, true));
}

type ListQuery = (tenant: Tenant, call: Call, body: unknown) => Promise<SandboxResponse | null> | SandboxResponse;

/** Questions about the list that are put by POST. */
const QUERIES: ReadonlyMap<string, ListQuery> = new Map<string, ListQuery>([
  ["renderlistdataasstream", renderAsStream],
  ["getitems", itemsByCaml],
  ["getchanges", getChanges],
  ["getlistitemchangessincetoken", changesSinceToken],
]);
