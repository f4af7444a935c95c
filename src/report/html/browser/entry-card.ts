import { groupedSentence } from "../../grouped.js";
import { el, moment } from "./dom.js";
import type { Question } from "./decisions.js";
import { shellWord } from "../../../model/shell.js";
import { detailOf, layout, type Detail, type Entry, type Picture, type Shown } from "./entries.js";
import { alike } from "./alike.js";
import { choices } from "./decide-bar.js";
import { factsTable } from "./evidence.js";
import { SEVERITIES } from "./filter.js";

/** A user or file with its pictures side by side and its findings. */
export function entryCard(entry: Entry): HTMLElement {
  const detail = detailOf(entry);
  const bare = detail.pictures === null || detail.pictures.length === 0;
  return el(
    "article",
    { class: "entry", tabindex: "-1", "data-n": String(entry.n) },
    el("header", {}, whose(entry, detail), commandLine(entry)),
    el(
      "div",
      { class: bare ? "body bare" : "body" },
      strip(detail),
      el("ul", { class: "findings" }, ...alike(detail.findings).map((block) => findingItem(entry, block))),
    ),
    detail.pictures === null
      ? el("p", {
          class: "quiet",
          text: "The pictures are left out here to keep the page small.",
        })
      : null,
  );
}

function whose(entry: Entry, detail: Detail): HTMLElement {
  const isFile = detail.findings[0]?.address.startsWith("source/") === true;
  return el(
    "div",
    { class: "who" },
    el("h3", {}, el("bdi", { text: entry.name || entry.upn || "(no name)" })),
    entry.upn === ""
      ? el("span", { class: "upn", text: isFile ? "master file" : "thumbnails of no user" })
      : el("span", { class: "upn mono" }, el("bdi", { text: entry.upn })),
  );
}

function picture({ label, address, note, src }: Picture, severity: string): HTMLElement {
  return el(
    "figure",
    { class: `shot ${severity}` },
    src === null
      ? el("div", { class: "none", role: "img", "aria-label": `${label}: no picture` })
      : el(
          "button",
          { type: "button", class: "enlarge", "data-larger": address, title: `${address}: larger` },
          el("img", {
            src,
            alt: label,
            width: "104",
            height: "104",
            decoding: "async",
          }),
        ),
    el("figcaption", {}, el("b", { text: label }), el("span", { text: note, title: note })),
  );
}

function strip({ pictures, findings }: Detail): HTMLElement | null {
  if (pictures === null || pictures.length === 0) return null;
  const worstAt = (address: string): string => {
    const here = findings.filter((finding) => finding.address === address).map(({ severity }) => severity);
    return here.length === 0 ? "" : (SEVERITIES[Math.max(...here)] ?? "");
  };
  return el("div", { class: "strip" }, ...pictures.map((shown) => picture(shown, worstAt(shown.address))));
}

function findingItem(entry: Entry, block: readonly Shown[]): HTMLElement | null {
  const [first] = block;
  if (first === undefined) return null;
  const severity = SEVERITIES[first.severity] ?? "";
  const spots = block.map(({ spot }) => spot.replace("SharePoint ", "")).join(", ");
  return el(
    "li",
    { class: severity },
    el(
      "div",
      { class: "what" },
      el("span", { class: `sev ${severity}`, text: severity }),
      el("b", { text: first.ruleId }),
      el("span", { class: "place", text: block.length === 1 ? first.spot : `SharePoint ${spots}` }),
      first.fresh
        ? el("span", { class: "new", text: "new" })
        : el("span", { class: "since", text: `since ${moment(oldest(block))}` }),
    ),
    el("p", { class: "said", dir: "auto", text: groupedSentence(block.map(({ summary }) => summary)) }),
    el("p", { class: `remedy ${first.remedyKind}` }, `${first.cause} ${first.remedy}`.trim()),
    choices(
      block.flatMap((finding): readonly Question[] =>
        finding.ask === null ? [] : [{ entry, finding, ask: finding.ask }],
      ),
    ),
    block.some(({ facts }) => facts.length > 0)
      ? el("details", {}, el("summary", { text: "Evidence" }), el("div", { class: "scroll" }, factsTable(block)))
      : null,
  );
}

/** When the first of them was seen. */
function oldest(block: readonly Shown[]): string {
  return block.reduce((first, { seen }) => (first === "" || seen < first ? seen : first), "");
}

function commandLine(entry: Entry): HTMLElement | null {
  const word = entry.upn === "" ? null : shellWord(entry.upn);
  if (word === null) return null;
  const command = `photodrift explain ${word}${layout.config}`;
  return el(
    "button",
    { type: "button", class: "copy", title: "Copy this command", "data-copy": command },
    el("code", { text: command }),
  );
}
