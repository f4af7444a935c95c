import { storeOf, userOf, type PhotoAddress } from "../../model/address.js";
import type { Finding } from "../../model/finding.js";
import { byText } from "../../model/ids.js";
import type { Severity } from "../../model/rule.js";
import { isDone, type Outcome } from "../../model/run.js";
import type { FindingCounts, RemainderRecords } from "../../run/remainder.js";
import type { Db } from "./database.js";
import { findingSpans, type FindingRow } from "./finding-spans.js";
import { inPages } from "./pages.js";
import { standingFindings } from "./standing-findings.js";

/** Rules that speak of all of a user's thumbnails at one address. */
const SPANNING = new Set<string>(["license-without-mailbox", "stores-disagree"]);

/** What is left after writes, over the tables of findings and outcomes; a page of findings is in memory at a time. */
export function remainderRecords(db: Db): RemainderRecords {
  const spans = findingSpans(db);
  const standing = standingFindings(db);
  const settledPage = db.prepare<[string, string, string, string], FindingRow>(
    `SELECT sort_key, id, json FROM settled_findings WHERE run_id = ? AND kind = ? AND (sort_key, id) > (?, ?)
     ORDER BY sort_key, id LIMIT 500`,
  );
  const outcomesAt = db.prepare<[string, string, string], { json: string }>(
    "SELECT json FROM outcomes WHERE run_id = ? AND json ->> 'address' BETWEEN ? AND ? ORDER BY seq",
  );
  const addressesOf = db.prepare<[string], Pick<Outcome, "kind"> & { readonly address: PhotoAddress }>(
    "SELECT json ->> 'address' AS address, json ->> 'kind' AS kind FROM outcomes WHERE run_id = ? ORDER BY seq",
  );
  const settle = db.prepare(
    "INSERT OR REPLACE INTO settled_findings(run_id, kind, sort_key, id, json) VALUES (?, ?, ?, ?, ?)",
  );
  const startOf = db.prepare<[string], { started_at: string }>("SELECT started_at FROM runs WHERE id = ?");

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
    standing.close(id);
  };
  const isRestored = (runId: string, { json }: FindingRow): boolean =>
    outcomesFor(runId, JSON.parse(json) as Finding).some(isDone);

  /** The names of users of whom an action of the run was left undone: what the store has now, nobody has seen. */
  function* undoneOf(runId: string): Iterable<string> {
    for (const { address, kind } of addressesOf.iterate(runId)) {
      const upn = isDone({ kind }) ? null : userOf(address);
      if (upn !== null) yield upn.toLowerCase();
    }
  }

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
        const text = spans.put(runId, row);
        settle.run(runId, "returned", row.sort_key, row.id, row.json);
        standing.open(JSON.parse(row.json) as Finding, text);
      }
      for (const row of settledOf(undone, "returned")) if (isRestored(runId, row)) takeAway(runId, row);
    }),
    count: (runId) => countsOf(spans.of(runId), undoneOf(runId), startOf.get(runId)?.started_at ?? ""),
  };
}

function countsOf(rows: Iterable<FindingRow>, undone: Iterable<string>, startedAt: string): FindingCounts {
  const byRule = new Map<string, number>();
  const byStore = new Map<string, number>();
  const drift: Record<Severity, number> = { info: 0, warning: 0, error: 0, critical: 0 };
  const drifted = new Set<string>();
  const notInSync = new Set<string>(undone);
  let [fresh, failed] = [0, false];
  for (const { json } of rows) {
    const finding = JSON.parse(json) as Finding;
    const { rule, address, user, severity } = finding;
    const unread = rule === "unreadable";
    countOne(byRule, rule);
    if (storeOf(address) !== "source") countOne(byStore, storeOf(address));
    if (finding.drift) drift[severity]++;
    if (finding.drift && user !== null) drifted.add(user.id);
    if ((finding.drift || unread) && user !== null) notInSync.add(user.upn.toLowerCase());
    failed ||= unread && user === null;
    if (finding.firstSeen === startedAt) fresh++;
  }
  return {
    byRule: sorted(byRule),
    byStore: sorted(byStore),
    drift,
    usersWithDrift: drifted.size,
    usersNotInSync: notInSync.size,
    storeFailed: failed,
    fresh,
  };
}

function countOne(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...counts].sort(([a], [b]) => byText(a, b)));
}
