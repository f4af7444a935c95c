import type { PlanAction } from "../../model/plan-action.js";
import type { Plan, PlanHead } from "../../model/plan.js";
import type { PlanRecords } from "../../run/journal-port.js";
import type { Db } from "./database.js";
import { inPages } from "./pages.js";

interface ActionRow {
  readonly sort_key: string;
  readonly id: string;
  readonly json: string;
}

/** Plans over SQLite: a plan of a million actions never stands in memory. */
export function planRecords(db: Db): PlanRecords {
  const insert = db.prepare("INSERT OR REPLACE INTO plan_actions(plan_id, sort_key, id, json) VALUES (?, ?, ?, ?)");
  const page = db.prepare<[string, string, string], ActionRow>(
    `SELECT sort_key, id, json FROM plan_actions WHERE plan_id = ? AND (sort_key, id) > (?, ?)
     ORDER BY sort_key, id LIMIT 500`,
  );
  const addAll = db.transaction((planId: string, actions: readonly { key: string; action: PlanAction }[]) => {
    for (const { key, action } of actions) insert.run(planId, key, action.id, JSON.stringify(action));
  });
  function* actionsOf(planId: string): Iterable<PlanAction> {
    const rows = inPages((last: ActionRow | null) => page.all(planId, last?.sort_key ?? "", last?.id ?? ""));
    for (const row of rows) yield JSON.parse(row.json) as PlanAction;
  }
  return {
    addActions: addAll,
    actions: actionsOf,
    savePlan(head, digest) {
      db.prepare("INSERT OR REPLACE INTO plans(plan_id, head, digest, expires_at) VALUES (?, ?, ?, ?)").run(
        head.planId,
        JSON.stringify(head),
        digest,
        head.expiresAt,
      );
    },
    plan(planId): Plan | null {
      const row = db
        .prepare<[string], { head: string; digest: string }>("SELECT head, digest FROM plans WHERE plan_id = ?")
        .get(planId);
      if (row === undefined) return null;
      return { head: JSON.parse(row.head) as PlanHead, digest: row.digest, actions: () => actionsOf(planId) };
    },
    dropPlan: db.transaction((planId: string) => {
      db.prepare("DELETE FROM plan_actions WHERE plan_id = ?").run(planId);
      db.prepare("DELETE FROM plans WHERE plan_id = ?").run(planId);
    }),
    dropPlansBefore: db.transaction((time: string) => {
      db.prepare("DELETE FROM plans WHERE expires_at < ?").run(time);
      db.prepare("DELETE FROM plan_actions WHERE plan_id NOT IN (SELECT plan_id FROM plans)").run();
    }),
  };
}
