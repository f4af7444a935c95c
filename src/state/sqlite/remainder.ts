import type { Finding } from "../../model/finding.js";
import type { Severity } from "../../model/rule.js";
import { isDone, type Outcome } from "../../model/run.js";
import type { FindingCounts, RemainderRecords } from "../../run/remainder.js";
import type { Db } from "./database.js";
import { findingSpans, type FindingRow } from "./finding-spans.js";
import { inPages } from "./pages.js";

/** The findings of one run. */
const OF_RUN = `FROM runs CROSS JOIN finding_spans s ON s.last_seq >= runs.seq AND s.first_seq <= runs.seq
  CROSS JOIN finding_texts t ON t.text = s.text WHERE runs.id = ?`;

/** Rules that speak of all of a user's thumbnails at one address. */
const SPANNING = new Set<string>(["license-without-mailbox", "stores-disagree"]);

/** What is left after writes, over the tables of findings and outcomes; a page of findings is in memory at a time. */
export function remainderRecords(db: Db): RemainderRecords {
  const spans = findingSpans(db);
  const settledPage = db.prepare<[string, string, string, string], FindingRow>(
    `SELECT sort_key, id, json FROM settled_findings WHERE run_id = ? AND kind = ? AND (sort_key, id) > (?, ?)
     ORDER BY sort_key, id LIMIT 500`,
  );
  const outcomesAt = db.prepare<[string, string, string], { json: string }>(
    "SELECT json FROM outcomes WHERE run_id = ? AND json ->> 'address' BETWEEN ? AND ? ORDER BY seq",
  );
  const settle = db.prepare(
    "INSERT OR REPLACE INTO settled_findings(run_id, kind, sort_key, id, json) VALUES (?, ?, ?, ?, ?)",
  );
  const close = db.prepare("DELETE FROM open_findings WHERE id = ?");
  const reopen = db.prepare(
    `INSERT OR REPLACE INTO open_findings(id, rule, address, user_id, first_seen, first_run, last_run)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );

  function outcomesFor(runId: string, finding: Finding): readonly Outcome[] {
    const { address, rule, user } = finding;
    const spanning = SPANNING.has(rule) && user !== null;
    const [from, to] = spanning
      ? [`sharepoint/${user.upn}/`, `sharepoint/${user.upn}/\uffff`]
      : [address as string, address as string];
    return outcomesAt.all(runId, from, to).map(({ json }) => JSON.parse(json) as Outcome);
  }
  function* settledOf(runId: string, kind: string): Iterable<FindingRow> {
    yield* inPages((last: FindingRow | null) => settledPage.all(runId, kind, last?.sort_key ?? "", last?.id ?? ""));
  }
  const takeAway = (runId: string, { sort_key, id, json }: FindingRow): void => {
    settle.run(runId, "cured", sort_key, id, json);
    spans.remove(runId, { sort_key, id });
    close.run(id);
  };
  const isRestored = (runId: string, { json }: FindingRow): boolean =>
    outcomesFor(runId, JSON.parse(json) as Finding).some(isDone);

  return {
    carry: db.transaction((from: string, to: string) => spans.carry(from, to)),
    settleCured: db.transaction((runId: string, cures: (finding: Finding, outcomes: readonly Outcome[]) => boolean) => {
      let cured = 0;
      for (const row of spans.of(runId)) {
        const finding = JSON.parse(row.json) as Finding;
        if (!cures(finding, outcomesFor(runId, finding))) continue;
        takeAway(runId, row);
        cured++;
      }
      return cured;
    }),
    settleRestored: db.transaction((undone: string, runId: string) => {
      for (const row of settledOf(undone, "cured")) {
        if (!isRestored(runId, row)) continue;
        spans.put(runId, row);
        settle.run(runId, "returned", row.sort_key, row.id, row.json);
        const { rule, address, user, firstSeen } = JSON.parse(row.json) as Finding;
        reopen.run(row.id, rule, address, user?.id ?? null, firstSeen, runId, runId);
      }
      for (const row of settledOf(undone, "returned")) if (isRestored(runId, row)) takeAway(runId, row);
    }),
    count: (runId) => countsOf(db, runId),
  };
}

function countsOf(db: Db, runId: string): FindingCounts {
  const grouped = (key: string): { readonly [name: string]: number } =>
    Object.fromEntries(
      db
        .prepare<[string], { name: string; found: number }>(
          `SELECT ${key} AS name, count(*) AS found ${OF_RUN} GROUP BY name ORDER BY name`,
        )
        .all(runId)
        .filter(({ name }) => name !== "source")
        .map(({ name, found }) => [name, found]),
    );
  const drift: Record<Severity, number> = { info: 0, warning: 0, error: 0, critical: 0 };
  for (const [severity, found] of Object.entries(
    grouped("CASE WHEN json ->> 'drift' THEN json ->> 'severity' ELSE 'source' END"),
  )) {
    drift[severity as Severity] = found;
  }
  const users = db
    .prepare<[string], { drifted: number; notInSync: number; failed: number; fresh: number }>(
      `SELECT count(DISTINCT CASE WHEN json ->> 'drift' THEN json -> 'user' ->> 'id' END) AS drifted,
              count(DISTINCT CASE WHEN json ->> 'drift' OR json ->> 'rule' = 'unreadable' THEN json -> 'user' ->> 'id' END)
                AS notInSync,
              coalesce(sum(json ->> 'rule' = 'unreadable' AND json ->> 'user' IS NULL), 0) AS failed,
              coalesce(sum(json ->> 'firstSeen' >= runs.started_at), 0) AS fresh
       ${OF_RUN}`,
    )
    .get(runId);
  return {
    byRule: grouped("json ->> 'rule'"),
    byStore: grouped("substr(json ->> 'address', 1, instr(json ->> 'address', '/') - 1)"),
    drift,
    usersWithDrift: users?.drifted ?? 0,
    usersNotInSync: users?.notInSync ?? 0,
    storeFailed: (users?.failed ?? 0) > 0,
    fresh: users?.fresh ?? 0,
  };
}
