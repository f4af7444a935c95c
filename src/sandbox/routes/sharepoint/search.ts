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
  const select = Array.isArray(request.SelectProperties)
    ? (request.SelectProperties as readonly string[])
    : ((request.SelectProperties as { readonly results?: readonly string[] } | undefined)?.results ?? []);
  const wanted = new Set(select.map((name) => name.toLowerCase()));
  const found: { readonly user: SandboxUser; readonly docId: number }[] = [];
  let total = 0;
  let docId = FIRST_DOC_ID;
  const people = request.SourceId?.toLowerCase() === PEOPLE ? tenant.users.values() : [];
  for (const user of people) {
    docId += 3;
    if (user.profile === null || user.deletedAt !== null || docId <= after) continue;
    if (total++ >= (request.StartRow ?? 0) && found.length < limit) found.push({ user, docId });
  }
  const verbose = call.format === "verbose";
  const list = (items: readonly unknown[]): unknown => (verbose ? { results: items } : items);
  const rows = found.map(({ user, docId: id }) => ({
    Cells: list(
      Object.entries(cellsOf(user, id))
        .filter(([name]) => wanted.size === 0 || wanted.has(name.toLowerCase()) || name === "DocId")
        .map(([Key, Value]) => ({
          Key,
          Value,
          ValueType: Key === "DocId" ? "Edm.Int64" : Value === null ? "Null" : "Edm.String",
        })),
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
