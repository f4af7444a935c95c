import type { Db } from "./database.js";
import { packText, textOf, type KeptText } from "./packed-text.js";
import { inPages } from "./pages.js";

/** A finding as a run had it; rows sort by `sort_key`, then `id`. */
export interface FindingRow {
  readonly sort_key: string;
  readonly id: string;
  readonly json: string;
}

interface TextRow {
  readonly text: number;
  readonly json: KeptText;
}
interface MemberRow extends TextRow {
  readonly sort_key: string;
  readonly id: string;
}
interface Span {
  readonly first_seq: number;
  readonly last_seq: number;
}

/** What each run found. */
export interface FindingSpans {
  /** Another text of the same finding in this run is replaced. Returns the text's number. */
  put(runId: string, row: FindingRow): number;
  remove(runId: string, row: Pick<FindingRow, "sort_key" | "id">): void;
  /** What a run found was found by a later one, too; what that has of the same findings stays. */
  carry(from: string, to: string): void;
  /** In order, one page in memory at a time. */
  of(runId: string): Iterable<FindingRow>;
  /** Forgets what no run that is kept has found and what does not stand. */
  prune(): void;
}

/**
 * Findings of all runs. A text is kept once, with the spans of consecutive runs that had it: a run in which nothing changed lengthens spans
 * of three numbers and writes no text. Runs are counted by `runs.seq`. Throws TypeError for a run that was not begun.
 */
export function findingSpans(db: Db): FindingSpans {
  const seqOf = db.prepare<[string], { seq: number }>("SELECT seq FROM runs WHERE id = ?");
  const textsOf = db.prepare<[string, string], TextRow>(
    `SELECT t.text, t.json FROM finding_keys k CROSS JOIN finding_texts t ON t.text = k.text
     WHERE k.sort_key = ? AND k.id = ?`,
  );
  const addText = db.prepare("INSERT INTO finding_texts(json) VALUES (?)");
  const addKey = db.prepare("INSERT INTO finding_keys(sort_key, id, text) VALUES (?, ?, ?)");
  const spanAt = db.prepare<[number, number, number], Span>(
    "SELECT first_seq, last_seq FROM finding_spans WHERE text = ? AND first_seq <= ? AND last_seq >= ?",
  );
  const lengthen = db.prepare("UPDATE finding_spans SET last_seq = ? WHERE text = ? AND last_seq = ?");
  const addSpan = db.prepare("INSERT INTO finding_spans(text, first_seq, last_seq) VALUES (?, ?, ?)");
  const dropSpan = db.prepare("DELETE FROM finding_spans WHERE text = ? AND first_seq = ?");
  const page = db.prepare<[number, number, string, string], MemberRow>(
    `SELECT k.text, k.sort_key, k.id, t.json FROM finding_keys k CROSS JOIN finding_spans s
     ON s.text = k.text AND s.first_seq <= ? AND s.last_seq >= ? CROSS JOIN finding_texts t ON t.text = k.text
     WHERE (k.sort_key, k.id) > (?, ?) ORDER BY k.sort_key, k.id LIMIT 500`,
  );

  function numberOf(runId: string): number {
    const row = seqOf.get(runId);
    if (row === undefined) throw new TypeError(`the run ${runId} was not begun`);
    return row.seq;
  }

  function add({ sort_key, id, json }: FindingRow): number {
    const text = Number(addText.run(packText(json)).lastInsertRowid);
    addKey.run(sort_key, id, text);
    return text;
  }

  function join(text: number, seq: number): void {
    if (spanAt.get(text, seq, seq) !== undefined) return;
    if (lengthen.run(seq, text, seq - 1).changes === 0) addSpan.run(text, seq, seq);
  }

  function leave(text: number, seq: number): void {
    const span = spanAt.get(text, seq, seq);
    if (span === undefined) return;
    dropSpan.run(text, span.first_seq);
    if (span.first_seq < seq) addSpan.run(text, span.first_seq, seq - 1);
    if (span.last_seq > seq) addSpan.run(text, seq + 1, span.last_seq);
  }

  function membersOf(seq: number): Iterable<MemberRow> {
    return inPages((last: MemberRow | null) => page.all(seq, seq, last?.sort_key ?? "", last?.id ?? ""));
  }

  return {
    put(runId, { sort_key, id, json }) {
      const seq = numberOf(runId);
      let same: number | null = null;
      for (const other of textsOf.all(sort_key, id)) {
        if (textOf(other.json) === json) same = other.text;
        else leave(other.text, seq);
      }
      same ??= add({ sort_key, id, json });
      join(same, seq);
      return same;
    },
    remove(runId, { sort_key, id }) {
      const seq = numberOf(runId);
      for (const { text } of textsOf.all(sort_key, id)) leave(text, seq);
    },
    carry(from, to) {
      const [before, now] = [numberOf(from), numberOf(to)];
      for (const { text, sort_key, id } of membersOf(before)) {
        const known = textsOf.all(sort_key, id).some((each) => spanAt.get(each.text, now, now) !== undefined);
        if (!known) join(text, now);
      }
    },
    *of(runId) {
      const row = seqOf.get(runId);
      if (row === undefined) return;
      for (const { sort_key, id, json } of membersOf(row.seq)) yield { sort_key, id, json: textOf(json) };
    },
    prune() {
      db.exec(`
        DELETE FROM finding_spans WHERE NOT EXISTS (SELECT 1 FROM runs WHERE seq BETWEEN first_seq AND last_seq);
        DELETE FROM finding_texts WHERE text NOT IN (SELECT text FROM finding_spans UNION ALL SELECT text FROM standing_findings);
        DELETE FROM finding_keys WHERE text NOT IN (SELECT text FROM finding_texts);
      `);
    },
  };
}
