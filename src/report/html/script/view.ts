/** Builds the entries. Foreign text only ever becomes text nodes and attribute values, never markup. */
export const VIEW = String.raw`
const el = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") element.textContent = value;
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
};
const count = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");
const counted = (n, one, many) => count(n) + " " + (n === 1 ? one : many || one + "s");
const moment = (iso) => iso.slice(0, 10) + " " + iso.slice(11, 16) + " UTC";

const picture = ({ label, address, note, jpeg }, severity) =>
  el("figure", { class: "shot " + (severity === null ? "" : SEVERITIES[severity]) },
    jpeg === null
      ? el("div", { class: "none", role: "img", "aria-label": label + ": no picture" })
      : el("img", { src: "data:image/jpeg;base64," + jpeg, alt: label, title: address, width: "104", height: "104", decoding: "async" }),
    el("figcaption", {}, el("b", { text: label }), el("span", { text: note, title: note })));

const strip = (detail) => {
  if (detail.pictures === null || detail.pictures.length === 0) return null;
  const worstAt = (address) => {
    const here = detail.findings.filter((f) => f.address === address).map((f) => f.severity);
    return here.length === 0 ? null : Math.max(...here);
  };
  return el("div", { class: "strip" }, ...detail.pictures.map((p) => picture(p, worstAt(p.address))));
};

// Thumbnails with the same finding are told together: "SharePoint S, M, L".
const alike = (findings) => {
  const blocks = new Map();
  for (const finding of findings) {
    const key = finding.address.endsWith("Thumb") ? JSON.stringify([finding.rule, finding.cause, finding.remedy, finding.severity]) : finding.address + " " + finding.rule;
    if (!blocks.has(key)) blocks.set(key, []);
    blocks.get(key).push(finding);
  }
  return [...blocks.values()];
};

const factCell = (text) => {
  if (/^[0-9a-f]{32,}$/.test(text)) return el("td", { class: "mono", title: text, text: text.slice(0, 12) + "…" });
  return el("td", { text: text || "–" });
};

// One row a fact: what was expected, and what each place has.
const factsTable = (block) => {
  const facts = new Map();
  block.forEach((finding, i) => {
    for (const [fact, expected, actual] of finding.facts) {
      if (!facts.has(fact)) facts.set(fact, { expected: new Set(), actual: block.map(() => "") });
      facts.get(fact).expected.add(expected);
      facts.get(fact).actual[i] = actual;
    }
  });
  const rows = [...facts].map(([fact, { expected, actual }]) => {
    const wanted = [...expected].join(" / ");
    return el("tr", { class: actual.every((text) => text === wanted) ? "equal" : null }, el("th", { scope: "row", text: fact }), factCell(wanted), ...actual.map(factCell));
  });
  const places = block.length === 1 ? ["actual"] : block.map((f) => f.place.replace("SharePoint ", "actual "));
  const heads = ["expected", ...places].map((text) => el("th", { scope: "col", text }));
  return el("table", {}, el("thead", {}, el("tr", {}, el("td", {}), ...heads)), el("tbody", {}, ...rows));
};

const said = (block) => {
  const summaries = block.map((f) => (block.length > 1 ? f.summary.replace(/^SharePoint's [SML] thumbnail /, "") : f.summary));
  return [...new Set(summaries)].join("; ");
};

const findingItem = (block) => {
  const [first] = block;
  const place = block.length === 1 ? first.place : "SharePoint " + block.map((f) => f.place.replace("SharePoint ", "")).join(", ");
  const evidence = block.some((f) => f.facts.length > 0);
  return el("li", { class: SEVERITIES[first.severity] },
    el("div", { class: "what" },
      el("span", { class: "sev " + SEVERITIES[first.severity], text: SEVERITIES[first.severity] }),
      el("b", { text: first.rule }),
      el("span", { class: "place", text: place }),
      first.fresh ? el("span", { class: "new", text: "new" }) : el("span", { class: "since", text: "since " + moment(first.seen) })),
    el("p", { class: "said", dir: "auto", text: said(block) }),
    el("p", { class: "remedy " + first.remedyKind }, (first.cause === "" ? "" : first.cause + " · ") + first.remedy),
    evidence ? el("details", {}, el("summary", { text: "Evidence" }), el("div", { class: "scroll" }, factsTable(block))) : null);
};

const shellWord = (text) => (/^[\w.@+-]+$/.test(text) ? text : /^[\w.@+' -]+$/.test(text) ? '"' + text + '"' : null);

const commandLine = (entry) => {
  const word = entry.upn === "" ? null : shellWord(entry.upn);
  if (word === null) return null;
  return el("button", { type: "button", class: "copy", title: "Copy this command", "data-copy": "photodrift explain " + word }, el("code", { text: "photodrift explain " + word }));
};

const entryCard = (entry) => {
  const detail = detailOf(entry);
  const named = el("div", { class: "who" },
    el("h3", {}, el("bdi", { text: entry.name || entry.upn || "(no name)" })),
    entry.upn === "" ? el("span", { class: "upn", text: detail.findings[0].address.startsWith("source/") ? "master file" : "thumbnails of no user" }) : el("span", { class: "upn mono" }, el("bdi", { text: entry.upn })));
  const command = commandLine(entry);
  return el("article", { class: "entry", tabindex: "-1", "data-n": String(entry.n) },
    el("header", {}, named, command),
    el("div", { class: detail.pictures !== null && detail.pictures.length > 0 ? "body" : "body bare" },
      strip(detail),
      el("ul", { class: "findings" }, ...alike(detail.findings).map(findingItem))),
    detail.pictures === null ? el("p", { class: "quiet", text: "Pictures are left out here to keep the page small; the command above shows them." }) : null);
};
`;
