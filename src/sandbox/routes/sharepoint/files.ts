import { fileEtag, findFolder, findItem, findItemById, LIBRARY_ROOT, putItem, removeItem } from "../../library.js";
import { randomUUID } from "node:crypto";
import type { SandboxResponse } from "../../http.js";
import type { LibraryItem, Tenant } from "../../tenant.js";
import { fileEntity, folderEntity, formsFolder, rootFolder } from "./entities.js";
import {
  accessDenied,
  badRequest,
  fileExists,
  fileNotFound,
  folderNotFound,
  listViewThreshold,
  preconditionFailed,
} from "./errors.js";
import { matches, parseFilter } from "./filter.js";
import { THRESHOLD } from "./items.js";
import { argument, type Call, type Segment } from "./odata.js";
import { mayReadFiles, mayWriteFiles } from "./permissions.js";
import { bytesReply, collectionReply, entityReply, noContent, valueReply } from "./replies.js";

/** The `…Url` functions take an address that may still be percent-encoded, the `…Path` functions a decoded one. */
function pathArgument(segment: Segment | undefined): string | undefined {
  const text = argument(segment, "decodedurl", "serverrelativeurl", "serverrelativepath", "path");
  if (text === undefined || !segment?.name.endsWith("url")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function filesIn(tenant: Tenant, folder: string): LibraryItem[] {
  const wanted = folder.toLowerCase();
  return [...tenant.library.items.values()].filter((item) => item.folder.toLowerCase() === wanted);
}

/** GET …/folders: the localized folders and `Forms`. */
export async function listFolders(tenant: Tenant, call: Call): Promise<SandboxResponse | null> {
  const conditions = parseFilter(call.query.get("$filter"));
  if (conditions === undefined) return null;
  const all = [formsFolder(tenant), ...tenant.library.folders.map((folder) => folderEntity(tenant, folder))];
  return collectionReply(
    call,
    all.filter(({ properties }) => matches(properties, conditions)),
  );
}

/** GET …/files: fails above 5,000 files whatever $top says, and never pages (facts/sharepoint.md section 0). */
async function listFiles(tenant: Tenant, call: Call, folder: string): Promise<SandboxResponse | null> {
  const files = filesIn(tenant, folder);
  if (files.length > THRESHOLD) return listViewThreshold(call);
  const conditions = parseFilter(call.query.get("$filter"));
  if (conditions === undefined) return null;
  const entities = [];
  for (const file of files) entities.push(await fileEntity(file));
  const found = entities.filter(({ properties }) => matches(properties, conditions));
  return collectionReply(call, found.slice(0, Number(call.query.get("$top") ?? found.length)));
}

/** POST …/files/AddUsingPath(decodedurl='name',Overwrite=true), or …/files/add(url='name',overwrite=true): the raw body is the file. */
async function addFile(tenant: Tenant, call: Call, folder: string, segment: Segment): Promise<SandboxResponse> {
  if (!mayWriteFiles(call)) return accessDenied(call);
  const name = argument(segment, "decodedurl", "url") ?? "";
  if (name === "" || /["*:<>?/\\|]/.test(name))
    return badRequest(call, "The file or folder name contains characters that are not permitted.");
  const overwrite = segment.args?.find((a) => a.name === "overwrite")?.value.toLowerCase() === "true";
  if (!overwrite && findItem(tenant, `${folder}/${name}`) !== undefined) return fileExists(call, name);
  const item = putItem(tenant, folder, name, call.request.body);
  return entityReply(call, await fileEntity(item), { etag: fileEtag(item) });
}

/** `getFolderByServerRelativePath(…)` and what follows it. */
export async function folderRoute(
  tenant: Tenant,
  call: Call,
  segments: readonly Segment[],
): Promise<SandboxResponse | null> {
  if (!mayReadFiles(call)) return accessDenied(call);
  const path = (pathArgument(segments[0]) ?? "").replace(/\/+$/, "");
  const isRoot = path.toLowerCase() === LIBRARY_ROOT.toLowerCase();
  const folder = findFolder(tenant, path);
  const [, next, after] = segments;
  if (!isRoot && folder === null) return next === undefined ? fileNotFound(call) : folderNotFound(call);
  const full = folder === null ? LIBRARY_ROOT : `${LIBRARY_ROOT}/${folder.name}`;
  if (next === undefined && call.method === "GET")
    return entityReply(call, folder === null ? rootFolder(tenant) : folderEntity(tenant, folder));
  if (next?.name === "files") {
    if (after === undefined) {
      const name = argument(next, "url", "decodedurl");
      if (name !== undefined)
        return fileOperation(tenant, call, findItem(tenant, `${full}/${name}`), segments.slice(2));
      return call.method === "GET" ? listFiles(tenant, call, full) : null;
    }
    if (call.method === "POST" && (after.name === "addusingpath" || after.name === "add"))
      return addFile(tenant, call, full, after);
    return null;
  }
  if (next?.name === "folders" && after === undefined && call.method === "GET")
    return isRoot ? listFolders(tenant, call) : collectionReply(call, []);
  if (next?.name === "exists" && call.method === "GET") return valueReply(call, "Exists", true, "Edm.Boolean");
  return null;
}

/** `getFileByServerRelativePath(…)`, `getFileById(…)` and what follows them. */
export async function fileRoute(
  tenant: Tenant,
  call: Call,
  segments: readonly Segment[],
): Promise<SandboxResponse | null> {
  if (!mayReadFiles(call)) return accessDenied(call);
  const [first, ...rest] = segments;
  const item =
    first?.name === "getfilebyid"
      ? findItemById(tenant, argument(first, "uniqueid", "id") ?? "")
      : findItem(tenant, pathArgument(first) ?? "");
  return fileOperation(tenant, call, item, rest);
}

/** If-Match: a stale etag is refused. */
function stale(call: Call, item: LibraryItem): boolean {
  const wanted = call.request.headers["if-match"];
  return wanted !== undefined && wanted.trim() !== "*" && wanted.trim() !== fileEtag(item);
}

async function fileOperation(
  tenant: Tenant,
  call: Call,
  item: LibraryItem | undefined,
  rest: readonly Segment[],
): Promise<SandboxResponse | null> {
  if (item === undefined) return fileNotFound(call);
  const [next] = rest;
  if (rest.length > 1) return null;
  if (next === undefined) {
    if (call.method === "GET") return entityReply(call, await fileEntity(item), { etag: fileEtag(item) });
    if (call.method !== "DELETE") return null;
    if (!mayWriteFiles(call)) return accessDenied(call);
    if (stale(call, item)) return preconditionFailed(call);
    removeItem(tenant, item);
    return noContent();
  }
  if (next.name === "$value") {
    if (call.method === "GET") return bytesReply((await item.photo.image()).bytes, { etag: fileEtag(item) });
    if (call.method !== "PUT") return null;
    if (!mayWriteFiles(call)) return accessDenied(call);
    if (stale(call, item)) return preconditionFailed(call);
    const written = putItem(tenant, item.folder, item.name, call.request.body);
    return noContent({ etag: fileEtag(written) });
  }
  if (next.name === "recycle" && call.method === "POST") {
    if (!mayWriteFiles(call)) return accessDenied(call);
    removeItem(tenant, item);
    return valueReply(call, "Recycle", randomUUID(), "Edm.Guid");
  }
  if (call.method !== "GET") return null;
  // One property: …/ServerRelativeUrl.
  const entity = await fileEntity(item);
  const name = Object.keys(entity.properties).find((key) => key.toLowerCase() === next.name);
  if (name === undefined) return null;
  return valueReply(call, name, entity.properties[name], "Edm.String");
}
