import type { SandboxResponse } from "../../http.js";
import { emptyResponse, jsonText, queryOption } from "../../responses.js";
import type { SandboxState } from "../../state.js";
import type { SandboxUser } from "../../tenant.js";
import { header, rootOf, type GraphCall } from "./call.js";
import * as errors from "./errors.js";
import { pageToken, readPageToken } from "./paging.js";
import { readSelection, userMembers } from "./user-json.js";
import { liveUsers, mayReadUsers } from "./users.js";

/** Tokens of directory objects live seven days (docs-contrib delta-query-overview.md, Token duration). */
const TOKEN_LIFE = 7 * 86_400_000;
const MOST_IDS = 50;

/** What a page or delta token remembers: query options count only on the first call. */
interface DeltaToken {
  readonly kind: "page" | "delta";
  /** Users (page of a first round) or changes (later rounds) already told. */
  readonly at: number;
  /** Sequence of the last change known when the round began. */
  readonly known: number;
  readonly issued: number;
  readonly select: string | null;
  readonly ids: readonly string[] | null;
}

/** `GET /users/delta` (facts/graph-entra-exchange.md 3.2). Photo changes never appear: `photo` is a navigation property. */
export function usersDelta(state: SandboxState, call: GraphCall): SandboxResponse {
  if (!mayReadUsers(call)) return errors.insufficientPrivileges(state);
  const skip = queryOption(call.url, "$skiptoken");
  const delta = queryOption(call.url, "$deltatoken");
  if (skip === undefined && (delta === undefined || delta === "" || delta === "latest"))
    return firstCall(state, call, delta === "latest");
  const token = readPageToken(skip ?? delta ?? "") as unknown as DeltaToken | null;
  if (token?.kind !== (skip === undefined ? "delta" : "page")) {
    return errors.badRequest(state, "Badly formed token.", "Request_BadRequest");
  }
  if (state.clock.now() - token.issued > TOKEN_LIFE) return expired(state, call);
  return token.kind === "page" ? listPage(state, call, token) : changesSince(state, call, token);
}

function firstCall(state: SandboxState, call: GraphCall, latest: boolean): SandboxResponse {
  const refused = ["$top", "$expand", "$orderby", "$search"].find((name) => queryOption(call.url, name) !== undefined);
  if (refused !== undefined)
    return errors.badRequest(state, `'${refused}' is not supported by the service.`, "Request_BadRequest");
  const select = queryOption(call.url, "$select") ?? null;
  const selection = readSelection(select ?? undefined);
  if (selection.kind === "unknown") return errors.unknownProperty(state, selection.name, "microsoft.graph.user");
  if (selection.kind === "single-only") return errors.notOnCollections(state);
  const filter = queryOption(call.url, "$filter");
  const ids = filter === undefined ? null : readIds(filter);
  if (filter !== undefined && (ids === null || ids.length > MOST_IDS)) {
    return errors.badRequest(
      state,
      "Unsupported or invalid query filter clause specified.",
      "Request_UnsupportedQuery",
    );
  }
  const known = state.directoryChanges.length;
  const issued = state.clock.now();
  if (latest) return page(call, [], { kind: "delta", at: 0, known, issued, select, ids });
  return listPage(state, call, { kind: "page", at: 0, known, issued, select, ids });
}

/** `id eq 'a' or id eq 'b'`, the only filter that delta takes. */
function readIds(filter: string): string[] | null {
  const parts = filter.split(/\s+or\s+/i).map((part) => /^\s*id\s+eq\s+'([^']+)'\s*$/i.exec(part)?.[1]);
  return parts.every((id) => id !== undefined) ? parts.map((id) => id.toLowerCase()) : null;
}

function listPage(state: SandboxState, call: GraphCall, token: DeltaToken): SandboxResponse {
  const properties = propertiesOf(token);
  const users = liveUsers(state);
  const rows: string[] = [];
  let at = token.at;
  for (; at < users.length && rows.length < state.services.deltaPage; at += 1) {
    const user = users[at];
    if (user && user.deletedAt === null && wanted(token, user)) rows.push(row(state, user, properties));
  }
  if (at < users.length) return page(call, rows, { ...token, at });
  return page(call, rows, { ...token, kind: "delta", at: 0, issued: state.clock.now() });
}

function changesSince(state: SandboxState, call: GraphCall, token: DeltaToken): SandboxResponse {
  const properties = propertiesOf(token);
  const changed = new Map<string, Set<string>>();
  for (const change of state.directoryChanges.slice(token.known)) {
    const seen = changed.get(change.userId) ?? new Set<string>();
    for (const property of change.properties) seen.add(property);
    changed.set(change.userId, seen);
  }
  const minimal = header(call, "prefer").toLowerCase().includes("return=minimal");
  const rows: string[] = [];
  for (const [id, seen] of changed) {
    const user = state.tenant.users.get(id);
    if (!user || !wanted(token, user)) continue;
    if (user.deletedAt !== null) rows.push(`{"id":"${id}","@removed":{"reason":"changed"}}`);
    else if (seen.has("deletedDateTime") || token.select === null || properties.some((name) => seen.has(name))) {
      const told = minimal ? properties.filter((name) => name === "id" || seen.has(name)) : properties;
      rows.push(row(state, user, told));
    }
  }
  return page(call, rows, { ...token, known: state.directoryChanges.length, issued: state.clock.now() });
}

function row(state: SandboxState, user: SandboxUser, properties: readonly string[]): string {
  return `{${userMembers(state.tenant, user, properties.includes("id") ? properties : ["id", ...properties])}}`;
}

function wanted(token: DeltaToken, user: SandboxUser): boolean {
  return token.ids === null || token.ids.includes(user.id.toLowerCase());
}

function propertiesOf(token: DeltaToken): readonly string[] {
  const selection = readSelection(token.select ?? undefined);
  return selection.kind === "ok" ? selection.properties : [];
}

function page(call: GraphCall, rows: readonly string[], token: DeltaToken): SandboxResponse {
  const root = rootOf(call);
  const link =
    token.kind === "page"
      ? `"@odata.nextLink":${JSON.stringify(`${root}/users/delta?$skiptoken=${pageToken(token)}`)}`
      : `"@odata.deltaLink":${JSON.stringify(`${root}/users/delta?$deltatoken=${pageToken(token)}`)}`;
  const context = JSON.stringify(`${root}/$metadata#users${readContext(token)}`);
  return jsonText(200, `{"@odata.context":${context},${link},"value":[${rows.join(",")}]}`);
}

function readContext(token: DeltaToken): string {
  const selection = readSelection(token.select ?? undefined);
  return selection.kind === "ok" ? selection.context : "";
}

/** Both answers are known: 410 with a Location that starts over, and 400 (devblogs, "Duration of change tracking tokens"). */
function expired(state: SandboxState, call: GraphCall): SandboxResponse {
  if (state.services.deltaExpired === "bad-request") {
    const message =
      "The sync state generation is not found. The delta token is expired and data must be synchronized again.";
    return errors.badRequest(state, message, "syncStateNotFound");
  }
  return emptyResponse(410, { location: `${rootOf(call)}/users/delta?$deltatoken=` });
}
