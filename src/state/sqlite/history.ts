import { stableId } from "../../model/ids.js";
import type { Finding, FindingDraft } from "../../model/finding.js";
import type { Cost, Outcome, RunHead, RunSummary, TrendPoint } from "../../model/run.js";
import type { CountRecords } from "../../run/records/counts.js";
import type { ReportFileRecords } from "../../run/records/report-files.js";
import type { Keeping, RecordedRun, RunRecords } from "../../run/records/runs.js";
import type { Db } from "./database.js";
import { findingSpans } from "./finding-spans.js";
import { inPages } from "./pages.js";

type HistoryRecords = RunRecords & CountRecords & ReportFileRecords;

interface RunRow {
  readonly head: string;
  readonly summary: string;
  readonly cost: string;
}

interface OpenRow {
  readonly first_seen: string;
}

interface UnseenRow {
  readonly id: string;
  readonly rule: string;
  readonly address: string;
  readonly user_id: string | null;
}

/**
 * Runs that wrote something stay by age and while a write is open, the others by number. A run that never ended and wrote nothing tells
 * nothing; only the newest run may still be under way.
 */
const PRUNE_RUNS = `
  WITH wrote AS (SELECT DISTINCT run_id AS id FROM journal),
       open AS (SELECT DISTINCT run_id AS id FROM journal WHERE outcome IS NULL),
       newest AS (SELECT id FROM runs ORDER BY started_at DESC, id DESC LIMIT 1),
       audits AS (SELECT id FROM runs WHERE head IS NOT NULL AND id NOT IN (SELECT id FROM wrote)
                  ORDER BY started_at DESC, id DESC LIMIT @audits)
  DELETE FROM runs WHERE id NOT IN (SELECT id FROM newest) AND CASE
    WHEN id IN (SELECT id FROM wrote)
    THEN coalesce(finished_at, started_at) < @undoSince AND id NOT IN (SELECT id FROM open)
    ELSE id NOT IN (SELECT id FROM audits) END`;

/** Separates the parts of a sort key below every printable character, so that "a" sorts before "a b". */
const SEPARATOR = "\u0001";

/** Findings sort by user, then address, then rule; findings without a user come last. */
function sortKey(draft: FindingDraft): string {
  const user = draft.user === null ? "\uffff" : draft.user.upn.toLowerCase();
  return [user, draft.address, draft.rule].join(SEPARATOR);
}

/** Runs, their findings and outcomes, and since when each finding stands. */
export function historyRecords(db: Db): HistoryRecords {
  const spans = findingSpans(db);
  const metaOf = db.prepare<[string], { value: string }>("SELECT value FROM meta WHERE key = ?");
  const setMeta = db.prepare("INSERT OR REPLACE INTO meta(key, value) VALUES (?, ?)");
  const openOf = db.prepare<[string], OpenRow>("SELECT first_seen FROM open_findings WHERE id = ?");
  // In the order of the table: at random each row would write a page of its own. Only a run that comes to its end says what stands: an interrupted one leaves no finding that looks known to the next.
  const openAll = db.prepare<[string]>(
    `INSERT INTO open_findings(id, rule, address, user_id, first_seen, first_run, last_run)
     SELECT t.id, json ->> 'rule', json ->> 'address', json -> 'user' ->> 'id', json ->> 'firstSeen', runs.id, runs.id
     FROM runs CROSS JOIN finding_spans s ON s.last_seq >= runs.seq AND s.first_seq <= runs.seq
     CROSS JOIN finding_texts t ON t.text = s.text WHERE runs.id = ? ORDER BY t.id
     ON CONFLICT(id) DO UPDATE SET last_run = excluded.last_run`,
  );
  const pageOfUnseen = db.prepare<[string, string], UnseenRow>(
    "SELECT id, rule, address, user_id FROM open_findings WHERE last_run <> ? AND id > ? ORDER BY id LIMIT 500",
  );
  const pageOfOutcomes = db.prepare<[string, number], { seq: number; json: string }>(
    "SELECT seq, json FROM outcomes WHERE run_id = ? AND seq > ? ORDER BY seq LIMIT 500",
  );

  const startOf = db.prepare<[string], { started_at: string }>("SELECT started_at FROM runs WHERE id = ?");

  function countOf(key: string): number | null {
    const row = metaOf.get(key);
    return row === undefined ? null : Number(row.value);
  }
  function saveCount(key: string, count: number): void {
    setMeta.run(key, String(count));
  }

  function saveHead(head: RunHead, summary: RunSummary, cost: Cost, finishedAt: string | null): void {
    const texts = [head, summary, cost].map((part) => JSON.stringify(part));
    db.prepare("UPDATE runs SET finished_at = ?, head = ?, summary = ?, cost = ? WHERE id = ?").run(
      finishedAt,
      ...texts,
      head.id,
    );
  }

  function recorded(row: RunRow): RecordedRun {
    return {
      head: JSON.parse(row.head) as RunHead,
      summary: JSON.parse(row.summary) as RunSummary,
      cost: JSON.parse(row.cost) as Cost,
    };
  }

  return {
    beginRun(run) {
      db.prepare(
        `INSERT INTO runs(id, mode, trigger, tenant, started_at, seq)
         VALUES (?, ?, ?, ?, ?, (SELECT coalesce(max(seq), 0) + 1 FROM runs))`,
      ).run(run.id, run.mode, run.trigger, run.tenant, run.startedAt);
    },
    recordFindings(runId, drafts) {
      const now = startOf.get(runId)?.started_at ?? "";
      return drafts.map((draft) => {
        const key = sortKey(draft);
        const id = stableId(key);
        const firstSeen = openOf.get(id)?.first_seen ?? now;
        const finding: Finding = { id, ...draft, firstSeen };
        spans.put(runId, { sort_key: key, id, json: JSON.stringify(finding) });
        return finding;
      });
    },
    settleFindings(runId, coverage) {
      openAll.run(runId);
      const close = db.prepare("DELETE FROM open_findings WHERE id = ?");
      let resolved = 0;
      for (const row of inPages((last: UnseenRow | null) => pageOfUnseen.all(runId, last?.id ?? ""))) {
        const store = row.address.slice(0, row.address.indexOf("/"));
        const covered =
          !coverage.unreadable.has(row.address) &&
          (coverage.rules === null || (coverage.rules as ReadonlySet<string>).has(row.rule)) &&
          (store === "source" ? coverage.userIds === null : coverage.stores.has(store)) &&
          (coverage.userIds === null || (row.user_id !== null && coverage.userIds.has(row.user_id)));
        if (!covered) continue;
        close.run(row.id);
        resolved++;
      }
      const counts = db
        .prepare<[string, string, string], { fresh: number; old: number }>(
          `SELECT coalesce(sum(first_run = ?), 0) AS fresh, coalesce(sum(first_run <> ?), 0) AS old
           FROM open_findings WHERE last_run = ?`,
        )
        .get(runId, runId, runId) ?? { fresh: 0, old: 0 };
      return { new: counts.fresh, persisting: counts.old, resolved };
    },
    finishRun: (head, summary, cost) => saveHead(head, summary, cost, head.finishedAt),
    noteAudit: (head, summary, cost) => saveHead(head, summary, cost, null),
    recordOutcome(runId, outcome) {
      db.prepare(
        "INSERT INTO outcomes(run_id, seq, json) VALUES (?, (SELECT coalesce(max(seq), 0) + 1 FROM outcomes WHERE run_id = ?), ?)",
      ).run(runId, runId, JSON.stringify(outcome));
    },
    run(id) {
      const row = db
        .prepare<[string], RunRow>("SELECT head, summary, cost FROM runs WHERE id = ? AND head IS NOT NULL")
        .get(id);
      return row === undefined ? null : recorded(row);
    },
    lastRun() {
      return this.runs(1)[0] ?? null;
    },
    runs(limit) {
      return db
        .prepare<[number], RunRow>(
          "SELECT head, summary, cost FROM runs WHERE finished_at IS NOT NULL ORDER BY started_at DESC, id DESC LIMIT ?",
        )
        .all(limit)
        .map(recorded);
    },
    *findings(runId) {
      for (const row of spans.of(runId)) yield JSON.parse(row.json) as Finding;
    },
    *outcomes(runId) {
      const rows = inPages((last: { seq: number } | null) => pageOfOutcomes.all(runId, last?.seq ?? 0));
      for (const row of rows) yield JSON.parse(row.json) as Outcome;
    },
    trend(limit) {
      return this.runs(limit)
        .filter(({ head }) => head.mode === "audit" && (head.verdict === "in-sync" || head.verdict === "drift"))
        .map((run): TrendPoint => ({
          runId: run.head.id,
          finishedAt: run.head.finishedAt,
          usersInScope: run.summary.usersInScope,
          usersWithDrift: run.summary.usersWithDrift,
          findings: Object.values(run.summary.byRule).reduce((sum, count) => sum + count, 0),
          byRule: run.summary.byRule,
        }))
        .reverse();
    },
    lastMasterCount: () => countOf("master-count"),
    saveMasterCount: (count) => saveCount("master-count", count),
    lastGroupSize: (groupId) => countOf(`group-size:${groupId.toLowerCase()}`),
    saveGroupSize: (groupId, users) => saveCount(`group-size:${groupId.toLowerCase()}`, users),
    runsNamed(beginning) {
      return db
        .prepare<[string, string], RunRow>(
          `SELECT head, summary, cost FROM runs WHERE finished_at IS NOT NULL AND substr(id, 1, length(?)) = ?
           ORDER BY started_at DESC, id DESC`,
        )
        .all(beginning, beginning)
        .map(recorded);
    },
    saveReportFile(runId, path) {
      db.prepare("INSERT OR REPLACE INTO report_files(path, run_id) VALUES (?, ?)").run(path, runId);
    },
    reportFilesLeft() {
      return db
        .prepare<[], { path: string }>("SELECT path FROM report_files WHERE run_id NOT IN (SELECT id FROM runs)")
        .all()
        .map(({ path }) => path);
    },
    forgetReportFile(path) {
      db.prepare("DELETE FROM report_files WHERE path = ?").run(path);
    },
    prune: db.transaction(({ audits, undoSince }: Keeping) => {
      db.prepare(PRUNE_RUNS).run({ audits: Math.max(1, audits), undoSince });
      spans.prune();
      db.exec(`
        DELETE FROM pictures WHERE lower(hex(sha256)) NOT IN (
          SELECT signature_sha FROM cloud_photos WHERE signature_sha IS NOT NULL
          UNION SELECT previous_sha FROM cloud_photos WHERE previous_sha IS NOT NULL
          UNION SELECT signature_sha FROM library_files WHERE signature_sha IS NOT NULL
          UNION SELECT sha256 FROM masters WHERE sha256 IS NOT NULL
          UNION SELECT sha256 FROM retired_masters);
        DELETE FROM previews WHERE sha256 NOT IN (SELECT lower(hex(sha256)) FROM pictures);
        DELETE FROM verdicts WHERE rendition_sha NOT IN (SELECT lower(hex(sha256)) FROM pictures);
      `);
    }),
  };
}
