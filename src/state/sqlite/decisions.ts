import type { Decision, DecisionKind } from "../../model/decision.js";
import type { UserId } from "../../model/ids.js";
import type { RuleId } from "../../model/rule.js";
import type { DecisionRecords } from "../../run/records/decisions.js";
import type { Db } from "./database.js";
import { inPages } from "./pages.js";
import { standingFindings } from "./standing-findings.js";

interface Row {
  readonly finding_id: string;
  readonly address: string;
  readonly user_id: string | null;
  readonly rule: RuleId;
  readonly kind: DecisionKind;
  readonly seen: string;
  readonly master: string | null;
  readonly decided_by: string;
  readonly at: string;
}

/** What people decided about findings, one decision a finding. */
export function decisionRecords(db: Db): DecisionRecords {
  const ofFinding = db.prepare<[string], Row>("SELECT * FROM decisions WHERE finding_id = ?");
  const ofUser = db.prepare<[string], Row>("SELECT * FROM decisions WHERE user_id = ? ORDER BY address, rule");
  const ofFile = db.prepare<[string, string], Row>(
    "SELECT * FROM decisions WHERE user_id IS NULL AND address = ? AND rule = ?",
  );
  const page = db.prepare<[string], Row>("SELECT * FROM decisions WHERE finding_id > ? ORDER BY finding_id LIMIT 500");
  const insert = db.prepare(
    `INSERT OR REPLACE INTO decisions(finding_id, address, user_id, rule, kind, seen, master, decided_by, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const remove = db.prepare("DELETE FROM decisions WHERE finding_id = ?");
  const standing = standingFindings(db);

  function find(findingId: string): Decision | null {
    const row = ofFinding.get(findingId);
    return row === undefined ? null : decisionOf(row);
  }

  return {
    decisionsOf: (userId) => ofUser.all(userId).map(decisionOf),
    decisionAt(address, rule) {
      const row = ofFile.get(address, rule);
      return row === undefined ? null : decisionOf(row);
    },
    *decisions(userId?: UserId) {
      const rows =
        userId === undefined ? inPages((last: Row | null) => page.all(last?.finding_id ?? "")) : ofUser.all(userId);
      for (const row of rows) yield decisionOf(row);
    },
    decision: (findingId) => find(findingId),
    saveDecision(decision) {
      const before = find(decision.findingId);
      const { findingId, address, userId, rule, kind, seen, master, by, at } = decision;
      insert.run(findingId, address, userId, rule, kind, seen, master, by, at);
      return before;
    },
    endDecision(findingId) {
      remove.run(findingId);
    },
    lastSeenIn: (findingId) => standing.lastSeenIn(findingId),
  };
}

function decisionOf(row: Row): Decision {
  const { address, rule, kind, seen, master, at } = row;
  return { findingId: row.finding_id, address, userId: row.user_id, rule, kind, seen, master, by: row.decided_by, at };
}
