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

function folderPath(segment: Segment | undefined): string {
  return (pathArgument(segment) ?? "").replace(/\/+$/, "");
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
  const path = folderPath(segments[0]);
  const isRoot = path.toLowerCase() === LIBRARY_ROOT.toLowerCase();
  const folder = findFolder(tenant, path);
  const [, next, ...rest] = segments;
  if (!isRoot && folder === null) return next === undefined ? fileNotFound(call) : folderNotFound(call);
  if (next?.name === "files") {
    const full = folder === null ? LIBRARY_ROOT : `${LIBRARY_ROOT}/${folder.name}`;
    return filesRoute(tenant, call, full, next, rest);
  }
  if (call.method !== "GET") return null;
  if (next === undefined) return entityReply(call, folder === null ? rootFolder(tenant) : folderEntity(tenant, folder));
  if (next.name === "exists") return valueReply(call, "Exists", true, "Edm.Boolean");
  if (next.name !== "folders" || rest.length > 0) return null;
  return isRoot ? listFolders(tenant, call) : collectionReply(call, []);
}

/** `…/files`, `…/files('name')/…`, `…/files/add(…)` of one folder. */
async function filesRoute(
  tenant: Tenant,
  call: Call,
  folder: string,
  files: Segment,
  rest: readonly Segment[],
): Promise<SandboxResponse | null> {
  const [after] = rest;
  if (after === undefined) {
    const name = argument(files, "url", "decodedurl");
    if (name !== undefined) return fileOperation(tenant, call, findItem(tenant, `${folder}/${name}`), rest);
    return call.method === "GET" ? listFiles(tenant, call, folder) : null;
  }
  const adds = after.name === "addusingpath" || after.name === "add";
  return call.method === "POST" && adds ? addFile(tenant, call, folder, after) : null;
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
  if (call.method === "GET") return readFile(call, item, next?.name);
  const write = WRITES.get(`${call.method} ${next?.name ?? ""}`);
  if (write === undefined) return null;
  return mayWriteFiles(call) ? write(tenant, call, item) : accessDenied(call);
}

/** The entity, its bytes, or one property as in …/ServerRelativeUrl. */
async function readFile(call: Call, item: LibraryItem, what: string | undefined): Promise<SandboxResponse | null> {
  if (what === "$value") return bytesReply((await item.photo.image()).bytes, { etag: fileEtag(item) });
  const entity = await fileEntity(item);
  if (what === undefined) return entityReply(call, entity, { etag: fileEtag(item) });
  const name = Object.keys(entity.properties).find((key) => key.toLowerCase() === what);
  return name === undefined ? null : valueReply(call, name, entity.properties[name], "Edm.String");
}

type FileWrite = (tenant: Tenant, call: Call, item: LibraryItem) => SandboxResponse;

/** By method and the segment behind the file. */
const WRITES: ReadonlyMap<string, FileWrite> = new Map<string, FileWrite>([
  [
    "DELETE ",
    (tenant, call, item) => {
      if (stale(call, item)) return preconditionFailed(call);
      removeItem(tenant, item);
      return noContent();
    },
  ],
  [
    "PUT $value",
    (tenant, call, item) => {
      if (stale(call, item)) return preconditionFailed(call);
      return noContent({ etag: fileEtag(putItem(tenant, item.folder, item.name, call.request.body)) });
    },
  ],
  [
    "POST recycle",
    (tenant, call, item) => {
      removeItem(tenant, item);
      return valueReply(call, "Recycle", randomUUID(), "Edm.Guid");
    },
  ],
]);
