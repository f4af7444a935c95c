import { describe, expect, it } from "vitest";
import { exchangeAddress } from "../../../src/model/address.js";
import type { Acceptance, Decision } from "../../../src/model/decision.js";
import type { PlanAction } from "../../../src/model/plan-action.js";
import { decisionsToday } from "../../../src/run/today/decisions.js";

const UPN = "anna@contoso.com";
const SEEN = "a".repeat(64);
const OTHER = "b".repeat(64);
const MASTER = "c".repeat(64);

const ACTION: PlanAction = {
  id: "a1",
  action: "upload-photo",
  address: exchangeAddress(UPN),
  user: { id: "00000000-0000-0000-0000-00000000000a", upn: UPN, displayName: "Anna" },
  because: "wrong-person",
  decidedBy: "Eva",
  before: { photo: "present", etag: '"e1"', width: 648, height: 648, bytes: 9, sha256: SEEN },
  after: {
    photo: "present",
    sourceSha256: MASTER,
    source: { kind: "master", file: "anna.jpg", crop: { left: 0, top: 0, width: 8, height: 8 } },
    maxBytes: 100,
  },
  precondition: { kind: "present", etag: '"e1"', fingerprint: SEEN },
};
const DECISION: Decision = {
  findingId: "f",
  address: exchangeAddress(UPN),
  userId: "00000000-0000-0000-0000-00000000000a",
  rule: "wrong-person",
  kind: "fix",
  seen: SEEN,
  master: MASTER,
  by: "Eva",
  at: "2026-11-24T08:00:00.000Z",
};

function today(decisions: readonly Decision[], acceptances: readonly Acceptance[] = []) {
  const { decidedFix, wanted } = decisionsToday({
    decisionsOf: () => decisions,
    decisionAt: (address, rule) => decisions.find((one) => one.address === address && one.rule === rule) ?? null,
    acceptances: () => acceptances,
  });
  return (action: PlanAction) => [decidedFix(action), wanted(action)];
}

describe("what people want of an action that was planned before", () => {
  it.each<[string, Partial<Decision> | null, readonly [boolean, boolean]]>([
    ["nothing any more", null, [false, false]],
    ["that it is put right", {}, [true, false]],
    ["that another finding is put right", { rule: "reframed-photo" }, [false, false]],
    ["to keep what stands there", { kind: "keep" }, [false, true]],
    ["to keep it, called by its etag", { kind: "keep", seen: '"e1"' }, [false, true]],
    ["to keep it, by a finding about two stores", { kind: "keep", seen: `${OTHER} ${SEEN}` }, [false, true]],
    ["to keep it, by whatever rule", { kind: "keep", rule: "stores-disagree" }, [false, true]],
    ["to have kept another picture", { kind: "keep", seen: OTHER }, [false, false]],
    ["to have kept it before there was this master", { kind: "keep", master: OTHER }, [false, false]],
    ["to keep what stands elsewhere", { kind: "keep", address: "entra/anna@contoso.com" }, [false, false]],
    ["to leave it", { kind: "leave" }, [false, true]],
    ["to leave it, as another rule told it", { kind: "leave", rule: "reframed-photo" }, [false, false]],
  ])("%s", (_, part, expected) => {
    expect(today(part === null ? [] : [{ ...DECISION, ...part }])(ACTION)).toEqual(expected);
  });

  it.each<[string, Acceptance, boolean]>([
    ["the picture", { slot: "exchange", sha256: SEEN, master: MASTER }, true],
    ["it, when no master was noted", { slot: "exchange", sha256: SEEN }, true],
    ["it, before there was this master", { slot: "exchange", sha256: SEEN, master: OTHER }, false],
    ["another picture", { slot: "exchange", sha256: OTHER, master: MASTER }, false],
    ["the same picture elsewhere", { slot: "entra", sha256: SEEN, master: MASTER }, false],
  ])("accepted: %s", (_, acceptance, expected) => {
    expect(today([], [acceptance])(ACTION)).toEqual([false, expected]);
  });

  it("keeps the picture that was taken away, away", () => {
    const put = { ...ACTION, before: { photo: "absent" }, precondition: { kind: "absent" } } as PlanAction;
    expect(today([{ ...DECISION, kind: "keep", seen: "absent" }])(put)).toEqual([false, true]);
    expect(today([{ ...DECISION, kind: "keep" }])(put)).toEqual([false, false]);
  });

  it("says nothing of properties, and asks of nobody's files by their address", () => {
    const properties = {
      ...ACTION,
      action: "set-picture-properties",
      before: { properties: {} },
      after: { properties: { PictureURL: "x" } },
    } as unknown as PlanAction;
    expect(today([{ ...DECISION, kind: "keep" }])(properties)).toEqual([false, false]);
    expect(today([DECISION])({ ...ACTION, user: null })).toEqual([true, false]);
    expect(today([{ ...DECISION, rule: "orphan-thumbnail" }])({ ...ACTION, user: null })).toEqual([false, false]);
  });
});
