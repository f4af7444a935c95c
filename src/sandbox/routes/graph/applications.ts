import { randomUUID } from "node:crypto";
import { isoSeconds } from "../../clock.js";
import type { SandboxResponse } from "../../http.js";
import { emptyResponse, isRecord, jsonResponse, parseJson, queryOption } from "../../responses.js";
import type { Application } from "../../registry.js";
import type { SandboxState } from "../../state.js";
import { hasRole, header, rootOf, type GraphCall } from "./call.js";
import * as errors from "./errors.js";
import { fault, isFault, readKeyCredentials, readRequiredAccess, type Fault } from "./key-credentials.js";

const READ = ["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
const WRITE = ["Application.ReadWrite.All"];

/**
 * `/applications`: list by filter, read one, make, change (learn.microsoft.com/graph/api/application-post-applications, application-get,
 * application-update). Null for what the sandbox does not know of it.
 */
export function applicationsEndpoint(state: SandboxState, call: GraphCall): SandboxResponse | null {
  const [, id, more] = call.segments;
  if (more !== undefined) return null;
  if (!hasRole(call, ...(call.method === "GET" ? READ : WRITE))) return errors.insufficientPrivileges(state);
  if (id === undefined) {
    if (call.method === "GET") return list(state, call);
    return call.method === "POST" ? make(state, call) : null;
  }
  const application = find(state, id);
  if (application === undefined) return errors.resourceNotFound(state, id);
  if (call.method === "GET") {
    const body = bodyOf(application, queryOption(call.url, "$select"), true);
    return jsonResponse(200, { "@odata.context": `${rootOf(call)}/$metadata#applications/$entity`, ...body });
  }
  return call.method === "PATCH" ? change(state, call, application) : null;
}

function find(state: SandboxState, id: string): Application | undefined {
  return state.registry.applications.find((one) => one.id === id.toLowerCase());
}

function list(state: SandboxState, call: GraphCall): SandboxResponse {
  const filter = queryOption(call.url, "$filter");
  const test = filter === undefined ? () => true : equalityFilter(filter, ["appId", "displayName", "id"]);
  if (test === null) return errors.badRequest(state, "Unsupported Query.", "Request_UnsupportedQuery");
  const value = state.registry.applications
    .filter((one) => test(one as unknown as Record<string, unknown>))
    .map((one) => bodyOf(one, queryOption(call.url, "$select"), false));
  return jsonResponse(200, { "@odata.context": `${rootOf(call)}/$metadata#applications`, value });
}

/** `name eq 'text'`, the only filter that registering needs; null for any other. Text compares without case, as in the directory. */
export function equalityFilter(
  filter: string,
  names: readonly string[],
): ((entity: Readonly<Record<string, unknown>>) => boolean) | null {
  const match = /^(\w+) eq '((?:[^']|'')*)'$/.exec(filter.trim());
  const name = names.find((known) => known === match?.[1]);
  if (match === null || name === undefined) return null;
  const wanted = (match[2] ?? "").replaceAll("''", "'").toLowerCase();
  return (entity) => String(entity[name]).toLowerCase() === wanted;
}

/** Keys are null unless `keyCredentials` is selected of a single application (resources/keycredential). */
function bodyOf(application: Application, select: string | undefined, single: boolean): object {
  const names = select?.split(",").map((name) => name.trim());
  const shown = single && names?.includes("keyCredentials") === true;
  const keyCredentials = application.keyCredentials.map((key) => ({ ...key, key: shown ? key.key : null }));
  const body: Record<string, unknown> = {
    ...application,
    keyCredentials,
    passwordCredentials: [],
    identifierUris: [],
    tags: [],
    publisherDomain: null,
  };
  return names === undefined ? body : Object.fromEntries(Object.entries(body).filter(([name]) => names.includes(name)));
}

const SETTABLE = new Set([
  "displayName",
  "signInAudience",
  "requiredResourceAccess",
  "keyCredentials",
  "description",
  "notes",
  "tags",
]);

function readBody(state: SandboxState, call: GraphCall): { readonly [name: string]: unknown } | SandboxResponse {
  if (!header(call, "content-type").toLowerCase().startsWith("application/json")) {
    return errors.badRequest(state, "A media type of the request is not supported.", "Request_BadRequest");
  }
  const body = parseJson(call.body);
  if (!isRecord(body)) return errors.badRequest(state, "Unable to read JSON request payload.");
  const unknown = Object.keys(body).find((name) => !SETTABLE.has(name));
  return unknown === undefined ? body : refused(state, fault(`Invalid property '${unknown}'.`));
}

function refused(state: SandboxState, { code, message }: Fault): SandboxResponse {
  return errors.badRequest(state, message, code);
}

function isAnswer(value: object): value is SandboxResponse {
  return "status" in value && "headers" in value;
}

function make(state: SandboxState, call: GraphCall): SandboxResponse {
  const body = readBody(state, call);
  if (isAnswer(body)) return body;
  const { displayName, signInAudience } = body;
  if (typeof displayName !== "string" || displayName === "") {
    return refused(state, fault("A value is required for property 'displayName' of resource 'Application'."));
  }
  const keyCredentials = readKeyCredentials(body["keyCredentials"] ?? [], []);
  if (isFault(keyCredentials)) return refused(state, keyCredentials);
  const requiredResourceAccess = readRequiredAccess(body["requiredResourceAccess"] ?? []);
  if (isFault(requiredResourceAccess)) return refused(state, requiredResourceAccess);
  const application: Application = {
    id: randomUUID(),
    appId: randomUUID(),
    displayName,
    signInAudience: typeof signInAudience === "string" ? signInAudience : "AzureADMyOrg",
    createdDateTime: isoSeconds(state.clock.now()),
    requiredResourceAccess,
    keyCredentials,
  };
  state.registry.applications.push(application);
  state.registry.lag = state.services.directoryLag;
  return jsonResponse(201, {
    "@odata.context": `${rootOf(call)}/$metadata#applications/$entity`,
    ...bodyOf(application, undefined, true),
  });
}

function change(state: SandboxState, call: GraphCall, application: Application): SandboxResponse {
  const body = readBody(state, call);
  if (isAnswer(body)) return body;
  const keys = readKeyCredentials(body["keyCredentials"] ?? application.keyCredentials, application.keyCredentials);
  if (isFault(keys)) return refused(state, keys);
  const access = readRequiredAccess(body["requiredResourceAccess"] ?? application.requiredResourceAccess);
  if (isFault(access)) return refused(state, access);
  application.keyCredentials = keys;
  application.requiredResourceAccess = access;
  if (typeof body["displayName"] === "string") application.displayName = body["displayName"];
  return emptyResponse(204);
}
