import { masterSha, showsLastApplied, pictureOf, standsByPolicy } from "../../../src/model/picture.js";
import { describe, expect, it } from "vitest";
import { causeOf } from "../../../src/compare/cause.js";
import {
  cloudPhotoOf,
  hasUsableMaster,
  isConfirmedEverywhere,
  isMasterTooSmall,
  isPropagating,
  photosOf,
  thumbnailsOf,
} from "../../../src/compare/picture.js";
import { actualPhoto, expectedMaster, isAutomatic, pictureRemedy, placeName } from "../../../src/compare/words.js";
import type { ComparedUser, RulePolicy } from "../../../src/model/compared.js";
import type { LastApplied } from "../../../src/model/last-applied.js";
import type { ComparedPhoto, PhotoIdentity } from "../../../src/model/photo.js";
import {
  comparedUser,
  directoryUser,
  master,
  NOW,
  photo,
  POLICY,
  sharePoint,
  thumbnails,
  unsuitableMaster,
  verdict,
} from "../../support/compared-user.js";

const MASTER = "m".repeat(64);
const OTHER: PhotoIdentity = {
  kind: "other-user",
  userId: "x" as never,
  upn: "bert@contoso.com",
  displayName: "Bert",
  file: "bert.jpg",
  retired: false,
};
const RETIRED: PhotoIdentity = { kind: "own-retired", sha256: "o".repeat(64) };
const policy = (parts: Partial<RulePolicy>): Partial<ComparedUser> => ({ policy: { ...POLICY, ...parts } });

function applied(parts: Partial<LastApplied> = {}): LastApplied {
  const { address } = photo("exchange", "right");
  const at = "2026-01-01T00:00:00Z";
  return {
    address,
    masterSha256: MASTER,
    action: "upload-photo",
    at,
    etag: "etag-exchange",
    readBackSha256: null,
    ...parts,
  };
}

describe("whether the store shows what we last put there", () => {
  const shown = "exchange-stale".padEnd(64, "0");
  it.each<[string, ComparedPhoto, boolean]>([
    ["nothing was put there", photo("exchange", "stale"), false],
    ["the etag of then", photo("exchange", "stale", { lastApplied: applied() }), true],
    ["another etag", photo("exchange", "stale", { lastApplied: applied({ etag: "x" }) }), false],
    [
      "another etag, the bytes of then",
      photo("exchange", "stale", { lastApplied: applied({ etag: "x", readBackSha256: shown }) }),
      true,
    ],
    [
      "no etag, other bytes",
      photo("exchange", "stale", { lastApplied: applied({ etag: null, readBackSha256: "x" }) }),
      false,
    ],
    ["gone", photo("exchange", "absent", { lastApplied: applied() }), false],
  ])("%s", (_, one, shows) => {
    expect(showsLastApplied(one)).toBe(shows);
  });
});

describe("how a fault came about", () => {
  const elsewhere = applied({ etag: "x" });
  const older = applied({ masterSha256: "o".repeat(64) });
  it.each<[string, ComparedPhoto, string]>([
    ["we never wrote", photo("exchange", "stale"), "never-synced"],
    [
      "we never wrote, and an older master is shown",
      photo("exchange", "stale", { identity: RETIRED }),
      "master-changed",
    ],
    ["we wrote, and it is gone", photo("exchange", "absent", { lastApplied: applied() }), "changed-in-tenant"],
    ["we wrote this master, and it stands", photo("exchange", "stale", { lastApplied: applied() }), "unknown"],
    [
      "we wrote this master, and something else stands",
      photo("exchange", "stale", { lastApplied: elsewhere }),
      "changed-in-tenant",
    ],
    ["we wrote another master, and it stands", photo("exchange", "stale", { lastApplied: older }), "master-changed"],
    [
      "we wrote another master, and an older one is shown",
      photo("exchange", "stale", { lastApplied: { ...older, etag: "x" }, identity: RETIRED }),
      "master-changed",
    ],
    [
      "we wrote another master, and something else is shown",
      photo("exchange", "stale", { lastApplied: { ...older, etag: "x" } }),
      "changed-in-tenant",
    ],
  ])("%s: %s", (_, one, cause) => {
    expect(causeOf(comparedUser(), one)).toBe(cause);
    expect(causeOf(comparedUser({ masterPhoto: null }), one)).toBe("unknown");
  });

  it("an unsuitable master is none", () => {
    expect(masterSha(comparedUser())).toBe(MASTER);
    expect(masterSha(comparedUser({ masterPhoto: unsuitableMaster() }))).toBeNull();
  });
});

describe("what a picture is, in the order of precedence", () => {
  const named = (kind: "different" | "recoloured" | "placeholder" | "same", identity: PhotoIdentity | null) =>
    photo("exchange", "stale", { verdict: verdict(kind), identity });
  it.each<[string, ComparedPhoto, object]>([
    ["none", photo("exchange", "absent"), { kind: "absent" }],
    ["not read", photo("exchange", "unreadable"), { kind: "unknown" }],
    ["not looked at", photo("exchange", "not-looked-at"), { kind: "unknown" }],
    [
      "ours, whatever it looks like",
      photo("exchange", "stale", { lastApplied: applied(), identity: OTHER }),
      { kind: "right", verdict: null },
    ],
    ["the master", named("same", OTHER), { kind: "right" }],
    ["the master in other colours", named("recoloured", OTHER), { kind: "stale", why: "recoloured" }],
    ["another user's", named("placeholder", OTHER), { kind: "wrong-person" }],
    [
      "one that many share",
      named("placeholder", { kind: "shared", accounts: 7 }),
      { kind: "placeholder", accounts: 7 },
    ],
    ["a placeholder", named("placeholder", null), { kind: "placeholder", accounts: null }],
    ["an own older one", named("different", RETIRED), { kind: "stale", why: "own-retired" }],
    ["not judged", photo("exchange", "unjudged"), { kind: "unjudged" }],
    ["mirrored", photo("exchange", "mirrored"), { kind: "stale", why: "mirrored" }],
    ["reframed", photo("exchange", "reframed"), { kind: "reframed" }],
    ["another one", photo("exchange", "stale"), { kind: "stale", why: "unknown" }],
  ])("%s", (_, one, wanted) => {
    expect(pictureOf(comparedUser(), one)).toMatchObject(wanted);
  });

  it.each(["stale", "mirrored", "reframed"] as const)("without a usable master, %s is not judged", (seen) => {
    for (const masterPhoto of [null, unsuitableMaster()])
      expect(pictureOf(comparedUser({ masterPhoto }), photo("exchange", seen, { identity: RETIRED }))).toEqual({
        kind: "unjudged",
      });
  });

  it("a thumbnail is not missing where the profile, which says where it lies, could not be read", () => {
    const error = { code: "x", message: "x", hint: "x" };
    const unread = comparedUser({ sharePoint: sharePoint({ profile: { kind: "unreadable", error } }) });
    expect(pictureOf(unread, photo("S", "absent"))).toEqual({ kind: "unknown" });
    expect(pictureOf(unread, photo("exchange", "absent"))).toEqual({ kind: "absent" });
    expect(pictureOf(comparedUser(), photo("S", "absent"))).toEqual({ kind: "absent" });
  });
});

describe("what there is to be judged", () => {
  it("cloud photos first; thumbnails only where SharePoint was looked at", () => {
    const away = comparedUser({ sharePoint: sharePoint({ observed: false }) });
    expect(photosOf(comparedUser()).map(({ store }) => store)).toEqual([
      "exchange",
      "sharepoint",
      "sharepoint",
      "sharepoint",
    ]);
    expect(photosOf(away).map(({ store }) => store)).toEqual(["exchange"]);
    expect(thumbnailsOf(comparedUser()).map(placeName)).toEqual(
      ["S", "M", "L"].map((size) => `SharePoint's ${size} thumbnail`),
    );
    expect(thumbnailsOf(away)).toEqual([]);
    expect(cloudPhotoOf(comparedUser())?.store).toBe("exchange");
    expect(cloudPhotoOf(comparedUser({ cloud: [] }))).toBeNull();
    expect([photo("exchange", "right"), photo("entra", "right")].map(placeName)).toEqual(["Exchange", "Entra ID"]);
  });

  it.each<[string, Parameters<typeof master>[0], boolean]>([
    ["240 x 240", { width: 240, height: 240 }, false],
    ["239 x 800", { width: 239, height: 800 }, true],
    ["800 x 239", { width: 800, height: 239 }, true],
  ])("a master of %s is too small: %s", (_, size, small) => {
    const user = comparedUser({ masterPhoto: master(size) });
    expect([isMasterTooSmall(user), hasUsableMaster(user)]).toEqual([small, !small]);
  });

  it("no master is neither usable nor too small", () => {
    for (const masterPhoto of [null, unsuitableMaster()]) {
      const user = comparedUser({ masterPhoto });
      expect([isMasterTooSmall(user), hasUsableMaster(user)]).toEqual([false, false]);
    }
  });
});

describe("whether a thumbnail is on its way (facts/sharepoint.md section 8)", () => {
  const HOUR = 3_600_000;
  const changed = (hoursAgo: number, by: "others" | "photodrift" = "others") =>
    ({ cloudChange: { at: new Date(NOW - hoursAgo * HOUR).toISOString(), by } }) as const;
  const before = photo("L", "stale", { showsPrevious: true });
  const waits = policy({ sharePointFix: "wait-for-sync" });
  const noMailbox = { user: directoryUser({ licences: { ...directoryUser().licences, mailbox: false } }) };
  it.each<[string, Partial<ComparedUser>, ComparedPhoto, boolean]>([
    ["others changed the cloud photo just now", changed(0), before, true],
    ["others changed it almost 72 hours ago", changed(71.999), before, true],
    ["others changed it 72 hours ago", changed(72), before, false],
    ["they will have changed it tomorrow", changed(-1), before, false],
    ["nobody ever changed it", {}, before, false],
    ["we changed it", changed(1, "photodrift"), before, false],
    ["we changed it, and SharePoint alone writes thumbnails", { ...changed(1, "photodrift"), ...waits }, before, true],
    ["it is not the picture from before", changed(1), photo("L", "stale"), false],
    ["there is none", changed(1), photo("L", "absent"), false],
    ["there is none, and SharePoint alone writes thumbnails", { ...changed(1), ...waits }, photo("L", "absent"), true],
    ["it is the cloud photo itself", changed(1), photo("exchange", "stale", { showsPrevious: true }), false],
    ["the user has no mailbox", { ...changed(1), ...noMailbox }, before, false],
    ["there is no cloud photo", { ...changed(1), cloud: [] }, before, false],
    ["the cloud photo is wrong", { ...changed(1), cloud: [photo("exchange", "stale")] }, before, false],
  ])("%s", (_, state, one, wanted) => {
    expect(isPropagating(comparedUser(state), one)).toBe(wanted);
  });
});

describe("another picture that policy lets stand", () => {
  const stale = photo("exchange", "stale");
  it.each<[RulePolicy["authority"], string, ComparedPhoto, boolean]>([
    ["source", "another one", stale, false],
    ["fill", "another one", stale, true],
    ["fill", "an own older one", { ...stale, identity: RETIRED }, true],
    ["user", "another one", stale, true],
    ["user", "another crop", photo("exchange", "reframed"), true],
    ["user", "an own older one", { ...stale, identity: RETIRED }, false],
    ["fill", "another user's", { ...stale, identity: OTHER }, false],
    ["fill", "a placeholder", photo("exchange", "placeholder"), false],
    ["fill", "the right one", photo("exchange", "right"), false],
  ])("%s: %s", (authority, _, one, stands) => {
    expect(standsByPolicy(comparedUser(policy({ authority })), one)).toBe(stands);
  });
});

describe("a master that every place shows", () => {
  const unlicensed = { user: directoryUser({ licences: { ...directoryUser().licences, sharePoint: false } }) };
  const away = { sharePoint: sharePoint({ observed: false, photos: thumbnails("absent") }) };
  it.each<[string, Partial<ComparedUser>, boolean]>([
    ["all right", {}, true],
    [
      "enlarged somewhere",
      { cloud: [photo("exchange", "right", { verdict: verdict("same", { upscaled: true }) })] },
      false,
    ],
    [
      "another picture in one thumbnail",
      { sharePoint: sharePoint({ photos: { ...thumbnails("right"), M: photo("M", "stale") } }) },
      false,
    ],
    [
      "a thumbnail missing",
      { sharePoint: sharePoint({ photos: { ...thumbnails("right"), S: photo("S", "absent") } }) },
      false,
    ],
    ["SharePoint not looked at", away, false],
    ["SharePoint not looked at, and not licensed", { ...away, ...unlicensed }, true],
    ["no cloud photo looked at", { cloud: [] }, false],
    ["no master", { masterPhoto: null }, false],
    ["consent withdrawn", { consentWithdrawn: true }, false],
  ])("%s: %s", (_, state, confirmed) => {
    expect(isConfirmedEverywhere(comparedUser(state))).toBe(confirmed);
  });
});

describe("remedies and facts", () => {
  const named = (parts: Partial<RulePolicy>) => ({ autoApply: [], namedRules: [], ...parts });
  it.each<[string, Parameters<typeof isAutomatic>[1], boolean]>([
    ["stale-photo", named({}), false],
    ["stale-photo", named({ autoApply: ["stale-photo"] }), true],
    ["stale-photo", named({ namedRules: ["stale-photo"] }), true],
    ["wrong-person", named({ autoApply: ["wrong-person"] }), false],
    ["wrong-person", named({ namedRules: ["wrong-person"] }), true],
  ])("%s under %j is automatic: %s", (rule, given, automatic) => {
    expect(isAutomatic(rule as "stale-photo", given)).toBe(automatic);
  });

  const noMailbox = directoryUser({ licences: { ...directoryUser().licences, mailbox: false } });
  it.each<[string, Partial<ComparedUser>, ComparedPhoto, object]>([
    ["the cloud", {}, photo("exchange", "stale"), { kind: "automatic", actions: ["upload-photo"] }],
    ["a thumbnail", {}, photo("L", "stale"), { kind: "automatic", actions: ["write-thumbnail"] }],
    [
      "a thumbnail, by SharePoint alone",
      policy({ sharePointFix: "wait-for-sync" }),
      photo("L", "stale"),
      { kind: "waits", actions: [] },
    ],
    [
      "a thumbnail, by SharePoint alone, without a mailbox",
      { ...policy({ sharePointFix: "wait-for-sync" }), user: noMailbox },
      photo("L", "stale"),
      { kind: "manual", actions: [] },
    ],
    ["a thumbnail, reported only", policy({ sharePointFix: "report-only" }), photo("L", "stale"), { kind: "manual" }],
    [
      "the cloud, reported only",
      policy({ sharePointFix: "report-only" }),
      photo("exchange", "stale"),
      { kind: "automatic" },
    ],
    [
      "no master",
      { masterPhoto: null },
      photo("exchange", "stale"),
      { kind: "manual", cure: expect.stringContaining("Add a master") as string },
    ],
    [
      "a master that is too small",
      { masterPhoto: master({ width: 100, height: 100 }) },
      photo("exchange", "stale"),
      { kind: "manual", cure: "Supply a master of at least 240 pixels." },
    ],
  ])("%s", (_, state, one, remedy) => {
    expect(pictureRemedy(comparedUser(state), "stale-photo", one)).toMatchObject(remedy);
  });

  it("tell the master and the picture, numbers to three places, colours only where they were compared", () => {
    expect(expectedMaster(comparedUser())).toEqual({ master: "Anna B.jpg", sha256: MASTER, width: 1000, height: 1000 });
    expect(expectedMaster(comparedUser({ masterPhoto: unsuitableMaster() }))).toEqual({ master: null });
    expect(actualPhoto(photo("exchange", "unreadable"))).toEqual({ photo: "unreadable" });
    expect(actualPhoto(photo("exchange", "unjudged", { bytes: 5 }))).toMatchObject({
      bytes: 5,
      etag: "etag-exchange",
      verdict: null,
      evidence: null,
    });
    const base = verdict("recoloured");
    const colour = {
      changedShare: 0.12345,
      spot: 0.45678,
      lightness: 0.1,
      contrast: 0.2,
      cast: 3.98765,
      saturation: 0.5,
    };
    const evidence = { ...base.evidence, hp32: 0.98765, registration: null, colour: colour as never };
    const { evidence: told } = actualPhoto(photo("exchange", "stale", { verdict: { ...base, evidence } }));
    expect(told).toEqual({
      framing: "centre",
      hashBits: 4,
      hp32: 0.988,
      hp64: 0.97,
      registration: null,
      detailRatio: 0.9,
      colour: { changedShare: 0.123, spot: 0.457, lightness: 0.1, contrast: 0.2, castPercent: 3.988, saturation: 0.5 },
      thresholds: "test",
    });
    const { evidence: plain } = actualPhoto(photo("exchange", "stale"));
    expect(plain).not.toHaveProperty("colour");
  });
});
