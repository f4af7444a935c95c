import type { SandboxResponse } from "../../http.js";
import { jsonText, queryOption, textResponse } from "../../responses.js";
import type { SandboxState } from "../../state.js";
import { findUser, type SandboxUser } from "../../tenant.js";
import { hasRole, isEventual, rootOf, type GraphCall } from "./call.js";
import * as errors from "./errors.js";
import { readUserFilter, type UserTest } from "./filter.js";
import { linkWith, pageSizeOf, pageStartOf, pageToken } from "./paging.js";
import { readSelection, userMembers } from "./user-json.js";

const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 999;

export function mayReadUsers(call: GraphCall): boolean {
  return hasRole(call, "User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All");
}

/** Users that are not in the recycle bin, in the order of the tenant. Kept per tenant while nobody comes or goes. */
const listings = new WeakMap<Map<string, SandboxUser>, { size: number; users: SandboxUser[] }>();

export function liveUsers(state: SandboxState): readonly SandboxUser[] {
  const all = state.tenant.users;
  const known = listings.get(all);
  if (known?.size === all.size) return known.users;
  const users = [...all.values()];
  listings.set(all, { size: all.size, users });
  return users;
}

/** `GET /users` (facts/graph-entra-exchange.md 3.1; docs-contrib user-list.md). */
export function listUsers(state: SandboxState, call: GraphCall): SandboxResponse {
  if (!mayReadUsers(call)) return errors.insufficientPrivileges(state);
  const refused = refuseOptions(state, call);
  if (refused) return refused;
  const selection = readSelection(queryOption(call.url, "$select"));
  if (selection.kind === "unknown") return errors.unknownProperty(state, selection.name, "microsoft.graph.user");
  if (selection.kind === "single-only") return errors.notOnCollections(state);
  const size = pageSizeOf(call.url, DEFAULT_PAGE, LARGEST_PAGE);
  if (size === null) {
    const message = `Invalid page size specified: '${queryOption(call.url, "$top")}'. Must be between 1 and 999 inclusive.`;
    return errors.badRequest(state, message, "Request_UnsupportedQuery");
  }
  const test = readTest(state, call);
  if (typeof test !== "function") return test;
  const start = pageStartOf(call.url);
  if (start === null) return errors.badRequest(state, "Invalid skiptoken.", "Directory_ExpiredPageToken");

  const users = liveUsers(state);
  const page = pageOf(users, test, start, size);
  const rows = page.users.map((user) => `{${userMembers(state.tenant, user, selection.properties)}}`);
  const next = page.next === null ? null : linkWith(call.url, { $skiptoken: pageToken({ at: page.next }) });
  const isFirst = queryOption(call.url, "$skiptoken") === undefined;
  const counted = wantsCount(call) && isFirst ? `,"@odata.count":${countUsers(users, test)}` : "";
  return jsonText(
    200,
    `{"@odata.context":${JSON.stringify(`${rootOf(call)}/$metadata#users${selection.context}`)}${counted}` +
      `${next === null ? "" : `,"@odata.nextLink":${JSON.stringify(next)}`},"value":[${rows.join(",")}]}`,
  );
}

/** At most `size` of the users from `start` on that pass the test, and where the next of them stands; null where none is left. */
function pageOf(
  users: readonly SandboxUser[],
  test: UserTest,
  start: number,
  size: number,
): { readonly users: readonly SandboxUser[]; readonly next: number | null } {
  const page: SandboxUser[] = [];
  for (let at = start; at < users.length; at += 1) {
    const user = users[at];
    if (user === undefined || !accepted(user, test)) continue;
    if (page.length === size) return { users: page, next: at };
    page.push(user);
  }
  return { users: page, next: null };
}

/** `GET /users/$count`: a number as text, with `ConsistencyLevel: eventual` only. */
export function countUsersEndpoint(state: SandboxState, call: GraphCall): SandboxResponse {
  if (!mayReadUsers(call)) return errors.insufficientPrivileges(state);
  if (!isEventual(call)) return errors.badRequest(state, "$count is not currently supported.", "Request_BadRequest");
  const test = readTest(state, call);
  if (typeof test !== "function") return test;
  return textResponse(200, String(countUsers(liveUsers(state), test)));
}

/** `GET /users/{id|upn}`; a mail address that is not the UPN names nobody. */
export function getUser(state: SandboxState, call: GraphCall): SandboxResponse {
  if (!mayReadUsers(call)) return errors.insufficientPrivileges(state);
  const key = call.segments[1] ?? "";
  const user = findUser(state.tenant, key);
  if (!user || user.deletedAt !== null) return errors.resourceNotFound(state, key);
  if (queryOption(call.url, "$expand") !== undefined) {
    return errors.badRequest(state, "Parsing OData Select and Expand failed: the property cannot be expanded.");
  }
  const selection = readSelection(queryOption(call.url, "$select"));
  if (selection.kind === "unknown") return errors.unknownProperty(state, selection.name, "microsoft.graph.user");
  if (selection.kind === "single-only") return errors.notOnCollections(state);
  const context = JSON.stringify(`${rootOf(call)}/$metadata#users${selection.context}/$entity`);
  return jsonText(200, `{"@odata.context":${context},${userMembers(state.tenant, user, selection.properties)}}`);
}

function refuseOptions(state: SandboxState, call: GraphCall): SandboxResponse | null {
  if (queryOption(call.url, "$skip") !== undefined) {
    return errors.badRequest(state, "'$skip' is not supported by the service.", "Request_BadRequest");
  }
  const expand = queryOption(call.url, "$expand");
  if (expand !== undefined) {
    // `photo` has Expandable=false in the CSDL (facts/graph-entra-exchange.md 0.4).
    const message = `Parsing OData Select and Expand failed: Property '${expand}' on type 'microsoft.graph.user' cannot be expanded.`;
    return errors.badRequest(state, message);
  }
  const unsupported = ["$search", "$orderby"].find((name) => queryOption(call.url, name) !== undefined);
  if (unsupported === undefined) return null;
  const message = `The sandbox does not answer ${unsupported} on /users; the service does.`;
  return errors.badRequest(state, message, "SandboxNotImplemented");
}

function readTest(state: SandboxState, call: GraphCall): UserTest | SandboxResponse {
  const text = queryOption(call.url, "$filter");
  if (text === undefined) return () => true;
  const filter = readUserFilter(text);
  if (filter === null || (filter.advanced && !wantsCount(call))) {
    const message = "Unsupported or invalid query filter clause specified for property of resource 'User'.";
    return errors.badRequest(state, message, "Request_UnsupportedQuery");
  }
  return filter.test;
}

/** `$count=true` is ignored without the consistency header. */
function wantsCount(call: GraphCall): boolean {
  return isEventual(call) && (queryOption(call.url, "$count") === "true" || call.folded[1] === "$count");
}

function accepted(user: SandboxUser, test: UserTest): boolean {
  return user.deletedAt === null && test(user);
}

function countUsers(users: readonly SandboxUser[], test: UserTest): number {
  let total = 0;
  for (const user of users) if (accepted(user, test)) total += 1;
  return total;
}
