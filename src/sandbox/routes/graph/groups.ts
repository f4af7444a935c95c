import type { SandboxResponse } from "../../http.js";
import { jsonResponse, jsonText, queryOption, textResponse } from "../../responses.js";
import type { SandboxState } from "../../state.js";
import type { SandboxGroup, SandboxUser } from "../../tenant.js";
import { hasRole, isEventual, rootOf, type GraphCall } from "./call.js";
import * as errors from "./errors.js";
import { linkWith, pageSizeOf, pageStartOf, pageToken } from "./paging.js";
import { readSelection, userMembers } from "./user-json.js";

const ROLES = [
  "GroupMember.Read.All",
  "Group.Read.All",
  "Group.ReadWrite.All",
  "Directory.Read.All",
  "Directory.ReadWrite.All",
];

function groupBody(group: SandboxGroup): object {
  return {
    id: group.id,
    displayName: group.displayName,
    groupTypes: [],
    mailEnabled: false,
    securityEnabled: true,
    membershipRule: null,
  };
}

/** `GET /groups`, with `$filter=displayName eq '…'` or startswith. */
export function listGroups(state: SandboxState, call: GraphCall): SandboxResponse {
  if (!hasRole(call, ...ROLES)) return errors.insufficientPrivileges(state);
  const filter = queryOption(call.url, "$filter");
  const equal = filter === undefined ? null : /^displayName\s+eq\s+'((?:[^']|'')*)'$/i.exec(filter.trim());
  if (filter !== undefined && !equal) {
    return errors.badRequest(state, "Unsupported Query.", "Request_UnsupportedQuery");
  }
  const name = equal?.[1]?.replaceAll("''", "'").toLowerCase();
  const groups = [...state.tenant.groups.values()].filter(
    (group) => name === undefined || group.displayName.toLowerCase() === name,
  );
  return jsonResponse(200, { "@odata.context": `${rootOf(call)}/$metadata#groups`, value: groups.map(groupBody) });
}

/** `GET /groups/{id}` */
export function getGroup(state: SandboxState, call: GraphCall): SandboxResponse {
  if (!hasRole(call, ...ROLES)) return errors.insufficientPrivileges(state);
  const group = findGroup(state, call);
  if (!group) return errors.resourceNotFound(state, call.segments[1] ?? "");
  return jsonResponse(200, { "@odata.context": `${rootOf(call)}/$metadata#groups/$entity`, ...groupBody(group) });
}

/** `GET /groups/{id}/members` and `/transitiveMembers`, each also cast to `microsoft.graph.user` and paged like users, or as `/$count`. */
export function groupMembers(state: SandboxState, call: GraphCall): SandboxResponse {
  if (!hasRole(call, ...ROLES)) return errors.insufficientPrivileges(state);
  const group = findGroup(state, call);
  if (!group) return errors.resourceNotFound(state, call.segments[1] ?? "");
  const usersOnly = call.folded[3] === "microsoft.graph.user";
  const found = membersOf(state, group, call.folded[2] === "transitivemembers");
  const members: Members = usersOnly ? { users: found.users, groups: [] } : found;
  if (call.folded.at(-1) === "$count") {
    if (!isEventual(call)) return errors.badRequest(state, "$count is not currently supported.", "Request_BadRequest");
    return textResponse(200, String(members.users.length + members.groups.length));
  }
  const selection = readSelection(queryOption(call.url, "$select"));
  if (selection.kind !== "ok") {
    const name = selection.kind === "unknown" ? selection.name : "mailboxSettings";
    return errors.unknownProperty(state, name, "microsoft.graph.directoryObject");
  }
  const size = pageSizeOf(call.url, 100, 999);
  if (size === null) return errors.badRequest(state, "Invalid page size specified.", "Request_UnsupportedQuery");
  const start = pageStartOf(call.url);
  if (start === null) return errors.badRequest(state, "Invalid skiptoken.", "Directory_ExpiredPageToken");
  const all = [
    ...members.users.map((user) => {
      const type = usersOnly ? "" : '"@odata.type":"#microsoft.graph.user",';
      return `{${type}${userMembers(state.tenant, user, selection.properties)}}`;
    }),
    ...members.groups.map((inner) => JSON.stringify({ "@odata.type": "#microsoft.graph.group", ...groupBody(inner) })),
  ];
  const context = JSON.stringify(
    `${rootOf(call)}/$metadata#${usersOnly ? "users" : "directoryObjects"}${selection.context}`,
  );
  const end = start + size;
  const next = end < all.length ? linkWith(call.url, { $skiptoken: pageToken({ at: end }) }) : null;
  const link = next === null ? "" : `,"@odata.nextLink":${JSON.stringify(next)}`;
  return jsonText(200, `{"@odata.context":${context}${link},"value":[${all.slice(start, end).join(",")}]}`);
}

interface Members {
  readonly users: readonly SandboxUser[];
  readonly groups: readonly SandboxGroup[];
}

function findGroup(state: SandboxState, call: GraphCall): SandboxGroup | undefined {
  return state.tenant.groups.get(call.segments[1] ?? "") ?? state.tenant.groups.get(call.folded[1] ?? "");
}

/** Each member once, however many ways lead to it; groups in circles end. */
function membersOf(state: SandboxState, group: SandboxGroup, transitive: boolean): Members {
  const users = new Map<string, SandboxUser>();
  const groups = new Map<string, SandboxGroup>();
  const open = [group];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const id of next.members) {
      const user = state.tenant.users.get(id);
      const inner = state.tenant.groups.get(id);
      if (user && user.deletedAt === null) users.set(id, user);
      if (!inner || groups.has(id) || inner === group) continue;
      groups.set(id, inner);
      if (transitive) open.push(inner);
    }
  }
  return { users: [...users.values()], groups: [...groups.values()] };
}
