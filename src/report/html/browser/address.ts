import { PLACES } from "../layout.js";
import { layout } from "./entries.js";
import { NO_FILTER, SEVERITIES, SHOWS, SORTS, type Filter } from "./filter.js";

/** The filter that the page's address names; what it does not know is left out. */
export function readAddress(): Filter {
  const stored = new URLSearchParams(location.hash.slice(1));
  return {
    q: (stored.get("q") ?? "").slice(0, 300),
    rule: layout.rules.find((rule) => rule === stored.get("rule")) ?? "",
    show: SHOWS.find((show) => show === stored.get("show")) ?? NO_FILTER.show,
    sort: SORTS.find((sort) => sort === stored.get("sort")) ?? NO_FILTER.sort,
    severities: listed(stored.get("severity"), SEVERITIES),
    stores: listed(stored.get("store"), PLACES),
    page: Math.max(0, (Number.parseInt(stored.get("page") ?? "", 10) || 1) - 1),
  };
}

function listed<T extends string>(text: string | null, known: readonly T[]): ReadonlySet<T> {
  const names = (text ?? "").split(",");
  return new Set(known.filter((value) => names.includes(value)));
}

export function writeAddress(filter: Filter): void {
  const out = new URLSearchParams();
  for (const name of ["q", "rule", "show"] as const) if (filter[name] !== "") out.set(name, filter[name]);
  if (filter.sort !== NO_FILTER.sort) out.set("sort", filter.sort);
  if (filter.severities.size > 0) out.set("severity", [...filter.severities].join(","));
  if (filter.stores.size > 0) out.set("store", [...filter.stores].join(","));
  if (filter.page > 0) out.set("page", String(filter.page + 1));
  try {
    history.replaceState(null, "", `#${out.toString()}`);
  } catch {
    // Some viewers forbid it; the page works without.
  }
}
