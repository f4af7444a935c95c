import type { SandboxResponse } from "../../http.js";
import { namedGuid } from "../../library.js";
import type { SandboxUser, Tenant } from "../../tenant.js";
import { accessDenied, badRequest } from "./errors.js";
import { parseBody } from "./lists.js";
import type { Call } from "./odata.js";
import { mayReadFiles } from "./permissions.js";
import { json } from "./replies.js";

/** Result source "Local People Results". */
const PEOPLE = "b09a7990-05ea-4af9-81ef-edfab16c4e31";
const MOST_ROWS = 500;
const FIRST_DOC_ID = 17_592_186_000_000;

interface SearchBody {
  readonly request?: {
    readonly Querytext?: string;
    readonly SourceId?: string;
    readonly RowLimit?: number;
    readonly StartRow?: number;
    readonly SelectProperties?: readonly string[] | { readonly results?: readonly string[] };
  };
}

function cellsOf(user: SandboxUser, docId: number): { readonly [name: string]: string | null } {
  return {
    DocId: String(docId),
    IndexDocId: String(docId),
    AccountName: user.profile?.accountName ?? "",
    PreferredName: user.displayName,
    WorkEmail: user.mail,
    PictureURL: user.profile?.pictureUrl === "" ? null : (user.profile?.pictureUrl ?? null),
    UserProfile_GUID: namedGuid(`profile/${user.id}`),
    UserName: user.upn.toLowerCase(),
  };
}

/**
 * POST /_api/search/postquery over people: all of them, or those with a document id above one (`IndexDocId>n`, the way to page). Other
 * query texts are not answered. Placeholder and sync state are not searchable (facts/sharepoint.md 10.3).
 */
export function searchPeople(tenant: Tenant, call: Call): SandboxResponse | null {
  if (!mayReadFiles(call)) return accessDenied(call);
  const { request } = (parseBody(call) ?? {}) as SearchBody;
  if (request === undefined) return badRequest(call, "The parameter request is missing.");
  const text = (request.Querytext ?? "").trim();
  const above = /^(?:\*\s*(?:and\s+)?)?(?:IndexDocId|DocId)\s*>\s*"?(\d+)"?(?:\s+\*)?$/i.exec(text);
  if (above === null && text !== "" && text !== "*") return null;
  const after = above === null ? 0 : Number(above[1]);
  const limit = Math.min(MOST_ROWS, Math.max(1, request.RowLimit ?? 10));
  const people = request.SourceId?.toLowerCase() === PEOPLE ? tenant.users.values() : [];
  const { found, total } = peoplePage(people, after, request.StartRow ?? 0, limit);
  const wanted = selectedOf(request);
  const verbose = call.format === "verbose";
  const list = (items: readonly unknown[]): unknown => (verbose ? { results: items } : items);
  const rows = found.map(({ user, docId }) => ({
    Cells: list(
      Object.entries(cellsOf(user, docId))
        .filter(([name]) => wanted.size === 0 || wanted.has(name.toLowerCase()) || name === "DocId")
        .map(([Key, Value]) => ({ Key, Value, ValueType: cellType(Key, Value) })),
    ),
  }));
  const result = {
    ElapsedTime: 40,
    PrimaryQueryResult: {
      CustomResults: list([]),
      QueryId: namedGuid(text),
      RefinementResults: null,
      RelevantResults: {
        RowCount: rows.length,
        Table: { Rows: list(rows) },
        TotalRows: total,
        TotalRowsIncludingDuplicates: total,
      },
      SpecialTermResults: null,
    },
    Properties: list([{ Key: "RowLimit", Value: String(limit), ValueType: "Edm.Int32" }]),
    SecondaryQueryResults: list([]),
    SpellingSuggestion: "",
    TriggeredRules: list([]),
  };
  return json(call, 200, verbose ? { d: { postquery: result } } : result);
}

interface Found {
  readonly user: SandboxUser;
  readonly docId: number;
}

/** People with a document id above `after`: how many there are, and those from row `start` on. */
function peoplePage(
  people: Iterable<SandboxUser>,
  after: number,
  start: number,
  limit: number,
): { readonly found: readonly Found[]; readonly total: number } {
  const found: Found[] = [];
  let total = 0;
  let docId = FIRST_DOC_ID;
  for (const user of people) {
    docId += 3;
    if (user.profile === null || user.deletedAt !== null || docId <= after) continue;
    if (total++ >= start && found.length < limit) found.push({ user, docId });
  }
  return { found, total };
}

/** Lower-case names of the properties asked for, in either of the two forms; none: all. */
function selectedOf({ SelectProperties }: NonNullable<SearchBody["request"]>): ReadonlySet<string> {
  const select = SelectProperties ?? [];
  const names = "results" in select ? (select.results ?? []) : (select as readonly string[]);
  return new Set(names.map((name) => name.toLowerCase()));
}

function cellType(key: string, value: string | null): string {
  if (key === "DocId") return "Edm.Int64";
  return value === null ? "Null" : "Edm.String";
}
