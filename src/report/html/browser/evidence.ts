import { el } from "./dom.js";
import type { Shown } from "./entries.js";

interface Fact {
  readonly expected: Set<string>;
  readonly actual: string[];
}

/** One row a fact: what was expected, and what each place has. */
export function factsTable(block: readonly Shown[]): HTMLElement {
  const rows = [...factsOf(block)].map(([name, { expected, actual }]) => {
    const wanted = [...expected].join(" / ");
    const equal = actual.every((text) => text === wanted);
    return el(
      "tr",
      { class: equal ? "equal" : null },
      el("th", { scope: "row", text: name }),
      factCell(wanted),
      ...actual.map(factCell),
    );
  });
  const places = block.length === 1 ? ["actual"] : block.map(({ spot }) => spot.replace("SharePoint ", "actual "));
  const heads = ["expected", ...places].map((text) => el("th", { scope: "col", text }));
  return el("table", {}, el("thead", {}, el("tr", {}, el("td", {}), ...heads)), el("tbody", {}, ...rows));
}

function factsOf(block: readonly Shown[]): ReadonlyMap<string, Fact> {
  const facts = new Map<string, Fact>();
  for (const [i, finding] of block.entries()) {
    for (const [name, expected, actual] of finding.facts) {
      const fact = facts.get(name) ?? { expected: new Set<string>(), actual: block.map(() => "") };
      fact.expected.add(expected);
      fact.actual[i] = actual;
      facts.set(name, fact);
    }
  }
  return facts;
}

function factCell(text: string): HTMLElement {
  if (/^[0-9a-f]{32,}$/.test(text)) return el("td", { class: "mono", title: text, text: `${text.slice(0, 12)}…` });
  return el("td", { text: text || "–" });
}
