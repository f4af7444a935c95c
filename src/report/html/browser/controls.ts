import { PLACES } from "../layout.js";
import { all, byId, count, counted, el } from "./dom.js";
import { entries, layout, type Entry } from "./entries.js";
import { entryCard } from "./entry-card.js";
import { isFiltered, SEVERITIES, type Filter } from "./filter.js";

/** Shows the filter in the controls. */
export function showControls(filter: Filter): void {
  const search = byId("q", HTMLInputElement);
  if (search.value !== filter.q) search.value = filter.q;
  for (const id of ["rule", "show", "sort"] as const) byId(id, HTMLSelectElement).value = filter[id];
  press("[data-severity]", ({ severity }) => SEVERITIES.some((s) => s === severity && filter.severities.has(s)));
  press("[data-store]", ({ store }) => PLACES.some((s) => s === store && filter.stores.has(s)));
  press("[data-rule]", ({ rule }) => filter.rule === rule);
  byId("reset", HTMLButtonElement).hidden = !isFiltered(filter);
}

function press(selector: string, isPressed: (dataset: DOMStringMap) => boolean): void {
  for (const button of all(selector)) button.setAttribute("aria-pressed", String(isPressed(button.dataset)));
}

/** How many findings each chip and rule stands for; the rules found go into the list to choose from. */
export function showTotals(): void {
  const findings = entries.flatMap(({ packed }) => packed);
  const tally = (key: "severity" | "place" | "rule"): ReadonlyMap<number, number> => {
    const totals = new Map<number, number>();
    for (const finding of findings) totals.set(finding[key], (totals.get(finding[key]) ?? 0) + 1);
    return totals;
  };
  const severities = tally("severity");
  const places = tally("place");
  for (const chip of all("[data-severity]")) label(chip, severities.get(indexIn(SEVERITIES, chip.dataset["severity"])));
  for (const chip of all("[data-store]")) label(chip, places.get(indexIn(PLACES, chip.dataset["store"])));
  for (const [rule, n] of [...tally("rule")].sort(([a], [b]) => a - b)) {
    const id = layout.rules[rule] ?? "";
    byId("rule", HTMLSelectElement).append(el("option", { value: id, text: `${id} (${count(n)})` }));
  }
}

function indexIn(names: readonly string[], name: string | undefined): number {
  return name === undefined ? -1 : names.indexOf(name);
}

function label(chip: HTMLElement, total: number | undefined): void {
  const place = chip.querySelector("i");
  if (place !== null) place.textContent = count(total ?? 0);
}

export function showMatches(matches: readonly Entry[]): void {
  const users = matches.filter(({ upn }) => upn !== "").length;
  const files = matches.length - users;
  const parts = [
    ...(users > 0 || files === 0 ? [counted(users, "user")] : []),
    ...(files > 0 ? [counted(files, "file")] : []),
  ];
  const filtered = matches.length < entries.length ? ` of ${counted(entries.length, "entry", "entries")}` : "";
  const left =
    layout.leftOut === 0 ? "" : `; ${counted(layout.leftOut, "more user")} with notes only: see the JSON report`;
  byId("matches", HTMLElement).textContent = parts.join(" and ") + filtered + left;
}

export function showEntries(shown: readonly Entry[]): void {
  byId("entries", HTMLElement).replaceChildren(...(shown.length === 0 ? [emptyCard()] : shown.map(entryCard)));
}

/** Draws those of the entries shown anew that are among `changed`. */
export function replaceEntries(changed: ReadonlySet<Entry>): void {
  for (const card of all(".entry")) {
    const entry = entries[Number(card.dataset["n"])];
    if (entry !== undefined && changed.has(entry)) card.replaceWith(entryCard(entry));
  }
}

function emptyCard(): HTMLElement {
  const [title, text] =
    entries.length === 0
      ? ["Nothing to show: no findings", "This run recorded no finding; its verdict stands at the top."]
      : ["Nothing matches", "Take a filter away, or search for a part of the name."];
  return el("div", { class: "card empty" }, el("b", { text: title }), el("p", { class: "quiet", text }));
}

/** @param page from 0 */
export function showPager(page: number, pages: number): void {
  const step = (by: number, name: string, text: string): HTMLElement => {
    const disabled = page + by < 0 || page + by >= pages;
    return el("button", { type: "button", "data-step": String(by), "aria-label": name, disabled, text });
  };
  for (const nav of all("nav.pager")) {
    const parts = [
      step(-1, "Previous page", "‹"),
      el("span", { text: `page ${count(page + 1)} of ${count(pages)}` }),
      step(1, "Next page", "›"),
    ];
    nav.replaceChildren(...(pages < 2 ? [] : parts));
  }
}
