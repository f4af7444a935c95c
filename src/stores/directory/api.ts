import type { Described } from "../answers/described.js";
import { isDirectoryAbsence } from "../answers/absence.js";
import { collectionCount } from "../answers/directory.js";
import { type CountedElsewhere, type Page, wholeList, type WholeList } from "../answers/pages.js";
import { PhotodriftError } from "../../model/errors.js";
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
export const NEEDS_LICENCES = "LicenseAssignment.Read.All or Organization.Read.All of Microsoft Graph";

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

/** Rows of a list that nobody knows anything about after which its count is asked for: a hundred full pages. */
const LONG_LIST = 100_000;
/** Rows of a list after which its count is asked for where the last run knew it: it has doubled, or gone on for twenty pages. */
const LEAST_LONG_LIST = 20_000;

/**
 * The count of a collection, asked for only where its list goes on and on: pages that are full and ever new end by nothing else. It needs
 * `ConsistencyLevel: eventual` and may lag behind (facts/graph-entra-exchange.md 3.1; learn.microsoft.com/graph/api/user-list,
 * group-list-transitivemembers).
 * @param before rows that the last run knew of, 0 for none
 */
export function countOf(graph: Graph, collection: string, before: number): CountedElsewhere {
  return {
    afterRows: before === 0 ? LONG_LIST : Math.max(LEAST_LONG_LIST, 2 * before),
    ask: () =>
      graph
        .read(
          {
            path: `${collection}/$count`,
            headers: { consistencylevel: "eventual", accept: "text/plain" },
            asks: "count what is listed",
          },
          collectionCount,
        )
        .catch((error: unknown) => {
          if (graph.door.signal?.aborted === true || !(error instanceof PhotodriftError)) throw error;
          return null;
        }),
  };
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
