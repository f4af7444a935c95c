import { LETTERS } from "../../../model/letters.js";
import { PLACES, type PackedFinding, type Place } from "../layout.js";
import { countDecidedOf } from "./decisions.js";
import { layout, type Entry } from "./entries.js";

export const SEVERITIES = ["info", "warning", "error", "critical"] as const;
export type SeverityName = (typeof SEVERITIES)[number];

export const SHOWS = ["", "drift", "new", "old", "other", "open"] as const;
export const SORTS = ["severity", "name", "count", "oldest", "newest"] as const;

export interface Filter {
  readonly q: string;
  readonly rule: string;
  readonly show: (typeof SHOWS)[number];
  readonly sort: (typeof SORTS)[number];
  readonly severities: ReadonlySet<SeverityName>;
  readonly stores: ReadonlySet<Place>;
  readonly page: number;
}

export const NO_FILTER: Filter = {
  q: "",
  rule: "",
  show: "",
  sort: "severity",
  severities: new Set(),
  stores: new Set(),
  page: 0,
};

export function isFiltered({ q, rule, show, severities, stores }: Filter): boolean {
  return q !== "" || rule !== "" || show !== "" || severities.size > 0 || stores.size > 0;
}

const ANY_LETTER = new RegExp(`[${[...LETTERS.keys()].join("")}]`, "gu");

/** Without case, accents and what nobody sees. */
function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}]+/gu, "")
    .toLowerCase()
    .replace(ANY_LETTER, (letter) => LETTERS.get(letter)?.[0] ?? letter);
}

const folded = new Map<number, string>();

function foldedOf(entry: Entry): string {
  const known = folded.get(entry.n);
  if (known !== undefined) return known;
  const rules = [...new Set(entry.packed.map(({ rule }) => layout.rules[rule]))].join(" ");
  const text = fold(`${entry.name}\n${entry.upn}\n${rules}`);
  folded.set(entry.n, text);
  return text;
}

function isShown(show: Filter["show"], finding: PackedFinding): boolean {
  switch (show) {
    case "":
      return true;
    case "drift":
      return finding.drift;
    case "other":
      return !finding.drift;
    case "new":
      return finding.fresh;
    case "old":
      return !finding.fresh;
    case "open":
      return finding.open;
  }
}

/** One finding must pass all filters at once: "SharePoint" and "critical" means critical in SharePoint. */
function passes(filter: Filter, rule: number, finding: PackedFinding): boolean {
  const severity = SEVERITIES[finding.severity];
  const place = PLACES[finding.place];
  return (
    (rule === -1 || finding.rule === rule) &&
    (filter.stores.size === 0 || (place !== undefined && filter.stores.has(place))) &&
    (filter.severities.size === 0 || (severity !== undefined && filter.severities.has(severity))) &&
    isShown(filter.show, finding)
  );
}

/** Whether one finding is among those that the list is filtered to; words searched for are about the entry. */
export function isListed(filter: Filter, finding: PackedFinding): boolean {
  return passes(filter, filter.rule === "" ? -1 : layout.rules.indexOf(filter.rule), finding);
}

const collator = new Intl.Collator("en", { sensitivity: "base", numeric: true });

function bySeen(a: Entry, b: Entry): number {
  if (a.seen === b.seen) return a.n - b.n;
  return a.seen < b.seen ? -1 : 1;
}

const ORDERS = {
  severity: (a, b) => b.worst - a.worst || b.packed.length - a.packed.length || a.n - b.n,
  name: (a, b) => collator.compare(a.name || a.upn, b.name || b.upn) || a.n - b.n,
  count: (a, b) => b.packed.length - a.packed.length || a.n - b.n,
  oldest: bySeen,
  newest: (a, b) => bySeen(b, a),
} satisfies Record<Filter["sort"], (a: Entry, b: Entry) => number>;

/** The entries that pass, in the order asked for. */
export function select(entries: readonly Entry[], filter: Filter): readonly Entry[] {
  const words = fold(filter.q)
    .split(/\s+/)
    .filter((word) => word !== "");
  const undecided = (entry: Entry): boolean =>
    filter.show !== "open" || entry.packed.filter(({ open }) => open).length > countDecidedOf(entry);
  const rule = filter.rule === "" ? -1 : layout.rules.indexOf(filter.rule);
  return entries
    .filter(
      (entry) =>
        entry.packed.some((finding) => passes(filter, rule, finding)) &&
        undecided(entry) &&
        words.every((word) => foldedOf(entry).includes(word) || entry.id.startsWith(word)),
    )
    .sort(ORDERS[filter.sort]);
}
