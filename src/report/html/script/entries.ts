/** Reads the data blocks (layout: ../entries.ts), searches, filters and sorts. */
export const ENTRIES = String.raw`
const SEVERITIES = ["info", "warning", "error", "critical"];
const STORES = ["entra", "exchange", "sharepoint", "source"];
const readBlock = (id) => {
  const block = document.getElementById(id);
  return block === null ? null : JSON.parse(block.textContent);
};
const layout = readBlock("layout");
const unpack = (packed) => ({
  rule: layout.rules[packed & 31],
  store: STORES[(packed >> 5) & 3],
  severity: (packed >> 7) & 3,
  drift: ((packed >> 9) & 1) === 1,
  fresh: ((packed >> 10) & 1) === 1,
});

const entries = [];
for (let i = 0; ; i++) {
  const rows = readBlock("i" + i);
  if (rows === null) break;
  for (const [name, upn, id, seen, packed] of rows) {
    let worst = 0;
    for (const p of packed) worst = Math.max(worst, (((p >> 9) & 1) << 2) | ((p >> 7) & 3));
    entries.push({ n: entries.length, name, upn, id, seen, packed, worst, folded: null });
  }
}

const fold = (text) => text.normalize("NFKD").replace(/\p{M}+/gu, "").replace(/ß/g, "ss").toLowerCase();
const foldedOf = (entry) => {
  if (entry.folded === null) {
    const rules = [...new Set(entry.packed.map((p) => layout.rules[p & 31]))].join(" ");
    entry.folded = fold(entry.name + "\n" + entry.upn + "\n" + rules);
  }
  return entry.folded;
};

// One finding must pass all filters at once: "SharePoint" and "critical" means critical in SharePoint.
const findingTest = (filter) => {
  const rule = filter.rule === "" ? -1 : layout.rules.indexOf(filter.rule);
  const severities = filter.severities.size === 0 ? 15 : [...filter.severities].reduce((mask, s) => mask | (1 << SEVERITIES.indexOf(s)), 0);
  const stores = filter.stores.size === 0 ? 15 : [...filter.stores].reduce((mask, s) => mask | (1 << STORES.indexOf(s)), 0);
  const { show } = filter;
  return (p) =>
    (rule === -1 || (p & 31) === rule) &&
    ((stores >> ((p >> 5) & 3)) & 1) === 1 &&
    ((severities >> ((p >> 7) & 3)) & 1) === 1 &&
    (show === "" ||
      (show === "drift" && (p & 512) !== 0) ||
      (show === "other" && (p & 512) === 0) ||
      (show === "new" && (p & 1024) !== 0) ||
      (show === "old" && (p & 1024) === 0));
};

const select = (filter) => {
  const words = fold(filter.q).split(/\s+/).filter((word) => word !== "");
  const test = findingTest(filter);
  return entries.filter((entry) => entry.packed.some(test) && words.every((word) => foldedOf(entry).includes(word) || entry.id.startsWith(word)));
};

const collator = new Intl.Collator("en", { sensitivity: "base", numeric: true });
const byName = (a, b) => collator.compare(a.name || a.upn, b.name || b.upn) || a.n - b.n;
const bySeen = (a, b) => (a.seen < b.seen ? -1 : a.seen > b.seen ? 1 : a.n - b.n);
const ORDERS = {
  severity: (a, b) => b.worst - a.worst || b.packed.length - a.packed.length || a.n - b.n,
  name: byName,
  count: (a, b) => b.packed.length - a.packed.length || a.n - b.n,
  oldest: bySeen,
  newest: (a, b) => bySeen(b, a),
};

const cache = new Map();
const detailOf = (entry) => {
  const block = Math.floor(entry.n / layout.detailEntries);
  let rows = cache.get(block);
  if (rows === undefined) {
    if (cache.size > 80) cache.clear();
    rows = readBlock("d" + block);
    cache.set(block, rows);
  }
  const [findings, pictures] = rows[entry.n % layout.detailEntries];
  return {
    findings: findings.map(([address, place, rule, cause, remedyKind, remedy, summary, seen, facts], i) => ({
      address, place, rule, cause, remedyKind, remedy, summary, seen, facts, ...unpack(entry.packed[i]),
    })),
    pictures: pictures === null ? null : pictures.map(([label, address, note, jpeg]) => ({ label, address, note, jpeg })),
  };
};
`;
