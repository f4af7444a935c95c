import { PhotodriftError } from "../../model/errors.js";
import { asObject, textOf } from "../http/failures.js";
import type { Graph, GraphRequest } from "../http/graph.js";

/** Attributes asked for: `assignedLicenses` is 20 times smaller than `assignedPlans` (facts/graph-entra-exchange.md fact 10). */
export const USER_SELECT = [
  "id",
  "userPrincipalName",
  "displayName",
  "mail",
  "givenName",
  "surname",
  "employeeId",
  "onPremisesSamAccountName",
  "userType",
  "accountEnabled",
  "onPremisesSyncEnabled",
  "assignedLicenses",
].join(",");

export const NEEDS_USERS = "User.Read.All of Microsoft Graph";
export const NEEDS_GROUPS = "GroupMember.Read.All of Microsoft Graph";
export const NEEDS_LICENCES = "Organization.Read.All or Directory.Read.All of Microsoft Graph";

/** The pages of a collection, next links followed to the letter. Errors: HttpFailure; `unusable-answer` for a page without `value` or a loop. */
export async function* pagesOf(graph: Graph, first: GraphRequest): AsyncGenerator<readonly unknown[]> {
  let request: GraphRequest = first;
  for (;;) {
    const page = await graph.json(request);
    const value = page["value"];
    if (!Array.isArray(value)) throw unusable(first, "a page came without its values");
    yield value;
    const next = textOf(page["@odata.nextLink"]);
    if (next === null) return;
    if (next === request.path) throw unusable(first, "a page names itself as the next one");
    if (!sameOrigin(next, graph.origin)) throw unusable(first, "the next page lies on another host");
    request = { ...first, path: next };
  }
}

/** One object, or null for 404. */
export async function objectOrNull(
  graph: Graph,
  request: GraphRequest,
): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    return asObject(await graph.json(request));
  } catch (error) {
    if (error instanceof PhotodriftError && "status" in error && error.status === 404) return null;
    throw error;
  }
}

function sameOrigin(link: string, origin: string): boolean {
  try {
    return new URL(link).origin === origin;
  } catch {
    return false;
  }
}

function unusable(request: GraphRequest, what: string): PhotodriftError {
  return new PhotodriftError("unusable-answer", `cannot ${request.asks}: ${what}`, "run again later", "incomplete");
}
