import { randomUUID } from "node:crypto";
import { isoSeconds } from "../../clock.js";
import type { SandboxResponse } from "../../http.js";
import { emptyResponse, isRecord, jsonResponse, parseJson, queryOption } from "../../responses.js";
import { assignmentsOf, type Principal, type RoleAssignment } from "../../registry.js";
import type { SandboxState } from "../../state.js";
import { equalityFilter } from "./applications.js";
import { hasRole, rootOf, type GraphCall } from "./call.js";
import * as errors from "./errors.js";

const READ = ["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];

/**
 * `/servicePrincipals` and their `appRoleAssignments` (learn.microsoft.com/graph/api/serviceprincipal-post-serviceprincipals,
 * serviceprincipal-post-approleassignments). Null for what the sandbox does not know of it.
 */
export function servicePrincipalsEndpoint(state: SandboxState, call: GraphCall): SandboxResponse | null {
  const [, id] = call.segments;
  if (!hasRole(call, ...READ)) return errors.insufficientPrivileges(state);
  if (id === undefined) {
    if (call.method === "GET") return list(state, call);
    return call.method === "POST" ? make(state, call) : null;
  }
  const principal = state.registry.principals.find((one) => one.id === id.toLowerCase());
  return principal === undefined ? errors.resourceNotFound(state, id) : principalEndpoint(state, call, principal);
}

function principalEndpoint(state: SandboxState, call: GraphCall, principal: Principal): SandboxResponse | null {
  const [, , tail, assignment] = call.segments;
  if (tail === undefined) {
    if (call.method !== "GET") return null;
    const body = select(bodyOf(principal), queryOption(call.url, "$select"));
    return jsonResponse(200, { "@odata.context": `${rootOf(call)}/$metadata#servicePrincipals/$entity`, ...body });
  }
  if (tail.toLowerCase() !== "approleassignments") return null;
  if (call.method === "GET" && assignment === undefined) return listAssignments(state, call, principal);
  if (!hasRole(call, "AppRoleAssignment.ReadWrite.All")) return errors.insufficientPrivileges(state);
  if (call.method === "POST" && assignment === undefined) return grant(state, call, principal);
  return call.method === "DELETE" && assignment !== undefined ? revoke(state, principal, assignment) : null;
}

function bodyOf({ id, appId, displayName, resource }: Principal): Record<string, unknown> {
  return {
    id,
    appId,
    displayName,
    accountEnabled: true,
    servicePrincipalType: "Application",
    appRoles: Object.entries(resource?.appRoles ?? {}).map(([value, roleId]) => ({
      allowedMemberTypes: ["Application"],
      description: value,
      displayName: value,
      id: roleId,
      isEnabled: true,
      origin: "Application",
      value,
    })),
  };
}

function select(body: Record<string, unknown>, names: string | undefined): object {
  if (names === undefined) return body;
  const wanted = names.split(",").map((name) => name.trim());
  return Object.fromEntries(Object.entries(body).filter(([name]) => wanted.includes(name)));
}

function list(state: SandboxState, call: GraphCall): SandboxResponse {
  const filter = queryOption(call.url, "$filter");
  const test = filter === undefined ? () => true : equalityFilter(filter, ["appId", "displayName", "id"]);
  if (test === null) return errors.badRequest(state, "Unsupported Query.", "Request_UnsupportedQuery");
  const value = state.registry.principals
    .map(bodyOf)
    .filter(test)
    .map((body) => select(body, queryOption(call.url, "$select")));
  return jsonResponse(200, { "@odata.context": `${rootOf(call)}/$metadata#servicePrincipals`, value });
}

function make(state: SandboxState, call: GraphCall): SandboxResponse {
  if (!hasRole(call, "Application.ReadWrite.All")) return errors.insufficientPrivileges(state);
  const { registry } = state;
  const body = parseJson(call.body);
  const appId = isRecord(body) ? String(body["appId"]).toLowerCase() : "";
  const application = registry.applications.find((one) => one.appId === appId);
  if (application === undefined || isLagging(state)) {
    const message = `The appId '${appId}' of the service principal does not reference a valid application object.`;
    return errors.graphError(state, 400, "Request_BadRequest", message);
  }
  if (registry.principals.some((one) => one.appId === appId)) {
    const message = `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`;
    return errors.graphError(state, 409, "Request_MultipleObjectsWithSameKeyValue", message);
  }
  const principal: Principal = { id: randomUUID(), appId, displayName: application.displayName, resource: null };
  registry.principals.push(principal);
  registry.lag = state.services.directoryLag;
  const context = `${rootOf(call)}/$metadata#servicePrincipals/$entity`;
  return jsonResponse(201, { "@odata.context": context, ...bodyOf(principal) });
}

/** True while what was just made is not known everywhere; counts down. */
function isLagging(state: SandboxState): boolean {
  if (state.registry.lag <= 0) return false;
  state.registry.lag -= 1;
  return true;
}

function assignmentBody(state: SandboxState, one: RoleAssignment): object {
  const nameOf = (id: string): string | null =>
    state.registry.principals.find((principal) => principal.id === id)?.displayName ?? null;
  return {
    ...one,
    deletedDateTime: null,
    principalType: "ServicePrincipal",
    principalDisplayName: nameOf(one.principalId),
    resourceDisplayName: nameOf(one.resourceId),
  };
}

function listAssignments(state: SandboxState, call: GraphCall, principal: Principal): SandboxResponse {
  const value = assignmentsOf(state.registry, principal, state.tenant.app).map((one) => assignmentBody(state, one));
  return jsonResponse(200, { "@odata.context": `${rootOf(call)}/$metadata#appRoleAssignments`, value });
}

function grant(state: SandboxState, call: GraphCall, principal: Principal): SandboxResponse {
  const body = parseJson(call.body);
  const { principalId, resourceId, appRoleId, ...others } = isRecord(body) ? body : {};
  if (typeof principalId !== "string" || typeof resourceId !== "string" || typeof appRoleId !== "string") {
    return errors.badRequest(state, "principalId, resourceId and appRoleId are required.", "Request_BadRequest");
  }
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return errors.badRequest(state, `Invalid property '${unknown}'.`, "Request_BadRequest");
  if (isLagging(state) || principalId !== principal.id) return errors.resourceNotFound(state, principalId);
  const resource = state.registry.principals.find(({ id }) => id === resourceId);
  if (resource === undefined) return errors.resourceNotFound(state, resourceId);
  const role = Object.entries(resource.resource?.appRoles ?? {}).find(([, id]) => id === appRoleId);
  if (role === undefined || resource.resource === null) {
    const message = `Permission being assigned was not found on application '${resource.appId}'.`;
    return errors.badRequest(state, message, "Request_BadRequest");
  }
  const granted = assignmentsOf(state.registry, principal, state.tenant.app);
  if (granted.some((one) => one.resourceId === resourceId && one.appRoleId === appRoleId)) {
    return errors.badRequest(state, "Permission being assigned already exists on the object", "Request_BadRequest");
  }
  const id = Buffer.from(`${principalId}/${resourceId}/${appRoleId}`).toString("base64url");
  const made = { id, principalId, resourceId, appRoleId, createdDateTime: isoSeconds(state.clock.now()) };
  if (principal.appId === state.tenant.app.clientId) state.tenant.app.roles[resource.resource.roleSet].push(role[0]);
  else state.registry.assignments.push(made);
  const context = `${rootOf(call)}/$metadata#appRoleAssignments/$entity`;
  return jsonResponse(201, { "@odata.context": context, ...assignmentBody(state, made) });
}

function revoke(state: SandboxState, principal: Principal, assignment: string): SandboxResponse {
  const found = assignmentsOf(state.registry, principal, state.tenant.app).find(({ id }) => id === assignment);
  if (found === undefined) return errors.resourceNotFound(state, assignment);
  const at = state.registry.assignments.findIndex(({ id }) => id === assignment);
  if (at >= 0) state.registry.assignments.splice(at, 1);
  const resource = state.registry.principals.find(({ id }) => id === found.resourceId)?.resource;
  if (principal.appId === state.tenant.app.clientId && resource != null) {
    const value = Object.entries(resource.appRoles).find(([, id]) => id === found.appRoleId)?.[0];
    const { roles } = state.tenant.app;
    roles[resource.roleSet] = roles[resource.roleSet].filter((name) => name !== value);
  }
  return emptyResponse(204);
}
