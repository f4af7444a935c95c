import type { Described } from "../answers/described.js";
import { isDirectoryAbsence } from "../answers/absence.js";
import { type Page, wholeList, type WholeList } from "../answers/pages.js";
import { HttpFailure } from "../http/failures.js";
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
  "proxyAddresses",
  "onPremisesSamAccountName",
  "userType",
  "accountEnabled",
  "onPremisesSyncEnabled",
  "assignedLicenses",
].join(",");

export const NEEDS_USERS = "User.Read.All of Microsoft Graph";
export const NEEDS_GROUPS = "GroupMember.Read.All of Microsoft Graph";
export const NEEDS_LICENCES = "Organization.Read.All or Directory.Read.All of Microsoft Graph";

/** Unpacked bytes of a page: 999 users have about half a megabyte. */
const MAX_PAGE_BYTES = 16 * 1024 * 1024;

/** The pages of a collection. Errors: HttpFailure, `unusable-answer`, `list-not-whole`. */
export function pagesOf<Row>(
  graph: Graph,
  first: GraphRequest,
  page: Described<Page<Row>>,
  list: Omit<WholeList<Row>, "asks" | "origin">,
): AsyncGenerator<readonly Row[]> {
  const request = { maxBytes: MAX_PAGE_BYTES, ...first };
  return wholeList({ ...list, asks: first.asks, origin: graph.origin }, (link) =>
    graph.read(link === null ? request : { ...request, path: link }, page),
  );
}

/** One object, or null where the directory says in its own words that there is none. */
export async function objectOrNull<T>(graph: Graph, request: GraphRequest, answer: Described<T>): Promise<T | null> {
  try {
    return await graph.read(request, answer);
  } catch (error) {
    if (error instanceof HttpFailure && isDirectoryAbsence(error.status, error.said)) return null;
    throw error;
  }
}
