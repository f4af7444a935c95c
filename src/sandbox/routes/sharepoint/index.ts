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
  const [first, second] = segments;
  // Without JSON in Accept the service answers Atom XML, which nothing here writes; file bytes, deletions and uploads have no such form.
  const bare = segments.at(-1)?.name === "$value" || call.method === "DELETE" || call.request.method === "PUT";
  if (call.format === null && !bare) return null;
  if (first?.name === "contextinfo" && segments.length === 1 && call.method === "POST")
    return contextInfo(tenant, call);
  if (first?.name === "sp.userprofiles.peoplemanager")
    return quota.people() ?? profileRoute(tenant, call, segments.slice(1));
  if (first?.name === "search" && second?.name === "postquery" && segments.length === 2 && call.method === "POST")
    return searchPeople(tenant, call);
  if (first?.name !== "web") return null;
  const rest = segments.slice(1);
  switch (second?.name) {
    case undefined:
      if (call.method !== "GET") return null;
      return mayReadFiles(call) ? entityReply(call, webEntity(tenant, call)) : accessDenied(call);
    case "getlist":
    case "lists":
      return listRoute(tenant, call, rest);
    case "getfolderbyserverrelativepath":
    case "getfolderbyserverrelativeurl":
      // The library is on the My Site host alone.
      if (call.request.host !== "sharepointMy") return fileNotFound(call);
      return folderRoute(tenant, call, rest);
    case "getfilebyserverrelativepath":
    case "getfilebyserverrelativeurl":
    case "getfilebyid":
      if (call.request.host !== "sharepointMy") return fileNotFound(call);
      return fileRoute(tenant, call, rest);
    default:
      return null;
  }
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
