import { stableId } from "../../model/ids.js";
import type { Finding } from "../../model/finding.js";
import { MASTER_PREVIEW } from "../../model/master.js";
import type { Cost, Outcome, RunHead, RunSummary, TrendPoint } from "../../model/run.js";
import type { CountRecords } from "../../run/records/counts.js";
import type { ReportFileRecords } from "../../run/records/report-files.js";
import type { Keeping, RecordedRun, RunRecords } from "../../run/records/runs.js";
import type { Db } from "./database.js";
import { findingSpans } from "./finding-spans.js";
import { inPages } from "./pages.js";
import { sortKeyOf } from "./sort-key.js";
import { standingFindings } from "./standing-findings.js";

type HistoryRecords = RunRecords & CountRecords & ReportFileRecords;

interface RunRow {
  readonly head: string;
  readonly summary: string;
  readonly cost: string;
}

/**
 * Runs that wrote something stay by age and while a write is open, the others by number, in the order in which they began (a clock may be put back). Those
 * that were cut off are counted apart: a machine that kills every run must not push out what the others found. A run that never ended and wrote nothing
 * tells nothing; only the newest run may still be under way. A first run after a month of silence drops nothing that can be undone: its clock may be wrong,
 * and what is gone does not come back when it is put right.
 */
const PRUNE_RUNS = `
  WITH wrote AS (SELECT DISTINCT run_id AS id FROM journal),
       open AS (SELECT DISTINCT run_id AS id FROM journal WHERE outcome IS NULL),
       newest AS (SELECT id, started_at AS at FROM runs ORDER BY seq DESC LIMIT 1),
       before AS (SELECT coalesce(finished_at, started_at) AS at FROM runs ORDER BY seq DESC LIMIT 1 OFFSET 1),
       month AS (SELECT julianday(newest.at) - julianday(before.at) > 30 AS silent FROM newest, before),
       wroteNothing AS (SELECT id, seq, json_extract(head, '$.verdict') = 'interrupted' AS cut
                        FROM runs WHERE head IS NOT NULL AND id NOT IN (SELECT id FROM wrote)),
       ended AS (SELECT id, seq FROM wroteNothing WHERE NOT cut ORDER BY seq DESC LIMIT @audits),
       cutOff AS (SELECT id FROM wroteNothing WHERE cut AND seq >= coalesce((SELECT min(seq) FROM ended), 0)
                  ORDER BY seq DESC LIMIT @audits),
       audits AS (SELECT id FROM ended UNION SELECT id FROM cutOff)
  DELETE FROM runs WHERE id NOT IN (SELECT id FROM newest) AND CASE
    WHEN id IN (SELECT id FROM wrote)
    THEN coalesce(finished_at, started_at) < @undoSince AND id NOT IN (SELECT id FROM open)
      AND NOT coalesce((SELECT silent FROM month), 0)
    ELSE id NOT IN (SELECT id FROM audits) END`;

/** Runs, their findings and outcomes, and since when each finding stands. */
export function historyRecords(db: Db): HistoryRecords {
  const spans = findingSpans(db);
  const standing = standingFindings(db);
  const metaOf = db.prepare<[string], { value: string }>("SELECT value FROM meta WHERE key = ?");
  const setMeta = db.prepare("INSERT OR REPLACE INTO meta(key, value) VALUES (?, ?)");
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

  function addOutcome(runId: string, outcome: Outcome): void {
    db.prepare(
      "INSERT INTO outcomes(run_id, seq, json) VALUES (?, (SELECT coalesce(max(seq), 0) + 1 FROM outcomes WHERE run_id = ?), ?)",
    ).run(runId, runId, JSON.stringify(outcome));
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
        const key = sortKeyOf(draft);
        const id = stableId(key);
        const finding: Finding = { id, ...draft, firstSeen: standing.firstSeen(id) ?? now };
        standing.note(runId, id, spans.put(runId, { sort_key: key, id, json: JSON.stringify(finding) }));
        return finding;
      });
    },
    settleFindings: (runId, coverage) => standing.settle(runId, coverage),
    confirmFindings: (runId) => standing.confirm(runId),
    finishRun: (head, summary, cost) => saveHead(head, summary, cost, head.finishedAt),
    noteAudit: (head, summary, cost) => saveHead(head, summary, cost, null),
    recordOutcome: addOutcome,
    correctOutcome(runId, outcome) {
      const sql = "UPDATE outcomes SET json = ? WHERE run_id = ? AND json ->> 'actionId' = ?";
      const { changes } = db.prepare(sql).run(JSON.stringify(outcome), runId, outcome.actionId);
      if (changes === 0) addOutcome(runId, outcome);
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
          "SELECT head, summary, cost FROM runs WHERE finished_at IS NOT NULL ORDER BY seq DESC LIMIT ?",
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
        .filter(({ summary }) => summary.narrowedTo === undefined)
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
    lastListSize: (list) => countOf(`list-size:${list}`),
    saveListSize: (list, people) => saveCount(`list-size:${list}`, people),
    runsNamed(beginning) {
      return db
        .prepare<[string, string], RunRow>(
          `SELECT head, summary, cost FROM runs WHERE finished_at IS NOT NULL AND substr(id, 1, length(?)) = ?
           ORDER BY seq DESC`,
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
      standing.prune();
      db.prepare(PRUNE_RUNS).run({ audits: Math.max(1, audits), undoSince });
      spans.prune();
      db.exec(`
        DELETE FROM pictures WHERE sha256 NOT IN (
          SELECT signature_sha FROM cloud_photos WHERE signature_sha IS NOT NULL
          UNION SELECT previous_sha FROM cloud_photos WHERE previous_sha IS NOT NULL
          UNION SELECT signature_sha FROM library_files WHERE signature_sha IS NOT NULL
          UNION SELECT sha256 FROM masters WHERE sha256 IS NOT NULL
          UNION SELECT unhex(sha256) FROM retired_masters WHERE unhex(sha256) IS NOT NULL);
        DELETE FROM previews WHERE replace(substr(sha256, 1, ${MASTER_PREVIEW.length + 64}), '${MASTER_PREVIEW}', '')
          NOT IN (SELECT lower(hex(sha256)) FROM pictures);
        DELETE FROM verdicts WHERE rendition_sha NOT IN (SELECT sha256 FROM pictures);
      `);
    }),
  };
}
