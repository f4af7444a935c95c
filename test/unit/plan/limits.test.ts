import { describe, expect, it } from "vitest";
import { exchangeAddress, thumbnailAddress } from "../../../src/model/address.js";
import type { PhotodriftError } from "../../../src/model/errors.js";
import type { PlanHead } from "../../../src/model/plan.js";
import type { PlanAction } from "../../../src/model/plan-action.js";
import {
  assemblePlan,
  checkLimits,
  countActions,
  isSelected,
  partOf,
  requireApplyable,
  underLimits,
  verifyPlan,
  type PlanCircumstances,
} from "../../../src/plan/index.js";

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

describe("what a plan touches", () => {
  const thumbnail = { ...action("a@contoso.com", "delete-photo"), action: "delete-thumbnail" } as unknown as PlanAction;
  const properties = { ...action("b@contoso.com"), action: "set-picture-properties" } as unknown as PlanAction;
  const ofNobody = { ...thumbnail, user: null } as unknown as PlanAction;
  const counted = (...actions: readonly PlanAction[]) => {
    const counter = countActions(({ user }) => user?.upn ?? "");
    for (const one of actions) counter.add(one);
    return counter.counts();
  };

  it.each<[string, readonly PlanAction[], object]>([
    ["nothing", [], { changes: 0, removals: 0, usersChanged: 0, photoWrites: 0 }],
    ["an upload", [action("a@contoso.com")], { changes: 1, removals: 0, usersChanged: 1, photoWrites: 1 }],
    [
      "a photo that is taken away",
      [action("a@contoso.com", "delete-photo")],
      { changes: 1, removals: 1, usersChanged: 1, photoWrites: 1 },
    ],
    ["a thumbnail that is taken away", [thumbnail], { changes: 1, removals: 1, usersChanged: 1, photoWrites: 0 }],
    ["properties", [properties], { changes: 1, removals: 0, usersChanged: 1, photoWrites: 0 }],
    ["a file of nobody", [ofNobody], { changes: 1, removals: 1, usersChanged: 0, photoWrites: 0 }],
    [
      "two of one user, and another's",
      [action("a@contoso.com"), thumbnail, properties],
      { changes: 3, removals: 1, usersChanged: 2, photoWrites: 1 },
    ],
  ])("%s", (_, actions, wanted) => {
    expect(counted(...actions)).toEqual(wanted);
  });
});

describe("limits", () => {
  it("a limit that is not set is none, and what is taken away is counted in words", () => {
    const none = { ...NONE, maxChangePercent: null, maxRemovals: null, removals: 9, usersChanged: 100 };
    expect(checkLimits(none)).toEqual([]);
    const words = (removals: number, maxRemovals: number) =>
      checkLimits({ ...NONE, removals, maxRemovals })[0]?.message;
    expect(words(1, 0)).toBe("The plan takes away 1 picture; limits.maxRemovals allows 0.");
    expect(words(3, 2)).toBe("The plan takes away 3 pictures; limits.maxRemovals allows 2.");
    expect(words(2, 2)).toBeUndefined();
  });

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
    const all = { users: [], members: null, rules: [], stores: [] };
    const one = action("Anna@contoso.com");
    expect(isSelected(one, all)).toBe(true);
    expect(isSelected(one, { ...all, users: ["anna@CONTOSO.com"] })).toBe(true);
    expect(isSelected(one, { ...all, users: ["bert@contoso.com"] })).toBe(false);
    expect(isSelected(one, { ...all, rules: ["stale-photo"] })).toBe(false);
    expect(isSelected(one, { ...all, stores: ["entra"] })).toBe(true);
    expect(isSelected(one, { ...all, stores: ["sharepoint"] })).toBe(false);
  });
});

describe("a plan under today's limits", () => {
  const LIMITS = { maxChangePercent: 50, maxRemovals: 3, maxChanges: 20 };
  const head = assemblePlan({ ...BASIS, ...LIMITS, usersInScope: 100 }, people(12));
  const codes = (today: Partial<Parameters<typeof underLimits>[1]>, of = head): readonly string[] =>
    underLimits(of, { ...NO_LIMITS, ...today }).refusals.map(({ code }) => code);

  it.each<[string, Partial<Parameters<typeof underLimits>[1]>, Partial<typeof LIMITS>]>([
    ["without limits of today its own hold", {}, LIMITS],
    ["the stricter share", { maxChangePercent: 20 }, { ...LIMITS, maxChangePercent: 20 }],
    ["its own share where today's is wider", { maxChangePercent: 80 }, LIMITS],
    ["the stricter number of removals", { maxRemovals: 0 }, { ...LIMITS, maxRemovals: 0 }],
    ["the stricter number of changes", { maxChanges: 12 }, { ...LIMITS, maxChanges: 12 }],
  ])("%s", (_, today, limits) => {
    expect(underLimits(head, { ...NO_LIMITS, ...today })).toMatchObject({ limits, applyable: true, refusals: [] });
  });

  it("a limit of today holds where it had none", () => {
    const free = assemblePlan({ ...BASIS, maxChangePercent: null, maxRemovals: null, maxChanges: null }, people(12));
    expect(underLimits(free, { ...NO_LIMITS, ...LIMITS }).limits).toMatchObject(LIMITS);
  });

  it("the share is taken of today's users too, and each limit is told once", () => {
    expect(codes({ usersInScope: 100 })).toEqual([]);
    expect(codes({ usersInScope: 20 })).toEqual(["max-change-percent"]);
    expect(codes({ usersInScope: 20, maxChanges: 11 })).toEqual(["max-changes", "max-change-percent"]);
    expect(codes({ usersInScope: 100, maxChangePercent: 10 })).toEqual(["max-change-percent"]);
    expect(codes({ usersInScope: 20, maxChangePercent: 10 })).toEqual(["max-change-percent"]);
    expect(underLimits(head, { ...NO_LIMITS, usersInScope: 20 })).toMatchObject({
      applyable: false,
      limits: { usersInScope: 100 },
    });
  });

  it("the tenant's policy still stands against it, a limit that was raised does not", () => {
    const refused = assemblePlan(
      { ...BASIS, maxChanges: 1, maxChangePercent: null, writesBlocked: "onPremises" },
      people(2),
    );
    expect(refused.refusals.map(({ code }) => code)).toEqual(["max-changes", "writes-blocked"]);
    expect(codes({}, refused)).toEqual(["max-changes", "writes-blocked"]);
    const raised = { ...refused, limits: { ...refused.limits, maxChanges: null } };
    expect(codes({}, raised)).toEqual(["writes-blocked"]);
  });

  it("counts the photo writes that the policy forbids", () => {
    const told = (count: number) => assemblePlan({ ...BASIS, writesBlocked: "onPremises" }, people(count)).refusals;
    expect(told(1).at(-1)?.message).toContain("the 1 photo write of");
    expect(told(2).at(-1)?.message).toContain("the 2 photo writes of");
  });

  it("an exceeded plan is refused with every reason, and each cure once", () => {
    const over = assemblePlan({ ...BASIS, maxChanges: 1, writesBlocked: "onPremises" }, people(12));
    expect(over.refusals).toHaveLength(3);
    const twice = { ...over, refusals: [...over.refusals, ...over.refusals] };
    const refusal = (() => {
      try {
        requireApplyable(twice);
        return null;
      } catch (error) {
        return error as PhotodriftError;
      }
    })();
    for (const { message, cure } of over.refusals) {
      expect(refusal?.message).toContain(message);
      expect(refusal?.hint.split(cure)).toHaveLength(2);
    }
    expect(refusal).toMatchObject({ code: over.refusals[0]?.code, errorClass: "refused" });
  });
});

describe("the selected part of a plan", () => {
  const ALL = { users: [], members: null, rules: [], stores: [] } as const;
  const photo = action("anna@contoso.com");
  const removal = action("anna@contoso.com", "delete-photo");
  const thumbnail = {
    ...photo,
    action: "write-thumbnail",
    address: thumbnailAddress("anna@contoso.com", "L"),
  } as PlanAction;
  const nobody = { ...thumbnail, user: null } as PlanAction;
  const byId = { ...photo, user: { id: "ID-1", upn: "Anna@contoso.com", displayName: "" } } as PlanAction;

  it.each<[string, PlanAction, Parameters<typeof isSelected>[1], boolean]>([
    ["one of several users", photo, { ...ALL, users: ["x@y.z", "anna@contoso.com"] }, true],
    ["a user by object id in any case", byId, { ...ALL, users: ["id-1"] }, true],
    ["a user by UPN in any case", byId, { ...ALL, users: ["ANNA@contoso.com"] }, true],
    ["a member of a group", byId, { ...ALL, members: new Set(["ID-1"]) }, true],
    ["a user who is no member", byId, { ...ALL, members: new Set(["ID-2"]) }, false],
    ["anybody of an empty group", byId, { ...ALL, members: new Set() }, false],
    ["nobody's file among members", nobody, { ...ALL, members: new Set(["ID-1"]) }, false],
    ["nobody's file among users", nobody, { ...ALL, users: ["anna@contoso.com"] }, false],
    ["nobody's file", nobody, ALL, true],
    ["a photo by the other cloud store", photo, { ...ALL, stores: ["entra"] }, true],
    ["a removal by a cloud store", removal, { ...ALL, stores: ["exchange"] }, true],
    ["a removal by the other cloud store", removal, { ...ALL, stores: ["entra"] }, true],
    ["a removal by SharePoint", removal, { ...ALL, stores: ["sharepoint"] }, false],
    ["a photo by one of several stores", photo, { ...ALL, stores: ["sharepoint", "entra"] }, true],
    ["a thumbnail by its store", thumbnail, { ...ALL, stores: ["sharepoint"] }, true],
    ["a thumbnail by a cloud store", thumbnail, { ...ALL, stores: ["entra", "exchange"] }, false],
    ["one of several rules", photo, { ...ALL, rules: ["stale-photo", "missing-photo"] }, true],
    ["another rule", photo, { ...ALL, rules: ["stale-photo"] }, false],
  ])("%s", (_, one, selection, isIn) => {
    expect(isSelected(one, selection)).toBe(isIn);
  });
});

describe("a part of a plan", () => {
  const whole = (writesBlocked: string | null) => {
    const removal = action("user1@contoso.com", "delete-photo");
    const thumbnail = {
      ...action("zoe@contoso.com"),
      action: "write-thumbnail",
      address: thumbnailAddress("zoe@contoso.com", "L"),
    } as PlanAction;
    const actions = [...people(12), removal, thumbnail];
    const head = assemblePlan({ ...BASIS, usersInScope: 20, writesBlocked }, actions);
    return { head, digest: "d", actions: () => actions };
  };
  const part = (upns: readonly string[], writesBlocked: string | null = null) =>
    partOf(whole(writesBlocked), ({ user }) => upns.includes(user?.upn ?? ""));

  it("is counted by itself, and refused for what it holds alone", () => {
    expect(whole(null).head.refusals.map(({ code }) => code)).toEqual(["max-change-percent", "max-removals"]);
    const two = part(["user0@contoso.com", "user2@contoso.com"]);
    expect([...two.actions()].map(({ user }) => user?.upn)).toEqual(["user0@contoso.com", "user2@contoso.com"]);
    expect(two.head).toMatchObject({
      applyable: true,
      refusals: [],
      limits: { changes: 2, removals: 0, usersChanged: 2, usersInScope: 20, maxChangePercent: 30, maxRemovals: 0 },
    });
    expect(part(["user1@contoso.com"]).head.refusals.map(({ code }) => code)).toEqual(["max-removals"]);
    expect(part([]).head).toMatchObject({ applyable: true, limits: { changes: 0, usersChanged: 0 } });
  });

  it("is held back by the tenant's photo policy only where it writes photos", () => {
    expect(part(["user0@contoso.com"], "onPremises").head.refusals).toMatchObject([{ code: "writes-blocked" }]);
    expect(part(["zoe@contoso.com"], "onPremises").head.applyable).toBe(true);
  });
});

describe("a plan out of a file", () => {
  const head = assemblePlan({ ...BASIS, usersInScope: 3 }, [...people(2), action("user1@contoso.com", "delete-photo")]);
  const NOW: PlanCircumstances = {
    tenant: "CONTOSO.com",
    now: Date.parse(head.expiresAt) - 1,
    digest: "d",
    lastOtherWrite: null,
    proved: true,
    counted: { changes: 3, removals: 1, usersChanged: 2 },
  };
  const codeOf = (part: Partial<PlanCircumstances>, of: Partial<PlanHead> = {}): string => {
    try {
      verifyPlan({ ...head, ...of }, "d", { ...NOW, ...part });
      return "accepted";
    } catch (error) {
      return (error as PhotodriftError).code;
    }
  };
  const counted = (part: Partial<PlanCircumstances["counted"]>) => ({ counted: { ...NOW.counted, ...part } });

  it.each<[string, string, Partial<PlanCircumstances>, Partial<PlanHead>?]>([
    ["as it was made", "accepted", {}],
    ["with another digest", "plan-edited", { digest: "e" }],
    ["of an undo", "plan-undo", {}, { purpose: "undo" }],
    ["with an action more", "plan-miscounted", counted({ changes: 4 })],
    ["with a removal more", "plan-miscounted", counted({ removals: 2 })],
    ["with a user more", "plan-miscounted", counted({ usersChanged: 3 })],
    ["with more users than there are", "plan-miscounted", {}, { limits: { ...head.limits, usersInScope: 1 } }],
    ["with just as many users as there are", "accepted", {}, { limits: { ...head.limits, usersInScope: 2 } }],
    ["that nothing proves", "plan-unproved", { proved: false }],
    ["of another tenant", "plan-other-tenant", { tenant: "fabrikam.com" }],
    ["in its last moment", "plan-expired", { now: Date.parse(head.expiresAt) }],
    ["of no known end", "plan-expired", {}, { expiresAt: "never" }],
    ["after a write before it", "accepted", { lastOtherWrite: "2026-11-23T11:59:59.999Z" }],
    ["after a write at its moment", "accepted", { lastOtherWrite: BASIS.observedAt }],
    ["after a write since", "plan-overtaken", { lastOtherWrite: "2026-11-23T12:00:00.001Z" }],
  ])("%s: %s", (_, code, part, of) => {
    expect(codeOf(part, of)).toBe(code);
  });

  it("shows no more of digests than tells them apart", () => {
    const long = "0123456789abcdef";
    expect(() => verifyPlan(head, long, { ...NOW, digest: `x${long}` })).toThrow(/0123456789ab….*x0123456789a…/);
  });
});
