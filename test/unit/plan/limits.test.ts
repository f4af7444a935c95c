import { describe, expect, it } from "vitest";
import { exchangeAddress } from "../../../src/model/address.js";
import type { PlanAction } from "../../../src/model/plan-action.js";
import { assemblePlan, checkLimits, isSelected, requireApplyable, underLimits } from "../../../src/plan/index.js";

const NONE = {
  maxChangePercent: 30,
  maxRemovals: 0,
  maxChanges: null,
  changes: 0,
  removals: 0,
  usersChanged: 0,
  usersInScope: 100,
};

export function action(upn: string, kind: "upload-photo" | "delete-photo" = "upload-photo"): PlanAction {
  const common = {
    id: `a-${kind}-${upn}`,
    address: exchangeAddress(upn),
    user: { id: upn, upn, displayName: upn },
    before: { photo: "absent" },
    precondition: { kind: "absent" },
  } as const;
  if (kind === "delete-photo")
    return { ...common, action: kind, because: "consent-withdrawn", after: { photo: "absent" } };
  const source = { kind: "master", file: `${upn}.jpg`, crop: { left: 0, top: 0, width: 300, height: 300 } } as const;
  return {
    ...common,
    action: kind,
    because: "missing-photo",
    after: { photo: "present", sourceSha256: "c".repeat(64), source, maxBytes: 1000 },
  };
}

const NO_LIMITS = { maxChangePercent: null, maxRemovals: null, maxChanges: null, usersInScope: null };

const BASIS = {
  planId: "p",
  purpose: "apply",
  tenant: "contoso.com",
  runId: "r",
  observedAt: "2026-11-23T12:00:00.000Z",
  complete: true,
  usersInScope: 10,
  maxChangePercent: 30,
  maxRemovals: 0,
  maxChanges: null,
  writesBlocked: null,
} as const;

function people(count: number): readonly PlanAction[] {
  return Array.from({ length: count }, (_, at) => action(`user${String(at)}@contoso.com`));
}

describe("limits", () => {
  it("allows exactly the share, and not one user more", () => {
    expect(checkLimits({ ...NONE, usersChanged: 30 })).toEqual([]);
    expect(checkLimits({ ...NONE, usersChanged: 31 })).toMatchObject([{ code: "max-change-percent" }]);
  });

  it("says share, limit, counts and the cure", () => {
    const [refusal] = checkLimits({ ...NONE, usersChanged: 45 });
    expect(refusal?.message).toBe(
      "The plan changes 45 of 100 users in scope (45 %); limits.maxChangePercent allows 30 %.",
    );
    expect(refusal?.cure).toContain("limits.maxChangePercent");
  });

  it("counts shares from ten users up", () => {
    expect(checkLimits({ ...NONE, usersInScope: 9, usersChanged: 9 })).toEqual([]);
    expect(checkLimits({ ...NONE, usersInScope: 10, usersChanged: 4 })).toHaveLength(1);
  });

  it("counts removals and --max-changes", () => {
    expect(checkLimits({ ...NONE, removals: 1 })).toMatchObject([{ code: "max-removals" }]);
    expect(checkLimits({ ...NONE, maxChanges: 2, usersChanged: 3 })).toMatchObject([{ code: "max-changes" }]);
  });

  it("counts a user once, whatever the number of actions", () => {
    const twice = [action("anna@contoso.com"), { ...action("anna@contoso.com"), id: "other" }];
    expect(assemblePlan(BASIS, twice).limits).toMatchObject({ changes: 2, usersChanged: 1, removals: 0 });
  });

  it("an applyable plan passes, one over a limit is refused with exit code 3", () => {
    const head = assemblePlan(BASIS, people(3));
    expect(head).toMatchObject({ applyable: true, expiresAt: "2026-11-24T12:00:00.000Z" });
    expect(() => requireApplyable(head)).not.toThrow();
    const over = assemblePlan(BASIS, people(4));
    expect(over.applyable).toBe(false);
    expect(() => requireApplyable(over)).toThrow(
      expect.objectContaining({ errorClass: "refused", code: "max-change-percent" }),
    );
    expect(underLimits(head, { ...NO_LIMITS, maxChanges: 2 })).toMatchObject({
      applyable: false,
      limits: { maxChanges: 2 },
    });
  });

  it("a policy of the tenant against photo writes forbids plans with photos, not others", () => {
    expect(assemblePlan({ ...BASIS, writesBlocked: "onPremises" }, people(1)).refusals).toMatchObject([
      { code: "writes-blocked" },
    ]);
    expect(assemblePlan({ ...BASIS, writesBlocked: "onPremises" }, []).applyable).toBe(true);
  });

  it("selects parts of a plan by user, rule and store", () => {
    const all = { users: [], rules: [], stores: [] };
    const one = action("Anna@contoso.com");
    expect(isSelected(one, all)).toBe(true);
    expect(isSelected(one, { ...all, users: ["anna@CONTOSO.com"] })).toBe(true);
    expect(isSelected(one, { ...all, users: ["bert@contoso.com"] })).toBe(false);
    expect(isSelected(one, { ...all, rules: ["stale-photo"] })).toBe(false);
    expect(isSelected(one, { ...all, stores: ["entra"] })).toBe(true);
    expect(isSelected(one, { ...all, stores: ["sharepoint"] })).toBe(false);
  });
});
