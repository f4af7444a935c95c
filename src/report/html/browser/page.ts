import { PLACES } from "../layout.js";
import { readAddress, writeAddress } from "./address.js";
import { replaceEntries, showControls, showEntries, showMatches, showPager, showTotals } from "./controls.js";
import { all, byId } from "./dom.js";
import { entries, type Entry } from "./entries.js";
import { wireDecisions } from "./deciding.js";
import { decidedHere, KINDS, questionsOf, type Question } from "./decisions.js";
import { openLarger, questionsInLarger, refreshLarger, toggleBlink, turnLarger, wireLarger } from "./larger.js";
import { isFiltered, isListed, NO_FILTER, select, SEVERITIES, SHOWS, SORTS, type Filter } from "./filter.js";

const PAGE = 50;
/** Entries on paper. */
const PRINTED = 500;
/** Beyond this many entries a search waits for the typist to pause. */
const MANY = 5000;

const search = byId("q", HTMLInputElement);
let filter: Filter = NO_FILTER;
let matches: readonly Entry[] = [];
let typing: number | undefined;

function pageCount(size: number): number {
  return Math.max(1, Math.ceil(matches.length / size));
}

function showPage(): void {
  const pages = pageCount(PAGE);
  filter = { ...filter, page: Math.min(filter.page, pages - 1) };
  showEntries(matches.slice(filter.page * PAGE, (filter.page + 1) * PAGE));
  showPager(filter.page, pages);
}

// The search box is read again: its text may be newer than the last search.
function refresh(change: Partial<Filter>): void {
  clearTimeout(typing);
  filter = { ...filter, q: search.value, page: 0, ...change };
  matches = select(entries, filter);
  document.documentElement.classList.toggle("filtered", isFiltered(filter));
  showControls(filter);
  showMatches(matches);
  showPage();
  writeAddress(filter);
}

function turn(by: number): void {
  const page = filter.page + by;
  if (page < 0 || page >= pageCount(PAGE)) return;
  filter = { ...filter, page };
  showPage();
  writeAddress(filter);
  byId("h-findings", HTMLElement).scrollIntoView();
}

function toggled<T extends string>(set: ReadonlySet<T>, known: readonly T[], value: string): ReadonlySet<T> {
  const next = new Set(set);
  const found = known.find((name) => name === value);
  if (found !== undefined && !next.delete(found)) next.add(found);
  return next;
}

function focusEntry(by: number): void {
  const cards = all(".entry");
  const at = cards.findIndex((card) => card.contains(document.activeElement));
  cards[at === -1 ? 0 : at + by]?.focus();
}

async function copy(button: HTMLElement, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    button.classList.add("done");
    setTimeout(() => button.classList.remove("done"), 1200);
  } catch {
    getSelection()?.selectAllChildren(button);
  }
}

function onClick(event: MouseEvent): void {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (button === null) return;
  const { decide: choice, findings, larger } = button.dataset;
  const entry = entries[Number(button.closest<HTMLElement>("[data-n]")?.dataset["n"] ?? -1)];
  const kind = KINDS.find((one) => one === choice);
  if (entry !== undefined && kind !== undefined) {
    const ids = (findings ?? "").split(" ");
    decisions.choose(
      questionsOf(entry).filter(({ ask }) => ids.includes(ask.id)),
      kind,
    );
    return;
  }
  if (entry !== undefined && larger !== undefined) {
    openLarger(entry, larger, matches);
    return;
  }
  onChoice(button);
}

/** A filter, a page to turn, or something to copy. */
function onChoice(button: HTMLButtonElement): void {
  const { severity, store, rule, show, step, copy: text } = button.dataset;
  if (severity !== undefined) refresh({ severities: toggled(filter.severities, SEVERITIES, severity) });
  else if (store !== undefined) refresh({ stores: toggled(filter.stores, PLACES, store) });
  else if (rule !== undefined) refresh({ rule: filter.rule === rule ? "" : rule });
  else if (show === "open") {
    refresh({ ...NO_FILTER, q: "", sort: filter.sort, show });
    byId("toolbar", HTMLElement).scrollIntoView();
  } else if (step !== undefined) turn(Number(step));
  else if (text !== undefined) void copy(button, text);
}

const decisions = wireDecisions({ shown: () => matches, isListed: (finding) => isListed(filter, finding), redraw });

/** Shows the page again after a decision; the focus stays where it was, or goes to the entry that took its place. */
function redraw(changed: readonly Entry[] | null): void {
  const active = document.activeElement;
  const at = all(".entry").findIndex((card) => card.contains(active));
  const choice = active instanceof HTMLElement ? active.dataset : {};
  if (filter.show === "open") matches = select(entries, filter);
  if (filter.show === "open" || changed === null) {
    showMatches(matches);
    showPage();
  } else replaceEntries(new Set(changed));
  refreshLarger();
  if (at === -1) return;
  const cards = all(".entry");
  const same = all(".entry [data-decide]").find(
    ({ dataset }) => dataset["findings"] === choice["findings"] && dataset["decide"] === choice["decide"],
  );
  (same ?? cards[Math.min(at, cards.length - 1)])?.focus();
}

/** The findings of the group in focus, else the open ones of the entry in focus. */
function questionsInFocus(): readonly Question[] {
  const active = document.activeElement;
  const card = active?.closest<HTMLElement>(".entry");
  const entry = entries[Number(card?.dataset["n"] ?? -1)];
  if (entry === undefined) return [];
  const ids = active instanceof HTMLElement ? active.dataset["findings"]?.split(" ") : undefined;
  const questions = questionsOf(entry);
  if (ids !== undefined) return questions.filter(({ ask }) => ids.includes(ask.id));
  const open = questions.filter(({ ask }) => ask.decided === null || decidedHere(ask.id) !== null);
  return open.length > 0 ? open : questions;
}

function openFocused(): void {
  const card = document.activeElement?.closest<HTMLElement>(".entry");
  const entry = entries[Number(card?.dataset["n"] ?? -1)];
  if (entry !== undefined) openLarger(entry, null, matches);
}

const KEYS: Readonly<Record<string, () => void>> = {
  "/": () => search.focus(),
  j: () => focusEntry(1),
  k: () => focusEntry(-1),
  n: () => turn(1),
  p: () => turn(-1),
  1: () => decisions.choose(questionsInFocus(), "fix"),
  2: () => decisions.choose(questionsInFocus(), "keep"),
  3: () => decisions.choose(questionsInFocus(), "leave"),
  u: () => decisions.takeBack(),
  o: openFocused,
  "?": () => byId("help", HTMLDialogElement).showModal(),
};

/** In the dialog of larger pictures. */
const LARGER_KEYS: Readonly<Record<string, () => void>> = {
  j: () => turnLarger(1),
  k: () => turnLarger(-1),
  b: toggleBlink,
  1: () => decisions.choose(questionsInLarger(), "fix"),
  2: () => decisions.choose(questionsInLarger(), "keep"),
  3: () => decisions.choose(questionsInLarger(), "leave"),
  u: () => decisions.takeBack(),
};

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const dialog = document.querySelector("dialog[open]");
  if (dialog !== null) {
    if (dialog.id === "larger" && !(event.target instanceof HTMLSelectElement)) LARGER_KEYS[event.key]?.();
    return;
  }
  if (event.target instanceof Element && event.target.closest("input, select") !== null) {
    if (event.target !== search) return;
    if (event.key === "Enter") {
      refresh({});
      focusEntry(1);
    }
    if (event.key === "Escape" && search.value !== "") refresh({ q: "" });
    return;
  }
  const action = KEYS[event.key];
  if (action === undefined) return;
  event.preventDefault();
  action();
}

function chosen<T extends string>(id: string, known: readonly T[]): T | undefined {
  const { value } = byId(id, HTMLSelectElement);
  return known.find((name) => name === value);
}

function switchTheme(): void {
  const root = document.documentElement;
  const set = root.dataset["theme"];
  const dark = set === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : set === "dark";
  root.dataset["theme"] = dark ? "light" : "dark";
}

wireLarger();
showTotals();
search.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => refresh({}), entries.length > MANY ? 150 : 0);
});
byId("rule", HTMLSelectElement).addEventListener("change", () =>
  refresh({ rule: byId("rule", HTMLSelectElement).value }),
);
byId("show", HTMLSelectElement).addEventListener("change", () => refresh({ show: chosen("show", SHOWS) ?? "" }));
byId("sort", HTMLSelectElement).addEventListener("change", () =>
  refresh({ sort: chosen("sort", SORTS) ?? NO_FILTER.sort }),
);
byId("reset", HTMLButtonElement).addEventListener("click", () => {
  refresh({ ...NO_FILTER, sort: filter.sort });
  search.focus();
});
document.addEventListener("click", onClick);
document.addEventListener("keydown", onKey);
addEventListener("hashchange", () => {
  if (location.hash !== "#toolbar") refresh(readAddress());
});
addEventListener("beforeprint", () => {
  showEntries(matches.slice(0, PRINTED));
  showPager(0, pageCount(PRINTED));
});
addEventListener("afterprint", showPage);
const theme = byId("theme", HTMLButtonElement);
theme.hidden = false;
theme.addEventListener("click", switchTheme);
document.documentElement.classList.add("ready", entries.length === 0 ? "clean" : "found");
refresh(readAddress());
