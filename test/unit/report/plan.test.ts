import { describe, expect, it } from "vitest";
import { checkUser } from "../../../src/compare/rules/index.js";
import type { Plan } from "../../../src/model/plan.js";
import type { PlanAction } from "../../../src/model/plan-action.js";
import { assemblePlan, planUser } from "../../../src/plan/index.js";
import { planDiff } from "../../../src/report/index.js";
import { anna, type AnnaParts } from "../plan/people.js";

function planOf(parts: AnnaParts, usersInScope = 100): Plan {
  const user = anna(parts);
  return wrap(planUser(user, checkUser(user)), usersInScope);
}

function wrap(actions: readonly PlanAction[], usersInScope: number): Plan {
  const head = assemblePlan(
    {
      planId: "plan-7",
      purpose: "apply",
      tenant: "contoso.com",
      runId: "run-7",
      observedAt: "2026-11-23T12:00:00.000Z",
      complete: false,
      usersInScope,
      maxChangePercent: 30,
      maxRemovals: 0,
      maxChanges: null,
      writesBlocked: null,
    },
    actions,
  );
  return { head, digest: "d".repeat(64), actions: () => actions };
}

const PLAIN = { color: false, width: 120 };

describe("planDiff", () => {
  it("reads as what is added, replaced and set, per user, with counts, limits and digest", () => {
    const text = [...planDiff(planOf({ cloud: "absent", L: "other", profile: { placeholderState: "1" } }), PLAIN)].join(
      "\n",
    );
    expect(text).toMatchInlineSnapshot(`
      "Plan plan-7 for contoso.com
        looked at 2026-11-23 12:00 UTC in run run-7, expires 2026-11-24 12:00 UTC

        anna@contoso.com  Anna
          + Exchange photo           anna.jpg                                         missing-photo
          ~ SharePoint thumbnail L   200x200 -> anna.jpg, 200 px                      stale-photo
          ~ SharePoint profile       PlaceholderState: "1" -> "0", Timestamp: "1" -> "63931032000"  profile-property-mismatch

      3 actions (0 removals) for 1 of 100 users in scope, 1 %.
      Limits: 30 % of users, 0 removals.
      Digest: dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd
      Incomplete: some users or stores could not be read; nothing is planned for them."
    `);
  });

  it("shows removals, and why the plan is refused", () => {
    const policy = { autoApply: ["consent-withdrawn" as const] };
    const text = [...planDiff(planOf({ consentWithdrawn: true, policy }), PLAIN)].join("\n");
    expect(text).toMatch(/- Exchange photo/);
    expect(text).toMatch(/- SharePoint thumbnail L/);
    expect(text).toContain("Refused: The plan takes away 4 pictures; limits.maxRemovals allows 0.");
  });

  it("says that there is nothing to do", () => {
    expect([...planDiff(planOf({}), PLAIN)]).toContain("Nothing to do.");
  });

  it("cuts long plans and says what is left out", () => {
    const lines = [...planDiff(planOf({ cloud: "absent", L: "other" }), { ...PLAIN, limit: 1 })];
    expect(lines).toContain("  … and 2 more; the plan file holds them all.");
  });

  it("lets no name of the tenant steer the terminal", () => {
    const [action] = [...planOf({ cloud: "absent" }).actions()];
    if (action?.user == null) throw new Error("no action");
    const evil = { ...action, user: { ...action.user, displayName: "\u001b[2J\u202eevil\nfake line" } };
    const text = [...planDiff(wrap([evil], 100), PLAIN)].join("\n");
    expect(text.includes("\u001b") || text.includes("\u202e")).toBe(false);
    expect(text).not.toMatch(/^fake line/m);
  });

  it("keeps to the width of the terminal, and colours by sign", () => {
    const lines = [...planDiff(planOf({ cloud: "absent", L: "other" }), { color: false, width: 80 })];
    expect(lines.filter((line) => line.startsWith("    ")).every((line) => line.length <= 80)).toBe(true);
    expect([...planDiff(planOf({ cloud: "absent" }), { color: true, width: 80 })].join("")).toContain("\u001b[32m");
  });
});
