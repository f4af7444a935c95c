/** Filters, pages, keys, the address line. */
export const MAIN = String.raw`
const PAGE = 50;
const PRINTED = 500;
const $ = (id) => document.getElementById(id);
const all = (selector) => [...document.querySelectorAll(selector)];
const fresh = () => ({ q: "", rule: "", show: "", sort: "severity", severities: new Set(), stores: new Set(), page: 0 });
let filter = fresh();
let matches = [];

const readAddress = () => {
  const stored = new URLSearchParams(location.hash.slice(1));
  const list = (name, known) => new Set((stored.get(name) || "").split(",").filter((value) => known.includes(value)));
  const known = (name, values) => (values.includes(stored.get(name)) ? stored.get(name) : values[0]);
  return {
    q: (stored.get("q") || "").slice(0, 300),
    rule: known("rule", ["", ...layout.rules]),
    show: known("show", ["", "drift", "new", "old", "other"]),
    sort: known("sort", Object.keys(ORDERS)),
    severities: list("severity", SEVERITIES),
    stores: list("store", STORES),
    page: Math.max(0, (parseInt(stored.get("page"), 10) || 1) - 1),
  };
};
const writeAddress = () => {
  const out = new URLSearchParams();
  for (const name of ["q", "rule", "show"]) if (filter[name] !== "") out.set(name, filter[name]);
  if (filter.sort !== "severity") out.set("sort", filter.sort);
  if (filter.severities.size > 0) out.set("severity", [...filter.severities].join(","));
  if (filter.stores.size > 0) out.set("store", [...filter.stores].join(","));
  if (filter.page > 0) out.set("page", String(filter.page + 1));
  try {
    history.replaceState(null, "", "#" + out);
  } catch {
    // Some viewers forbid it; the page works without.
  }
};

const showControls = () => {
  if ($("q").value !== filter.q) $("q").value = filter.q;
  for (const id of ["rule", "show", "sort"]) $(id).value = filter[id];
  for (const chip of all("[data-severity]")) chip.setAttribute("aria-pressed", String(filter.severities.has(chip.dataset.severity)));
  for (const chip of all("[data-store]")) chip.setAttribute("aria-pressed", String(filter.stores.has(chip.dataset.store)));
  for (const bar of all("[data-rule]")) bar.setAttribute("aria-pressed", String(filter.rule === bar.dataset.rule));
  const { q, rule, show, severities, stores } = filter;
  $("reset").hidden = q === "" && rule === "" && show === "" && severities.size === 0 && stores.size === 0;
};

const showPager = (pages) => {
  for (const nav of all("nav.pager")) {
    const step = (by, label, text) =>
      el("button", { type: "button", "data-step": String(by), "aria-label": label, disabled: filter.page + by < 0 || filter.page + by >= pages, text });
    nav.replaceChildren(...(pages < 2 ? [] : [
      step(-1, "Previous page", "‹"),
      el("span", { text: "page " + count(filter.page + 1) + " of " + count(pages) }),
      step(1, "Next page", "›"),
    ]));
  }
};

const emptyCard = () =>
  el("div", { class: "card empty" },
    el("b", { text: entries.length === 0 ? "Nothing to show: no findings" : "Nothing matches" }),
    el("p", { class: "quiet", text: entries.length === 0 ? "This run recorded no finding; its verdict stands at the top." : "Take a filter away, or search for a part of the name." }));

const showPage = (size = PAGE) => {
  const pages = Math.max(1, Math.ceil(matches.length / size));
  const page = size === PAGE ? (filter.page = Math.min(filter.page, pages - 1)) : 0;
  const shown = matches.slice(page * size, (page + 1) * size);
  $("entries").replaceChildren(...(shown.length === 0 ? [emptyCard()] : shown.map(entryCard)));
  showPager(pages);
};

const showMatches = () => {
  const users = matches.filter((entry) => entry.upn !== "").length;
  const files = matches.length - users;
  const parts = files === 0 ? [counted(users, "user")] : users === 0 ? [counted(files, "file")] : [counted(users, "user"), counted(files, "file")];
  const filtered = matches.length < entries.length ? " of " + counted(entries.length, "entry", "entries") : "";
  const left = layout.leftOut === 0 ? "" : "; " + counted(layout.leftOut, "more user") + " with notes only: see the JSON report";
  $("matches").textContent = parts.join(" and ") + filtered + left;
};

// The search box is read again: its text may be newer than the last search.
let typing = 0;
const refresh = (change) => {
  clearTimeout(typing);
  filter = { ...filter, q: $("q").value, page: 0, ...change };
  matches = select(filter).sort(ORDERS[filter.sort]);
  showControls();
  showMatches();
  showPage();
  writeAddress();
};
const turn = (by) => {
  const pages = Math.ceil(matches.length / PAGE);
  if (filter.page + by < 0 || filter.page + by >= pages) return;
  filter.page += by;
  showPage();
  writeAddress();
  $("h-findings").scrollIntoView();
};
const toggled = (set, value) => {
  const next = new Set(set);
  if (!next.delete(value)) next.add(value);
  return next;
};
const focusEntry = (by) => {
  const cards = all(".entry");
  const at = cards.indexOf(document.activeElement && document.activeElement.closest(".entry"));
  const next = cards[at === -1 ? 0 : at + by];
  if (next) next.focus();
};
const copy = async (button) => {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.classList.add("done");
    setTimeout(() => button.classList.remove("done"), 1200);
  } catch {
    getSelection().selectAllChildren(button);
  }
};

const severityTotals = [0, 0, 0, 0];
const storeTotals = [0, 0, 0, 0];
const ruleTotals = new Map();
for (const entry of entries) {
  for (const p of entry.packed) {
    severityTotals[(p >> 7) & 3]++;
    storeTotals[(p >> 5) & 3]++;
    ruleTotals.set(p & 31, (ruleTotals.get(p & 31) || 0) + 1);
  }
}
for (const chip of all("[data-severity]")) chip.querySelector("i").textContent = count(severityTotals[SEVERITIES.indexOf(chip.dataset.severity)]);
for (const chip of all("[data-store]")) chip.querySelector("i").textContent = count(storeTotals[STORES.indexOf(chip.dataset.store)]);
for (const [rule, n] of [...ruleTotals].sort((a, b) => a[0] - b[0])) {
  $("rule").append(el("option", { value: layout.rules[rule], text: layout.rules[rule] + " (" + count(n) + ")" }));
}

$("q").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => refresh({}), entries.length > 5000 ? 150 : 0);
});
for (const id of ["rule", "show", "sort"]) $(id).addEventListener("change", () => refresh({ [id]: $(id).value }));
$("reset").addEventListener("click", () => {
  refresh({ ...fresh(), sort: filter.sort });
  $("q").focus();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button === null) return;
  const { severity, store, rule, step, copy: text } = button.dataset;
  if (severity) refresh({ severities: toggled(filter.severities, severity) });
  else if (store) refresh({ stores: toggled(filter.stores, store) });
  else if (rule) refresh({ rule: filter.rule === rule ? "" : rule });
  else if (step) turn(Number(step));
  else if (text) void copy(button);
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select")) {
    if (event.key === "Enter" && event.target === $("q")) {
      refresh({});
      focusEntry(1);
    }
    if (event.key === "Escape" && event.target === $("q") && $("q").value !== "") refresh({ q: "" });
    return;
  }
  const action = { "/": () => $("q").focus(), j: () => focusEntry(1), k: () => focusEntry(-1), n: () => turn(1), p: () => turn(-1) }[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
addEventListener("hashchange", () => {
  if (location.hash !== "#toolbar") refresh(readAddress());
});
addEventListener("beforeprint", () => showPage(PRINTED));
addEventListener("afterprint", () => showPage());

const theme = $("theme");
theme.hidden = false;
theme.addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});
document.documentElement.classList.add("ready", entries.length === 0 ? "clean" : "found");
refresh(readAddress());
`;
