import { storeOf } from "../../model/address.js";
import type { Finding } from "../../model/finding.js";
import { othersTurn } from "../../model/turns.js";
import type { Coverage, Settled } from "../../run/records/runs.js";
import type { Db } from "./database.js";
import { textOf, type KeptText } from "./packed-text.js";
import { seenIn } from "./seen.js";
import { keptTime, timeOf, type KeptTime } from "./short-forms.js";
import { sortKeyOf } from "./sort-key.js";

/** A finding by the text that it was opened with. */
interface TextRow {
  readonly id: string;
  readonly text: number;
  readonly json: KeptText;
}

/** Which findings stand, and since when. */
export interface StandingFindings {
  /** ISO 8601 UTC, null for a finding that does not stand. */
  firstSeen(id: string): string | null;
  /** The newest run that saw a standing finding and settled what stands; null where the finding does not stand. */
  lastSeenIn(id: string): string | null;
  /** The run saw it. @param text its number among the texts of findings */
  note(runId: string, id: string, text: number): void;
  /** Prepares what stands after the run, some hundred rows at a time between which others may commit; nothing of it holds before `confirm`. */
  settle(runId: string, coverage: Coverage): Promise<Settled>;
  /** From here on what the run settled holds. */
  confirm(runId: string): void;
  /** Holds at once. @param text its number among the texts of findings */
  open(finding: Pick<Finding, "id" | "firstSeen">, text: number): void;
  /** Holds at once. */
  close(id: string): void;
  /** Drops what is over, and what cut-off runs prepared. No run may be under way. */
  prune(): void;
}

/** A row that a run opened counts once that run has settled, and one that a run closed until then. */
const STANDS = `NOT EXISTS (SELECT 1 FROM runs WHERE seq = o.opened_by AND settled IS NULL)
  AND NOT EXISTS (SELECT 1 FROM runs WHERE seq = o.closed_by AND settled = 1)`;

/**
 * A run touches only rows of findings that come and go, marked with its number: one mark in the run's own row makes them hold together. So
 * a run that is cut off at any moment leaves what stood before it, and the end of a run is no transaction that grows with the tenant.
 */
export function standingFindings(db: Db): StandingFindings {
  const seen = seenIn(db, "seen_findings");
  const firstSeen = db.prepare<[string], { first_seen: KeptTime }>(
    `SELECT first_seen FROM standing_findings o WHERE id = ? AND ${STANDS}`,
  );
  const standingText = db.prepare<[string], TextRow>(
    `SELECT o.id, t.text, t.json FROM standing_findings o CROSS JOIN finding_texts t ON t.text = o.text
     WHERE o.id = ? AND ${STANDS}`,
  );
  const lastSeen = db.prepare<[string, string], { id: string }>(
    `SELECT r.id FROM finding_keys k CROSS JOIN finding_spans s ON s.text = k.text
     CROSS JOIN runs r ON r.seq BETWEEN s.first_seq AND s.last_seq
     WHERE k.sort_key = ? AND k.id = ? AND r.settled = 1 ORDER BY r.seq DESC LIMIT 1`,
  );
  const isOpen = db.prepare(`SELECT 1 FROM standing_findings o WHERE id = ? AND ${STANDS}`);
  const put = db.prepare(
    "INSERT OR REPLACE INTO standing_findings(id, text, first_seen, opened_by, closed_by) VALUES (?, ?, ?, ?, NULL)",
  );
  const mark = db.prepare("UPDATE standing_findings SET closed_by = ? WHERE id = ?");
  const remove = db.prepare("DELETE FROM standing_findings WHERE id = ?");
  const seqOf = db.prepare<[string], { seq: number }>("SELECT seq FROM runs WHERE id = ?");

  /** What a run prepared that was cut off, or tried before. */
  function forgetPrepared(): void {
    db.exec(`
      DELETE FROM standing_findings WHERE opened_by IN (SELECT seq FROM runs WHERE settled IS NULL);
      UPDATE standing_findings SET closed_by = NULL WHERE closed_by IN (SELECT seq FROM runs WHERE settled IS NULL);
    `);
  }

  /** In the order of the table: at random each row would write a page of its own. */
  async function openNew(seq: number): Promise<number> {
    const page = db.prepare<[string], TextRow>(
      `SELECT key AS id, t.text, t.json FROM temp.seen_findings n CROSS JOIN finding_texts t ON t.text = n.value
       WHERE key > ? ORDER BY key LIMIT 500`,
    );
    let found = 0;
    for (let rows = page.all(""); rows.length > 0; rows = page.all(rows.at(-1)?.id ?? "")) {
      db.transaction(() => {
        for (const row of rows) put.run(row.id, row.text, keptTime(findingOf(row).firstSeen), seq);
      })();
      found += rows.length;
      await othersTurn();
    }
    return found;
  }

  async function closeUnseen(seq: number, coverage: Coverage): Promise<number> {
    const page = db.prepare<[string], TextRow>(
      `SELECT o.id, t.text, t.json FROM standing_findings o CROSS JOIN finding_texts t ON t.text = o.text WHERE o.id > ? AND ${STANDS}
       AND NOT EXISTS (SELECT 1 FROM temp.seen_findings WHERE key = o.id) ORDER BY o.id LIMIT 500`,
    );
    let resolved = 0;
    for (let rows = page.all(""); rows.length > 0; rows = page.all(rows.at(-1)?.id ?? "")) {
      const over = rows.filter((row) => isCovered(findingOf(row), coverage));
      db.transaction(() => over.forEach(({ id }) => mark.run(seq, id)))();
      resolved += over.length;
      await othersTurn();
    }
    return resolved;
  }

  return {
    firstSeen(id) {
      const row = firstSeen.get(id);
      return row === undefined ? null : timeOf(row.first_seen);
    },
    lastSeenIn(id) {
      const row = standingText.get(id);
      return row === undefined ? null : (lastSeen.get(sortKeyOf(findingOf(row)), id)?.id ?? null);
    },
    note: (runId, id, text) => seen.note(runId, id, isOpen.get(id) === undefined ? text : null),
    async settle(runId, coverage) {
      const seq = seqOf.get(runId)?.seq ?? 0;
      seen.of(runId);
      forgetPrepared();
      const fresh = await openNew(seq);
      const resolved = await closeUnseen(seq, coverage);
      const persisting = seen.count() - fresh;
      seen.forget();
      return { new: fresh, persisting, resolved };
    },
    confirm(runId) {
      db.prepare("UPDATE runs SET settled = 1 WHERE id = ?").run(runId);
    },
    open: ({ id, firstSeen: since }, text) => void put.run(id, text, keptTime(since), null),
    close: (id) => void remove.run(id),
    prune() {
      forgetPrepared();
      db.exec("DELETE FROM standing_findings WHERE closed_by IS NOT NULL");
    },
  };
}

function findingOf({ json }: TextRow): Finding {
  return JSON.parse(textOf(json)) as Finding;
}

/** Could the run have seen it? */
function isCovered({ address, rule, user }: Finding, coverage: Coverage): boolean {
  const store = storeOf(address);
  return (
    !coverage.unreadable.has(address) &&
    (coverage.rules === null || coverage.rules.has(rule)) &&
    (store === "source" ? coverage.userIds === null : coverage.stores.has(store)) &&
    (coverage.userIds === null || (user !== null && coverage.userIds.has(user.id)))
  );
}
