import { describe, expect, it } from "vitest";
import { checkUser } from "../../../src/compare/rules/index.js";
import type { ComparedUser } from "../../../src/model/compared.js";
import type { FindingDraft } from "../../../src/model/finding.js";
import type { RuleId } from "../../../src/model/rule.js";
import {
  ANNA,
  comparedUser,
  directoryUser,
  photo,
  POLICY,
  sharePoint,
  thumbnails,
  verdict,
} from "../../support/compared-user.js";

/* What one store says of another: users without a mailbox, stores that differ, photos in spite of withdrawn consent. */

const of = (rule: RuleId, state: Partial<ComparedUser>): readonly FindingDraft[] =>
  checkUser(comparedUser(state)).filter((finding) => finding.rule === rule);

describe("a SharePoint licence without a mailbox", () => {
  const rule = "license-without-mailbox";
  const user = directoryUser({ licences: { mailbox: false, sharePoint: true } });
  const large = (L: ReturnType<typeof photo>, rest = thumbnails("right")): Partial<ComparedUser> => ({
    user,
    cloud: [photo("entra", "right")],
    sharePoint: sharePoint({ photos: { ...rest, L } }),
  });
  const upscaled = verdict("same", { upscaled: true });

  it.each<[string, Partial<ComparedUser>, number]>([
    ["all right", large(photo("L", "right")), 0],
    ["one is missing", large(photo("L", "absent")), 1],
    ["one shows another picture", large(photo("L", "stale")), 1],
    ["one shows a silhouette", large(photo("L", "placeholder")), 1],
    ["one is framed otherwise", large(photo("L", "reframed")), 0],
    ["one could not be read", large(photo("L", "unreadable")), 0],
    ["one was never judged", large(photo("L", "unjudged")), 0],
    ["one has too few pixels", large(photo("L", "right", { side: 150 })), 1],
    ["one was blown up", large(photo("L", "right", { verdict: upscaled })), 1],
    [
      "one has too few pixels and another is missing",
      large(photo("L", "right", { side: 150 }), { ...thumbnails("right"), S: photo("S", "absent") }),
      2,
    ],
    ["another picture was accepted", large(photo("L", "stale", { accepted: true })), 0],
    ["a small one was accepted", large(photo("L", "right", { side: 150, accepted: true })), 0],
    [
      "the directory's own is not square",
      { ...large(photo("L", "right")), cloud: [photo("entra", "right", { side: 600, height: 300 })] },
      0,
    ],
  ])("%s", (_, state, wrong) => {
    const [draft] = of(rule, state);
    expect(draft).toMatchObject({
      address: `sharepoint/${ANNA}/profile`,
      drift: wrong > 0,
      severity: wrong > 0 ? "warning" : "info",
      expected: { mailbox: true },
      actual: { mailbox: false, thumbnailsWrong: wrong },
    });
    expect(draft?.remedy.kind).toBe(wrong > 0 ? "when-named" : "none");
  });

  it.each<[string, Partial<ComparedUser>]>([
    ["there is a mailbox", { user: directoryUser() }],
    ["there is no licence of SharePoint", { user: directoryUser({ licences: { mailbox: false, sharePoint: false } }) }],
    ["there is no master", { user, masterPhoto: null }],
    ["SharePoint was not looked at", { user, sharePoint: sharePoint({ observed: false }) }],
  ])("nothing where %s", (_, state) => {
    expect(of(rule, state)).toEqual([]);
  });
});

describe("stores that show different pictures", () => {
  const differ: Partial<ComparedUser> = {
    master: { kind: "none" },
    masterPhoto: null,
    cloud: [photo("exchange", "unjudged")],
    sharePoint: sharePoint({ photos: thumbnails("unjudged") }),
    storesAgree: false,
  };

  it("tells both pictures, and copies one only where the rule is named", () => {
    const [draft] = of("stores-disagree", differ);
    expect(draft).toMatchObject({
      address: `exchange/${ANNA}`,
      expected: { samePictureAs: `sharepoint/${ANNA}/LThumb` },
      actual: { cloud: { photo: "present", width: 648 }, sharePoint: { photo: "present", width: 200 } },
      remedy: { kind: "manual", actions: [] },
    });
    const named = of("stores-disagree", { ...differ, policy: { ...POLICY, namedRules: ["stores-disagree"] } });
    expect(named[0]?.remedy).toEqual({ kind: "automatic", actions: ["write-thumbnail"] });
  });

  it.each<[string, Partial<ComparedUser>]>([
    ["a master decides", { ...differ, masterPhoto: comparedUser().masterPhoto }],
    ["they agree", { ...differ, storesAgree: true }],
    ["nobody compared them", { ...differ, storesAgree: null }],
    ["there is no cloud photo to compare", { ...differ, cloud: [] }],
  ])("nothing where %s", (_, state) => {
    expect(of("stores-disagree", state)).toEqual([]);
  });
});

describe("findings tell what was expected and what is there", () => {
  const silhouette = (identity: { kind: "shared"; accounts: number } | null) =>
    of("placeholder-image", { cloud: [photo("exchange", "placeholder", { identity })] })[0];

  it("a photo in spite of withdrawn consent", () => {
    expect(of("consent-withdrawn", {})).toEqual([]);
    const [draft] = of("consent-withdrawn", { consentWithdrawn: true });
    expect(draft).toMatchObject({ expected: { photo: "absent" }, actual: { photo: "present" } });
  });

  it("a silhouette, and a picture on several accounts", () => {
    expect(silhouette(null)?.summary).toBe("Exchange holds a placeholder, not a photo.");
    expect(silhouette({ kind: "shared", accounts: 7 })?.summary).toBe(
      "Exchange shows a picture that stands on 7 accounts.",
    );
  });

  it("a user without a master", () => {
    const [draft] = of("user-without-master", { master: { kind: "none" }, masterPhoto: null });
    expect(draft).toMatchObject({ expected: { master: "a file that fits the user" }, actual: { master: null } });
  });

  it("a user whose pictures are in another geography", () => {
    expect(of("user-elsewhere", {})).toEqual([]);
    const [draft] = of("user-elsewhere", { sharePoint: sharePoint({ elsewhere: "contosoeur-my.sharepoint.com" }) });
    expect(draft).toMatchObject({
      expected: { host: "this geography" },
      actual: { host: "contosoeur-my.sharepoint.com" },
    });
  });

  it("a photo that is missing in one of two clouds is not missing", () => {
    const cloud = [photo("entra", "absent"), photo("exchange", "right")];
    expect(of("missing-photo", { cloud })).toEqual([]);
    expect(of("missing-photo", { cloud: [] })).toEqual([]);
  });

  it("a missing thumbnail is not the master's business where the master cannot be used", () => {
    const photos = { ...thumbnails("right"), S: photo("S", "absent") };
    const masterPhoto = { ...comparedUser().masterPhoto, kind: "unreadable" } as never;
    expect(of("missing-thumbnail", { masterPhoto, sharePoint: sharePoint({ photos }) })).toEqual([]);
  });

  const colour = { changedShare: 0.2, spot: 9, lightness: 1, contrast: 1, cast: 0, saturation: 1 };
  const evidenceOf = (parts: object) =>
    verdict("recoloured", { evidence: { ...verdict("recoloured").evidence, ...parts } });
  it.each<[string, ReturnType<typeof verdict>, string, object]>([
    ["in other colours", evidenceOf({ colour }), "in other colours or tones", {}],
    [
      "as an older master had a part of it",
      evidenceOf({ colour, older: "o" }),
      "retouched otherwise",
      { olderMaster: "o" },
    ],
    [
      "with other detail in a part",
      evidenceOf({ colour: { ...colour, texture: 0.12345 } }),
      "retouched otherwise",
      { colour: { changedShare: 0.2, texture: 0.123 } },
    ],
  ])("the master %s", (_, seen, words, evidence) => {
    const [draft] = of("stale-photo", { cloud: [photo("exchange", "recoloured", { verdict: seen })] });
    expect(draft?.summary).toContain(words);
    expect(draft?.actual).toMatchObject({ shows: "recoloured", evidence });
    const told = draft?.actual["evidence"] as Readonly<Record<string, object>>;
    expect("olderMaster" in told).toBe("olderMaster" in evidence);
    expect("texture" in (told["colour"] ?? {})).toBe("colour" in evidence);
  });

  it("a picture that is none of the master's is not retouched", () => {
    const other = verdict("different", { evidence: { ...verdict("different").evidence, older: "o" } });
    const [draft] = of("stale-photo", { cloud: [photo("exchange", "stale", { verdict: other })] });
    expect(draft?.summary).toContain("another picture than the master");
  });
});
