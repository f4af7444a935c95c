import { detailOf, layout, type Ask, type Entry, type Shown } from "./entries.js";

export const KINDS = ["fix", "keep", "leave"] as const;
export type Kind = (typeof KINDS)[number];

export const KIND_WORDS: Readonly<Record<Kind, string>> = {
  fix: "Put right",
  keep: "Keep what is there",
  leave: "Leave it",
};

/** One row of the saved file. */
interface Row {
  readonly findingId: string;
  readonly address: string;
  readonly user: string | null;
  readonly rule: string;
  readonly decision: Kind;
  readonly seen: string;
  readonly master: string | null;
  /** "" for whoever saves the file. */
  readonly by: string;
  readonly at: string;
}

/** A finding that can be decided, with whom it concerns. */
export interface Question {
  readonly entry: Entry;
  readonly finding: Shown;
  readonly ask: Ask;
}

const made = new Map<string, Row>();
/** Findings that had been decided before the report was made, as far as they were decided here. */
const former = new Set<string>();
/** What stood before each change, newest last; a change may concern many findings. */
const past: ReadonlyMap<string, Row | null>[] = [];

export function decidedHere(id: string): Kind | null {
  return made.get(id)?.decision ?? null;
}

/** Decisions made here about open findings of an entry. */
export function countDecidedOf(entry: Entry): number {
  return made.size === 0 ? 0 : questionsOf(entry).filter(({ ask }) => ask.decided === null && made.has(ask.id)).length;
}

/** Decisions made here: about findings that were open, and about those that had been decided before the report was made. */
export function countDecided(): { readonly open: number; readonly anew: number } {
  const anew = [...made.keys()].filter((id) => former.has(id)).length;
  return { open: made.size - anew, anew };
}

/** The questions of one entry: also those that were decided before, which can be decided anew. */
export function questionsOf(entry: Entry): readonly Question[] {
  return detailOf(entry).findings.flatMap((finding): readonly Question[] =>
    finding.ask === null ? [] : [{ entry, finding, ask: finding.ask }],
  );
}

export function canDecide({ ask }: Question, kind: Kind): boolean {
  return kind !== "fix" || ask.fixable;
}

/** Decides all of these alike; the same decision again takes it back. @param at ISO 8601 UTC @param by "" for whoever saves the file */
export function decide(questions: readonly Question[], kind: Kind, at: string, by = ""): void {
  const possible = questions.filter((question) => canDecide(question, kind));
  if (possible.length === 0) return;
  remember(possible.map(({ ask }) => ask.id));
  const takesBack = possible.every(({ ask }) => made.get(ask.id)?.decision === kind);
  for (const { entry, finding, ask } of possible) {
    if (ask.decided !== null) former.add(ask.id);
    if (takesBack) made.delete(ask.id);
    else
      made.set(ask.id, {
        findingId: ask.id,
        address: finding.address,
        user: entry.id === "" ? null : entry.id,
        rule: finding.ruleId,
        decision: kind,
        seen: ask.seen,
        master: ask.master === "" ? null : ask.master,
        by,
        at,
      });
  }
}

function remember(ids: readonly string[]): void {
  past.push(new Map(ids.map((id) => [id, made.get(id) ?? null])));
}

/** Takes the last change back; false where there is none. */
export function undo(): boolean {
  const last = past.pop();
  if (last === undefined) return false;
  for (const [id, row] of last) {
    if (row === null) made.delete(id);
    else made.set(id, row);
  }
  return true;
}

/** The file as `photodrift decide` reads it. @param by who decided what was decided here; what was taken up stays its own decider's */
export function fileText(by: string): string {
  const decisions = [...made.values()].map((row) => ({ ...row, by: row.by === "" ? by : row.by }));
  const { tenant, runId } = layout;
  return `${JSON.stringify({ formatVersion: "1.0", tenant, basedOn: { runId }, decisions }, null, 2)}\n`;
}

/**
 * Takes up a saved file; gives what was wrong with it, or null. A decision is about the picture and the master that were looked at: those of
 * another run, and rows that name other ones than this page shows, are left out, as are rows that it does not know.
 */
export function restore(text: string, questions: ReadonlyMap<string, Question>): string | null {
  const file = parsed(text);
  if (file === null) return "This is no saved file of decisions.";
  if (file["tenant"] !== layout.tenant) return "The file is of another tenant.";
  if (asObject(file["basedOn"])["runId"] !== layout.runId)
    return "The file is of another run: hand it to photodrift decide as it is, or take it up in the report of that run.";
  const rows = Array.isArray(file["decisions"]) ? (file["decisions"] as readonly unknown[]) : [];
  const known = rows.flatMap((row) => {
    const { findingId, decision, by, at, seen, master } = asObject(row);
    const kind = KINDS.find((one) => one === decision);
    const question = typeof findingId === "string" ? questions.get(findingId) : undefined;
    if (kind === undefined || question === undefined || typeof at !== "string") return [];
    const sameLook = seen === question.ask.seen && (master ?? "") === question.ask.master;
    return sameLook ? [{ question, kind, by: typeof by === "string" ? by : "", at }] : [];
  });
  remember(known.map(({ question }) => question.ask.id));
  for (const { question, kind, by, at } of known) {
    made.delete(question.ask.id);
    put(question, kind, by, at);
  }
  return known.length === rows.length
    ? null
    : `${rows.length - known.length} decisions of the file are not in this report.`;
}

function put(question: Question, kind: Kind, by: string, at: string): void {
  const before = past.length;
  decide([question], kind, at, by);
  past.length = before;
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return null;
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
