import { storeOf } from "../../model/address.js";
import { isDecidable } from "../../model/decision.js";
import { fixesOf, masterIn, seenIn } from "../../model/decision-facts.js";
import type { Finding, JsonValue } from "../../model/finding.js";
import { decideCommands, decisionsFileName } from "../../model/next-steps.js";
import { shellWord } from "../../model/shell.js";
import { isOpen } from "../../model/workload.js";
import type { ReportSource } from "../../model/report.js";
import { RULE_IDS, severityRank } from "../../model/rule.js";
import type { RunHead } from "../../model/run.js";
import { grouped, placeWithoutUser, worst, type Group } from "../digest.js";
import { plain } from "../../model/text.js";
import { fit } from "../columns.js";
import { differenceWords } from "../difference.js";
import { flat, valueWords } from "../facts.js";
import { causeSentence, remedySentence } from "../sentences.js";
import * as words from "../wording.js";
import { jsonBlock } from "./escape.js";
import { pictureRoom } from "./pictures.js";
import {
  DETAIL_ENTRIES,
  INDEX_ENTRIES,
  pack,
  PLACES,
  type DetailDecision,
  type DetailEntry,
  type DetailFinding,
  type DetailPicture,
  type FactRow,
  type IndexEntry,
  type Layout,
} from "./layout.js";

/** Entries with nothing but notes, beyond which they are only counted: the page must open. */
const MAX_NOTED = 100_000;
/** Of a page with pictures for so many entries, entries with open decisions may be as many times more: they cannot be decided unseen. */
const MORE_ASKED = 3;

/** Data blocks of all findings. @param pictured how many entries with a warning or worse get pictures; 0: none. */
export async function* entryBlocks(source: ReportSource, pictured: number): AsyncIterable<string> {
  const blocks = createBlocks();
  let noted = 0;
  let left = pictured;
  let leftAsked = pictured * MORE_ASKED;
  const room = pictureRoom();
  for (const group of grouped(source.findings())) {
    const note = worst(group.findings) === "info";
    if (note && ++noted > MAX_NOTED) continue;
    const found = group.findings.map(detailFinding);
    const asked = group.findings.some(isOpen);
    let pictures: readonly DetailPicture[] | null = note || pictured === 0 ? [] : null;
    if (pictures === null && (asked ? leftAsked : left) > 0 && room.hasRoom()) {
      pictures = await room.picturesOf(source, group, Buffer.byteLength(JSON.stringify(found)));
      if (asked) leftAsked--;
      else left--;
    }
    yield* blocks.add(indexEntry(group, source.run), found, pictures);
  }
  yield* blocks.rest();
  const entries = blocks.count();
  yield jsonBlock("layout", {
    entries,
    indexEntries: INDEX_ENTRIES,
    detailEntries: DETAIL_ENTRIES,
    leftOut: Math.max(0, noted - MAX_NOTED),
    rules: RULE_IDS,
    tenant: source.run.tenant,
    runId: source.run.id,
    saved: savedDecisions(source),
    config: configWords(source.places.config),
  } satisfies Layout);
}

/** Gathers entries into data blocks of a fixed number, so that the page parses only what it shows. */
function createBlocks() {
  let index: IndexEntry[] = [];
  let details: DetailEntry[] = [];
  let entries = 0;

  function* add(
    entry: IndexEntry,
    found: readonly DetailFinding[],
    pictures: readonly DetailPicture[] | null,
  ): Iterable<string> {
    index.push(entry);
    if (pictures !== null && pictures.length > 0) yield jsonBlock(`p${entries}`, pictures);
    details.push([found, pictures === null ? null : pictures.length > 0 ? 1 : 0]);
    entries++;
    if (details.length === DETAIL_ENTRIES) {
      yield jsonBlock(`d${entries / DETAIL_ENTRIES - 1}`, details);
      details = [];
    }
    if (index.length === INDEX_ENTRIES) {
      yield jsonBlock(`i${entries / INDEX_ENTRIES - 1}`, index);
      index = [];
    }
  }

  function* rest(): Iterable<string> {
    if (details.length > 0) yield jsonBlock(`d${Math.floor(entries / DETAIL_ENTRIES)}`, details);
    if (index.length > 0) yield jsonBlock(`i${Math.floor(entries / INDEX_ENTRIES)}`, index);
  }

  return { add, rest, count: () => entries };
}

function savedDecisions({ run, places }: ReportSource): Layout["saved"] {
  return { file: decisionsFileName(run.id), commands: decideCommands(run.id, places) };
}

function configWords(config: string | null): string {
  const word = config === null ? null : shellWord(config);
  return word === null ? "" : ` --config ${word}`;
}

function indexEntry({ user, findings }: Group, run: RunHead): IndexEntry {
  const seen = findings.reduce((first, f) => (f.firstSeen < first ? f.firstSeen : first), findings[0]?.firstSeen ?? "");
  const packed = findings.map((f) =>
    pack({
      rule: RULE_IDS.indexOf(f.rule),
      place: PLACES.indexOf(storeOf(f.address)),
      severity: severityRank(f.severity),
      drift: f.drift,
      fresh: words.isNew(f, run),
      open: isOpen(f),
    }),
  );
  if (user === null) return [short(placeWithoutUser(findings[0]), 300), "", "", seen, packed];
  return [short(user.displayName, 300), short(user.upn, 300), short(user.id, 64), seen, packed];
}

function detailFinding(finding: Finding): DetailFinding {
  return [
    short(finding.address, 600),
    words.placeOf(finding),
    finding.rule,
    causeSentence(finding.cause),
    finding.remedy.kind,
    short(remedySentence(finding), 600),
    short(finding.summary, 600),
    finding.firstSeen,
    factRows(finding.expected, finding.actual),
    detailDecision(finding),
    short(differenceWords(finding), 600),
  ];
}

function detailDecision(finding: Finding): DetailDecision | null {
  if (!isDecidable(finding.rule) && finding.decided === undefined) return null;
  const { kind = "", by = "", at = "" } = finding.decided ?? {};
  const fixable = fixesOf(finding, true).length > 0 ? 1 : 0;
  return [finding.id, seenIn(finding), masterIn(finding) ?? "", fixable, kind, short(by, 200), at];
}

type Facts = { readonly [key: string]: JsonValue };

function factRows(expected: Facts, actual: Facts): readonly FactRow[] {
  const wanted = new Map(flat(expected));
  const found = new Map(flat(actual));
  const keys = new Set([...wanted.keys(), ...found.keys()]);
  return [...keys].map((key) => [short(key, 60), factCell(wanted.get(key)), factCell(found.get(key))]);
}

function factCell(value: JsonValue | undefined): string {
  return value === undefined ? "" : short(valueWords(value), 300);
}

function short(text: string, width: number): string {
  const safe = plain(text.length > width * 8 ? text.slice(0, width * 8) : text);
  return safe.length <= width ? safe : fit(safe, width);
}
