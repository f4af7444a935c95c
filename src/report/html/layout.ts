/**
 * The layout of the page's data blocks, shared by the program that writes them (`entries.ts`) and the page's own program that reads them
 * (`browser/`): `i0, i1 …` hold the index (what search, filters and sorting need, read at once), `d0, d1 …` the details (read when an entry
 * is shown), `p0, p1 …` the pictures of one entry each, `layout` the rest.
 */
export const INDEX_ENTRIES = 1000;
export const DETAIL_ENTRIES = 25;

export const PLACES = ["entra", "exchange", "sharepoint", "source"] as const;
export type Place = (typeof PLACES)[number];

/** [name, UPN or "", object id or "", first seen, packed findings] */
export type IndexEntry = readonly [string, string, string, string, readonly number[]];

/** [fact, expected, actual] */
export type FactRow = readonly [string, string, string];

/**
 * What the page needs to let a person decide: [finding id, stored picture looked at, master or "", 1 where it can be put right, decision or
 * "", by, at]. null: nothing to decide.
 */
export type DetailDecision = readonly [string, string, string, 0 | 1, string, string, string];

/** [address, place, rule, cause, remedy kind, remedy, summary, first seen, facts, decision, difference in words] */
export type DetailFinding = readonly [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  readonly FactRow[],
  DetailDecision | null,
  string,
];

/**
 * [label, address, note, base64 of WebP or JPEG, or the number of the entry's picture that is the same, or null, longer side
 * of the stored picture in px or 0]
 */
export type DetailPicture = readonly [string, string, string, string | number | null, number];

/** [findings, 1 where pictures of the entry are in a block of their own; null where the page's share of pictures was used up] */
export type DetailEntry = readonly [readonly DetailFinding[], 0 | 1 | null];

export interface Layout {
  readonly entries: number;
  readonly indexEntries: number;
  readonly detailEntries: number;
  /** Users with notes only that are not on the page. */
  readonly leftOut: number;
  readonly rules: readonly string[];
  readonly tenant: string;
  readonly runId: string;
  /** Name of the file that decisions are saved as, and what to type once it is there. */
  readonly saved: { readonly file: string; readonly commands: readonly string[] };
  /** Words after `photodrift explain USER` that name the configuration. */
  readonly config: string;
}

/** What filters need of a finding. `rule` and `place` are indices into `Layout.rules` and `PLACES`, `severity` is 0 (info) to 3 (critical). */
export interface PackedFinding {
  readonly rule: number;
  readonly place: number;
  readonly severity: number;
  readonly drift: boolean;
  readonly fresh: boolean;
  /** A person is asked, and has not decided yet. */
  readonly open: boolean;
}

/** One number: place, severity, drift, fresh, open in the low seven bits, the rule above. */
export function pack({ rule, place, severity, drift, fresh, open }: PackedFinding): number {
  return place | (severity << 2) | (Number(drift) << 4) | (Number(fresh) << 5) | (Number(open) << 6) | (rule << 7);
}

export function unpack(packed: number): PackedFinding {
  return {
    rule: packed >> 7,
    place: packed & 3,
    severity: (packed >> 2) & 3,
    drift: ((packed >> 4) & 1) === 1,
    fresh: ((packed >> 5) & 1) === 1,
    open: ((packed >> 6) & 1) === 1,
  };
}
