import { createHash } from "node:crypto";
import type { SandboxResponse } from "../../http.js";
import { fileEtag, findItemById, namedGuid } from "../../library.js";
import { emptyResponse, jsonResponse, queryOption } from "../../responses.js";
import type { SandboxState } from "../../state.js";
import type { LibraryItem } from "../../tenant.js";
import { hasRole, rootOf, type GraphCall } from "./call.js";
import * as errors from "./errors.js";
import { pageToken, readPageToken } from "./paging.js";
import { quickXorHash } from "./quick-xor-hash.js";

const ROLES = ["Sites.Read.All", "Sites.ReadWrite.All", "Sites.Manage.All", "Sites.FullControl.All"];
/** OneDrive pages of delta hold 200 items by default (facts/sharepoint.md section 4). */
const PAGE = 200;
/** driveItem delta tokens: the docs name no life; SharePoint's change log keeps 60 days. */
const TOKEN_LIFE = 60 * 86_400_000;

/**
 * The My Site host as a Graph site, its User Photos library as list and drive (facts/sharepoint.md section 4). Whether a picture library on
 * that host surfaces as a drive is unknown: the switch `driveVisible` serves both.
 */
export function siteEndpoint(
  state: SandboxState,
  call: GraphCall,
): Promise<SandboxResponse | null> | SandboxResponse | null {
  if (call.method !== "GET") return null;
  if (!hasRole(call, ...ROLES)) return errors.graphError(state, 403, "accessDenied", "Access denied");
  const [head, id = "", third, fourth, fifth] = call.folded;
  if (head === "drives") return driveEndpoint(state, call);
  if (!namesSite(state, id)) return errors.graphError(state, 404, "itemNotFound", "Requested site could not be found");
  if (third === undefined) return jsonResponse(200, siteBody(state, call));
  if (third === "lists" && fourth === undefined) {
    return jsonResponse(200, { "@odata.context": `${rootOf(call)}/$metadata#sites/lists`, value: [listBody(state)] });
  }
  if (third !== "lists" || !namesList(state, fourth ?? "")) return null;
  if (fifth === undefined) return jsonResponse(200, listBody(state));
  if (fifth !== "drive") return null;
  if (!state.tenant.switches.driveVisible) return errors.graphError(state, 404, "itemNotFound", "Item not found");
  return jsonResponse(200, {
    "@odata.context": `${rootOf(call)}/$metadata#drives/$entity`,
    id: driveId(state),
    driveType: "documentLibrary",
    name: state.tenant.library.title,
    webUrl: `https://${myHost(state)}/User%20Photos`,
  });
}

function myHost(state: SandboxState): string {
  return `${state.tenant.name}-my.sharepoint.com`;
}

function siteId(state: SandboxState): string {
  return `${myHost(state)},${namedGuid(`${state.tenant.id}/site`)},${namedGuid(`${state.tenant.id}/web`)}`;
}

/** By host name (the cloud's or the listener's own), with or without a path, or by id. */
function namesSite(state: SandboxState, id: string): boolean {
  const local = new URL(state.origins.sharepointMy);
  return [myHost(state), siteId(state), local.host, local.hostname].some(
    (name) => name.toLowerCase() === id.replace(/:$/, ""),
  );
}

function namesList(state: SandboxState, id: string): boolean {
  const { library } = state.tenant;
  return [library.listId, library.title, "User Photos"].some((name) => name.toLowerCase() === id);
}

function siteBody(state: SandboxState, call: GraphCall): object {
  return {
    "@odata.context": `${rootOf(call)}/$metadata#sites/$entity`,
    id: siteId(state),
    name: "",
    displayName: state.tenant.name,
    webUrl: `https://${myHost(state)}`,
    siteCollection: { hostname: myHost(state) },
    root: {},
  };
}

function listBody(state: SandboxState): object {
  const { library } = state.tenant;
  return {
    id: library.listId,
    name: "User Photos",
    displayName: library.title,
    webUrl: `https://${myHost(state)}/User%20Photos`,
    list: { contentTypesEnabled: false, hidden: false, template: "pictureLibrary" },
  };
}

function driveId(state: SandboxState): string {
  return `b!${createHash("sha256").update(state.tenant.library.listId).digest("base64url")}`;
}

async function driveEndpoint(state: SandboxState, call: GraphCall): Promise<SandboxResponse | null> {
  const visible = state.tenant.switches.driveVisible && call.segments[1] === driveId(state);
  if (!visible) return errors.graphError(state, 404, "itemNotFound", "The resource could not be found.");
  if (call.folded[2] === "root" && call.folded[3] === "delta") return driveDelta(state, call);
  if (call.folded[2] !== "items" || call.folded[4] !== "content") return null;
  const item = findItemById(state.tenant, call.segments[3] ?? "");
  if (!item) return errors.graphError(state, 404, "itemNotFound", "The resource could not be found.");
  const image = await item.photo.image();
  return { status: 200, headers: { "content-type": "image/jpeg", etag: fileEtag(item) }, body: image.bytes };
}

/** `root/delta`: all items in pages, then only what changed; the same item may come twice, the last one counts. */
async function driveDelta(state: SandboxState, call: GraphCall): Promise<SandboxResponse> {
  const { library } = state.tenant;
  const text = queryOption(call.url, "token");
  const newest = library.changes.at(-1)?.token ?? 0;
  const base = `${rootOf(call)}/drives/${driveId(state)}/root/delta`;
  const finish = (value: unknown[]): SandboxResponse => {
    const token = pageToken({ since: newest, issued: state.clock.now() });
    return jsonResponse(200, {
      "@odata.context": `${rootOf(call)}/$metadata#Collection(driveItem)`,
      "@odata.deltaLink": `${base}?token=${token}`,
      value,
    });
  };
  if (text === "latest") return finish([]);
  const token = text === undefined || text === "" ? null : readPageToken(text);
  if (text && !token) return errors.graphError(state, 400, "invalidRequest", "The delta token is not valid.");
  if (typeof token?.["since"] === "number") {
    if (state.clock.now() - Number(token["issued"]) > TOKEN_LIFE)
      return emptyResponse(410, { location: `${base}?token=` });
    return finish(await changedItems(state, token["since"]));
  }
  const at = Number(token?.["at"] ?? 0);
  const items = [...library.items.values()].slice(at, at + PAGE);
  const value = await Promise.all(items.map(driveItem));
  if (at + PAGE >= library.items.size) return finish(value);
  const next = `${base}?token=${pageToken({ at: at + PAGE })}`;
  return jsonResponse(200, {
    "@odata.context": `${rootOf(call)}/$metadata#Collection(driveItem)`,
    "@odata.nextLink": next,
    value,
  });
}

async function changedItems(state: SandboxState, since: number): Promise<unknown[]> {
  const { library } = state.tenant;
  const ids = new Set(library.changes.filter((change) => change.token > since).map((change) => change.uniqueId));
  return Promise.all(
    [...ids].map(async (id) => {
      const item = library.itemsById.get(id);
      return item ? driveItem(item) : { id, deleted: { state: "deleted" } };
    }),
  );
}

async function driveItem(item: LibraryItem): Promise<object> {
  const image = await item.photo.image();
  return {
    id: item.uniqueId,
    name: item.name,
    size: image.bytes.length,
    eTag: fileEtag(item),
    cTag: `"c:{${item.uniqueId}},${item.version}"`,
    lastModifiedDateTime: new Date(item.photo.modifiedAt).toISOString(),
    parentReference: { path: `/drive/root:${item.folder.replace(/^\/User Photos/, "")}` },
    file: { mimeType: "image/jpeg", hashes: { quickXorHash: quickXorHash(image.bytes) } },
  };
}
