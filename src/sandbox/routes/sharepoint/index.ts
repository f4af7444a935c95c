import { randomBytes } from "node:crypto";
import type { Route, SandboxRequest, SandboxResponse } from "../../http.js";
import type { Tenant } from "../../tenant.js";
import { answerBatch } from "./batch.js";
import { accessDenied, failure, fileNotFound } from "./errors.js";
import { fileRoute, folderRoute } from "./files.js";
import { listRoute } from "./lists.js";
import { parseCall, type Call } from "./odata.js";
import { mayReadFiles } from "./permissions.js";
import { profileRoute } from "./profiles.js";
import { createQuota, type Quota } from "./quota.js";
import { entityReply, json } from "./replies.js";
import { searchPeople } from "./search.js";
import { webEntity } from "./web.js";

/** Answers one part of a `$batch`. */
export type AroundPart = (part: SandboxRequest, answer: () => Promise<SandboxResponse>) => Promise<SandboxResponse>;

/**
 * SharePoint's REST API as facts/sharepoint.md 7.3 lists it, for the root site, the My Site host and the admin site of a tenant. The
 * token is checked before; roles are checked here. null: not a path this sandbox knows.
 * @param aroundPart what goes on around every part of a batch
 */
export function sharePointRoutes(tenant: Tenant, aroundPart: AroundPart = (_, answer) => answer()): Route {
  const quota = createQuota(tenant);
  const single = async (request: SandboxRequest): Promise<SandboxResponse | null> => {
    const call = parseCall(request);
    if (call === null || call.segments[0]?.name === "$batch") return null;
    const { refused, headers } = quota.unit();
    const response = refused ?? (await dispatch(tenant, quota, call));
    if (response === null || Object.keys(headers).length === 0) return response;
    return { ...response, headers: { ...response.headers, ...headers } };
  };
  return async (request) => {
    const call = parseCall(request);
    if (call === null) return null;
    if (call.segments.length !== 1 || call.segments[0]?.name !== "$batch") return single(request);
    if (call.method !== "POST") return null;
    return answerBatch(call, (part) =>
      aroundPart(part, async () => {
        const unknown = `The sandbox does not know ${part.method} ${part.target}.`;
        return (await single(part)) ?? failure(call, 501, "NotImplemented", unknown);
      }),
    );
  };
}

async function dispatch(tenant: Tenant, quota: Quota, call: Call): Promise<SandboxResponse | null> {
  const { segments } = call;
  const [first, ...rest] = segments;
  // Without JSON in Accept the service answers Atom XML, which nothing here writes; file bytes, deletions and uploads have no such form.
  const bare = segments.at(-1)?.name === "$value" || call.method === "DELETE" || call.request.method === "PUT";
  if (call.format === null && !bare) return null;
  switch (first?.name) {
    case "contextinfo":
      return call.method === "POST" && rest.length === 0 ? contextInfo(tenant, call) : null;
    case "sp.userprofiles.peoplemanager":
      return quota.people() ?? profileRoute(tenant, call, rest);
    case "search":
      return isPostQuery(call, rest) ? searchPeople(tenant, call) : null;
    case "web":
      return webRoute(tenant, call, rest);
    default:
      return null;
  }
}

function isPostQuery(call: Call, rest: Call["segments"]): boolean {
  return call.method === "POST" && rest.length === 1 && rest[0]?.name === "postquery";
}

type WebRoute = (tenant: Tenant, call: Call, rest: Call["segments"]) => Promise<SandboxResponse | null>;

/** The library is on the My Site host alone. */
function onMySite(route: WebRoute): WebRoute {
  return async (tenant, call, rest) =>
    call.request.host === "sharepointMy" ? route(tenant, call, rest) : fileNotFound(call);
}

/** By the segment behind `web`. */
const BELOW_WEB: ReadonlyMap<string, WebRoute> = new Map([
  ["getlist", listRoute],
  ["lists", listRoute],
  ["getfolderbyserverrelativepath", onMySite(folderRoute)],
  ["getfolderbyserverrelativeurl", onMySite(folderRoute)],
  ["getfilebyserverrelativepath", onMySite(fileRoute)],
  ["getfilebyserverrelativeurl", onMySite(fileRoute)],
  ["getfilebyid", onMySite(fileRoute)],
]);

async function webRoute(tenant: Tenant, call: Call, rest: Call["segments"]): Promise<SandboxResponse | null> {
  const [first] = rest;
  if (first !== undefined) return BELOW_WEB.get(first.name)?.(tenant, call, rest) ?? null;
  if (call.method !== "GET") return null;
  return mayReadFiles(call) ? entityReply(call, webEntity(tenant, call)) : accessDenied(call);
}

/** A form digest; with a bearer token nobody needs one (pnpjs documentation). */
function contextInfo(tenant: Tenant, call: Call): SandboxResponse {
  const at = new Date(tenant.now()).toUTCString();
  const digest = {
    FormDigestTimeoutSeconds: 1800,
    FormDigestValue: `0x${randomBytes(32).toString("hex").toUpperCase()},${at}`,
    LibraryVersion: "16.0.0.0",
    SiteFullUrl: call.origin,
    SupportedSchemaVersions: ["14.0.0.0", "15.0.0.0"],
    WebFullUrl: call.origin,
  };
  return json(call, 200, call.format === "verbose" ? { d: { GetContextWebInformation: digest } } : digest);
}
