import { describe, expect, it } from "vitest";
import {
  stateOfAcceptance,
  stateOfDecision,
  withDecisions,
  withKept,
  withOrphanDecision,
} from "../../../src/compare/decisions.js";
import type { ComparedUser } from "../../../src/model/compared.js";
import type { Acceptance, Decision } from "../../../src/model/decision.js";
import type { FindingDraft } from "../../../src/model/finding.js";
import type { ComparedPhoto } from "../../../src/model/photo.js";
import { comparedUser, photo, POLICY, sharePoint, thumbnails } from "../../support/compared-user.js";
import { finding } from "../plan/people.js";

const EXCHANGE = photo("exchange", "stale");
const SEEN = EXCHANGE.observed.kind === "present" ? (EXCHANGE.observed.signature?.sha256 ?? "") : "";
const MASTER = "m".repeat(64);
const LARGE = "L-stale".padEnd(64, "0");

function decision(parts: Partial<Decision> = {}): Decision {
  const by = { by: "Bo", at: "2026-01-01T00:00:00Z" } as const;
  const about = { findingId: "f", address: EXCHANGE.address, userId: "1", rule: "wrong-person" } as const;
  return { ...about, ...by, kind: "fix", seen: SEEN, master: MASTER, ...parts };
}

const user = (parts: Partial<ComparedUser> = {}): ComparedUser =>
  comparedUser({ cloud: [EXCHANGE], sharePoint: sharePoint({ photos: thumbnails("stale") }), ...parts });

const present = (parts: object): ComparedPhoto => ({ ...EXCHANGE, observed: { ...EXCHANGE.observed, ...parts } });

describe("a decision about a picture", () => {
  it.each<[string, Partial<Decision>, Partial<ComparedUser>, string]>([
    ["of the same picture and master", {}, {}, "holds"],
    ["of another picture", { seen: "x" }, {}, "ended"],
    ["of another master", { master: "x" }, {}, "ended"],
    ["of no master where there is one", { master: null }, {}, "ended"],
    ["of no master where there is none", { master: null }, { masterPhoto: null }, "holds"],
    ["of a picture that is gone", {}, { cloud: [photo("exchange", "absent")] }, "ended"],
    ["of a gap that is still there", { seen: "absent" }, { cloud: [photo("exchange", "absent")] }, "holds"],
    ["of a picture that could not be read", {}, { cloud: [photo("exchange", "unreadable")] }, "unknown"],
    ["of a picture that was not looked at", {}, { cloud: [] }, "unknown"],
    ["of a picture known by its etag", { seen: "e" }, { cloud: [present({ signature: null, etag: "e" })] }, "holds"],
    [
      "of a picture without any name",
      { seen: "absent" },
      { cloud: [present({ signature: null, etag: null })] },
      "holds",
    ],
    ["of two stores", { rule: "stores-disagree", seen: `${SEEN} ${LARGE}` }, {}, "holds"],
    ["of two stores of which one changed", { rule: "stores-disagree", seen: `${SEEN} x` }, {}, "ended"],
    [
      "of two stores of which one was not read",
      { rule: "stores-disagree", seen: `${SEEN} x` },
      { sharePoint: sharePoint({ photos: thumbnails("unreadable") }) },
      "unknown",
    ],
    [
      "of two stores of which the other was not read",
      { rule: "stores-disagree", seen: `x ${LARGE}` },
      { cloud: [photo("exchange", "unreadable")] },
      "unknown",
    ],
    ["of a thumbnail", { address: photo("L", "stale").address, seen: LARGE }, {}, "holds"],
  ])("%s", (_, parts, state, wanted) => {
    expect(stateOfDecision(user(state), decision(parts))).toBe(wanted);
  });
});

describe("a picture that was accepted", () => {
  const there = { slot: "exchange", sha256: SEEN, master: MASTER };

  it.each<[string, Partial<Acceptance>, Partial<ComparedUser>, string]>([
    ["of the same picture and master", {}, {}, "holds"],
    ["of another picture", { sha256: "x" }, {}, "ended"],
    ["of another master", { master: "x" }, {}, "ended"],
    ["where there was no master and is one", { master: null }, {}, "ended"],
    ["where there is no master any more", {}, { masterPhoto: null }, "ended"],
    ["where there was none and is none", { master: null }, { masterPhoto: null }, "holds"],
    ["of a picture that is gone", {}, { cloud: [photo("exchange", "absent")] }, "ended"],
    ["of a picture that could not be read", {}, { cloud: [photo("exchange", "unreadable")] }, "unknown"],
    ["of a picture known by its etag alone", {}, { cloud: [present({ signature: null })] }, "unknown"],
    ["of a picture that was not looked at", {}, { cloud: [] }, "unknown"],
    ["of a thumbnail", { slot: "L", sha256: LARGE }, {}, "holds"],
    [
      "of thumbnails that were not looked at",
      { slot: "L" },
      { sharePoint: sharePoint({ observed: false }) },
      "unknown",
    ],
  ])("%s", (_, parts, state, wanted) => {
    expect(stateOfAcceptance(user(state), { ...there, ...parts })).toBe(wanted);
  });

  it("outlives every master where none was noted, as before masters were", () => {
    const old = { slot: "exchange", sha256: SEEN };

    expect(stateOfAcceptance(user(), old)).toBe("holds");
    expect(stateOfAcceptance(user({ masterPhoto: null }), old)).toBe("holds");
    expect(stateOfAcceptance(user(), { ...old, sha256: "x" })).toBe("ended");
  });

  it("is marked while that holds, and only there", () => {
    const marked = (acceptance: Acceptance) =>
      withKept(user({ acceptances: [acceptance] })).cloud.map((one) => one.accepted);

    expect(marked(there)).toEqual([true]);
    expect(marked({ ...there, master: "x" })).toEqual([false]);
    expect(marked({ ...there, slot: "L", sha256: LARGE })).toEqual([false]);
  });
});

describe("pictures that a person keeps", () => {
  const accepted = (of: ComparedUser): readonly boolean[] =>
    [...of.cloud, ...Object.values(of.sharePoint.photos)].map((one) => one.accepted);

  it.each<[string, readonly Decision[], readonly boolean[]]>([
    ["none decided", [], [false, false, false, false]],
    ["the cloud photo", [decision({ kind: "keep" })], [true, false, false, false]],
    [
      "one thumbnail",
      [decision({ kind: "keep", address: photo("L", "stale").address, seen: LARGE })],
      [false, false, false, true],
    ],
    ["one that changed since", [decision({ kind: "keep", seen: "x" })], [false, false, false, false]],
    ["one to be put right", [decision({ kind: "fix" })], [false, false, false, false]],
    ["one to be left", [decision({ kind: "leave" })], [false, false, false, false]],
  ])("are accepted: %s", (_, decisions, wanted) => {
    expect(accepted(withKept(user({ decisions })))).toEqual(wanted);
  });
});

describe("findings that a person decided about", () => {
  const draft = finding("wrong-person", EXCHANGE.address, {
    remedy: { kind: "when-named", actions: ["upload-photo"] },
    summary: "Exchange shows another user.",
  });
  const decided = (parts: Partial<Decision>, from: FindingDraft = draft, state: Partial<ComparedUser> = {}) =>
    withDecisions(user({ decisions: [decision(parts)], ...state }), [from])[0];
  const by = { by: "Bo", at: "2026-01-01T00:00:00Z" };

  it("are put right with the next apply, or shown as left", () => {
    expect(decided({})).toEqual({
      ...draft,
      decided: { kind: "fix", ...by },
      remedy: { kind: "automatic", actions: ["upload-photo"] },
    });
    expect(decided({ kind: "leave" })).toEqual({ ...draft, decided: { kind: "leave", ...by } });
  });

  it("stay as they were where the decision is of another rule, address or picture, or nothing can be done", () => {
    for (const parts of [{ rule: "reframed-photo" }, { address: "entra/x" }, { seen: "x" }] as const)
      expect(decided(parts)).toBe(draft);
    const manual = { ...draft, remedy: { kind: "manual", actions: [] } } as const;
    expect(decided({}, manual)).toBe(manual);
    expect(withDecisions(user(), [draft])[0]).toBe(draft);
  });

  it("of stores that disagree write thumbnails where SharePoint may be written", () => {
    const disagree = finding("stores-disagree", EXCHANGE.address, { remedy: { kind: "manual", actions: [] } });
    const parts = { rule: "stores-disagree", seen: `${SEEN} ${LARGE}` } as const;
    expect(decided(parts, disagree)?.remedy).toEqual({ kind: "automatic", actions: ["write-thumbnail"] });
    const policy = { ...POLICY, sharePointFix: "report-only" } as const;
    expect(decided(parts, disagree, { policy })).toBe(disagree);
  });

  it("that are kept bear the name of whoever decided, but not where the user is pinned", () => {
    const note = { ...draft, rule: "pinned", summary: "Accepted: Exchange shows another user." } as const;
    expect(decided({ kind: "keep" }, note)).toMatchObject({
      decided: { kind: "keep", ...by },
      summary: "Kept as Bo decided: Exchange shows another user.",
    });
    expect(decided({ kind: "keep" }, note, { pinned: true })).toBe(note);
    expect(decided({ kind: "leave" }, note)).toBe(note);
  });
});

describe("files of nobody", () => {
  const address = photo("L", "stale").address;
  const draft = finding("orphan-thumbnail", address, {
    actual: { sha256: "s" },
    remedy: { kind: "when-named", actions: ["delete-thumbnail"] },
    summary: "Nobody's.",
  });
  const about = (parts: Partial<Decision>) =>
    withOrphanDecision(draft, decision({ address, rule: "orphan-thumbnail", seen: "s", master: null, ...parts }));

  it("nobody decided, or about another file: nothing changes", () => {
    expect(withOrphanDecision(draft, null)).toEqual({ draft, state: "unknown" });
    expect(about({ seen: "x" })).toEqual({ draft, state: "ended" });
    expect(about({ master: MASTER })).toEqual({ draft, state: "ended" });
  });

  it("to be deleted, to be left, to be kept", () => {
    expect(about({})).toMatchObject({
      state: "holds",
      draft: { remedy: { kind: "automatic", actions: ["delete-thumbnail"] } },
    });
    expect(about({ kind: "leave" })).toMatchObject({
      state: "holds",
      draft: { decided: { kind: "leave" }, remedy: draft.remedy },
    });
    expect(about({ kind: "keep" })).toMatchObject({
      state: "holds",
      draft: {
        rule: "pinned",
        severity: "info",
        drift: false,
        actual: { sha256: "s", rule: "orphan-thumbnail" },
        remedy: { kind: "none", actions: [] },
        summary: "Kept as Bo decided: Nobody's.",
      },
    });
  });
});
