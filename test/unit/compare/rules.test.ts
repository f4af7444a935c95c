import { describe, expect, it } from "vitest";
import { ALL_RULES, checkUser } from "../../../src/compare/rules/index.js";
import type { ComparedUser } from "../../../src/model/compared.js";
import type { FindingDraft } from "../../../src/model/finding.js";
import type { LastApplied } from "../../../src/model/last-applied.js";
import type { ComparedPhoto } from "../../../src/model/photo.js";
import { RULE_IDS } from "../../../src/model/rule.js";
import {
  ANNA,
  comparedUser,
  directoryUser,
  master,
  NOW,
  photo,
  PICTURE_URL,
  POLICY,
  sharePoint,
  thumbnails,
  verdict,
} from "../../support/compared-user.js";

const found = (user: ComparedUser): string[] => checkUser(user).map(({ rule, address }) => `${rule} @${address}`);
const byRule = (user: ComparedUser, rule: string): FindingDraft => {
  const one = checkUser(user).find((finding) => finding.rule === rule);
  if (one === undefined) throw new Error(`${rule} was not found in ${found(user).join(", ")}`);
  return one;
};
const noMailbox = directoryUser({ licences: { mailbox: false, sharePoint: true } });
const pinnedSync = { ...sharePoint().profile, exchangeSyncState: "0" } as ReturnType<typeof sharePoint>["profile"];
const applied = (parts: Partial<LastApplied> = {}): LastApplied => ({
  address: photo("exchange", "right").address,
  masterSha256: "m".repeat(64),
  action: "upload-photo",
  at: "2026-02-01T00:00:00Z",
  etag: "etag-exchange",
  readBackSha256: null,
  ...parts,
});

describe("the table of rules", () => {
  it("holds every rule of the contract exactly once", () => {
    expect(ALL_RULES.map(({ id }) => id).sort()).toEqual([...RULE_IDS].sort());
  });

  it("has the contract's severities and drift flags", () => {
    const table = Object.fromEntries(ALL_RULES.map(({ id, severity, drift }) => [id, `${severity} ${drift}`]));
    expect(table).toMatchObject({
      "missing-photo": "error true",
      "missing-thumbnail": "error true",
      "stale-photo": "error true",
      "reframed-photo": "warning false",
      "wrong-person": "critical true",
      "placeholder-image": "error true",
      "low-resolution": "warning true",
      "upscaled-photo": "warning true",
      "wrong-dimensions": "warning true",
      "oversized-directory-photo": "warning true",
      "license-without-mailbox": "warning true",
      "profile-property-mismatch": "error true",
      "stores-disagree": "warning true",
      "consent-withdrawn": "error true",
      "removed-in-tenant": "warning true",
      "changed-in-tenant": "info false",
      "propagation-pending": "info false",
      pinned: "info false",
      "orphan-thumbnail": "warning true",
      "user-without-master": "info false",
      "master-without-user": "warning false",
      "ambiguous-master": "warning false",
      "duplicate-master": "warning false",
      "unreadable-master": "error false",
      "master-too-small": "warning false",
      "unsuitable-master": "warning false",
      "list-entry-without-user": "warning false",
      "write-blocked": "error false",
      unreadable: "error false",
    });
  });
});

describe("a user in sync", () => {
  it("has no finding", () => expect(found(comparedUser())).toEqual([]));
});

describe("missing", () => {
  it("missing-photo and all three thumbnails where nothing was ever put", () => {
    const user = comparedUser({
      cloud: [photo("exchange", "absent")],
      sharePoint: sharePoint({ photos: thumbnails("absent"), profile: { kind: "absent" } }),
    });
    expect(found(user)).toEqual([
      `missing-photo @exchange/${ANNA}`,
      `missing-thumbnail @sharepoint/${ANNA}/LThumb`,
      `missing-thumbnail @sharepoint/${ANNA}/MThumb`,
      `missing-thumbnail @sharepoint/${ANNA}/SThumb`,
    ]);
    expect(byRule(user, "missing-photo")).toMatchObject({
      cause: "never-synced",
      remedy: { kind: "automatic", actions: ["upload-photo"] },
    });
  });

  it("not without a usable master, nor with one that is too small", () => {
    const bare = {
      cloud: [photo("exchange", "absent")],
      sharePoint: sharePoint({ photos: thumbnails("absent"), profile: { kind: "absent" } }),
    };
    expect(found(comparedUser({ ...bare, masterPhoto: master({ width: 200, height: 300 }) }))).toEqual([]);
    const none = comparedUser({
      ...bare,
      master: { kind: "none" },
      masterPhoto: null,
      sharePoint: sharePoint({ photos: thumbnails("absent"), profile: { kind: "absent" } }),
    });
    expect(found(none)).toEqual([`user-without-master @exchange/${ANNA}`]);
  });

  it("not while a store could not be read: could not look is never not there", () => {
    const user = comparedUser({
      cloud: [photo("exchange", "unreadable")],
      sharePoint: sharePoint({ photos: thumbnails("unreadable") }),
    });
    expect(new Set(checkUser(user).map(({ rule }) => rule))).toEqual(new Set(["unreadable"]));
  });

  it("removed-in-tenant where we had put one; only when named", () => {
    const user = comparedUser({ cloud: [photo("exchange", "absent", { lastApplied: applied() })] });
    expect(found(user)).toEqual([`removed-in-tenant @exchange/${ANNA}`]);
    expect(byRule(user, "removed-in-tenant").remedy.kind).toBe("when-named");
    const named = { ...user, policy: { ...POLICY, namedRules: ["removed-in-tenant" as const] } };
    expect(byRule(named, "removed-in-tenant").remedy).toEqual({ kind: "automatic", actions: ["upload-photo"] });
  });

  it("a partial set without master is reported, with nothing to write", () => {
    const user = comparedUser({
      master: { kind: "none" },
      masterPhoto: null,
      cloud: [photo("exchange", "unjudged")],
      sharePoint: sharePoint({ photos: { ...thumbnails("unjudged"), S: photo("S", "absent") } }),
    });
    expect(found(user)).toContain(`missing-thumbnail @sharepoint/${ANNA}/SThumb`);
    expect(byRule(user, "missing-thumbnail").remedy.kind).toBe("manual");
  });

  it("no thumbnail is missing or taken away where the profile, which says where they lie, could not be read", () => {
    const profile = { kind: "unreadable", error: { code: "x", message: "m", hint: "h" } } as const;
    const gone = { ...thumbnails("absent"), L: photo("L", "absent", { lastApplied: applied() }) };
    const user = comparedUser({ sharePoint: sharePoint({ profile, photos: gone }) });
    expect(found(user)).toEqual([`unreadable @sharepoint/${ANNA}/profile`]);
  });
});

describe("another picture", () => {
  it("stale-photo at every address that shows it, one finding an address", () => {
    const user = comparedUser({
      cloud: [photo("exchange", "stale")],
      sharePoint: sharePoint({ photos: thumbnails("stale") }),
    });
    expect(found(user)).toEqual([
      `stale-photo @exchange/${ANNA}`,
      `stale-photo @sharepoint/${ANNA}/LThumb`,
      `stale-photo @sharepoint/${ANNA}/MThumb`,
      `stale-photo @sharepoint/${ANNA}/SThumb`,
    ]);
  });

  it("a mirrored picture and an own older master are stale, the latter because the master changed", () => {
    expect(found(comparedUser({ cloud: [photo("exchange", "mirrored")] }))).toEqual([`stale-photo @exchange/${ANNA}`]);
    const old = photo("exchange", "reframed", { identity: { kind: "own-retired", sha256: "old" } });
    expect(byRule(comparedUser({ cloud: [old] }), "stale-photo").cause).toBe("master-changed");
  });

  it.each([
    ["nobody else's", null, "never-synced"],
    ["an own older master", { kind: "own-retired", sha256: "old" } as const, "master-changed"],
    [
      "the master of a user with the same picture",
      {
        kind: "other-user",
        userId: noMailbox.id,
        upn: "b@x.de",
        displayName: "B",
        file: "B.jpg",
        retired: false,
      } as const,
      "never-synced",
    ],
  ])("a recoloured master that is %s is stale and says what it shows", (_, identity, cause) => {
    const finding = byRule(comparedUser({ cloud: [photo("exchange", "recoloured", { identity })] }), "stale-photo");
    expect(finding).toMatchObject({ cause, actual: { shows: "recoloured" }, remedy: { kind: "automatic" } });
  });

  it("authority user lets a recoloured picture stand, unless it is an own older master", () => {
    const policy = { ...POLICY, authority: "user" } as const;
    const recoloured = (identity: ComparedPhoto["identity"]) =>
      found(comparedUser({ policy, cloud: [photo("exchange", "recoloured", { identity })] }));
    expect(recoloured(null)).not.toContain(`stale-photo @exchange/${ANNA}`);
    expect(recoloured({ kind: "own-retired", sha256: "old" })).toContain(`stale-photo @exchange/${ANNA}`);
  });

  it("reframed-photo is shown, not counted, and never fixed unless named", () => {
    const finding = byRule(comparedUser({ cloud: [photo("exchange", "reframed")] }), "reframed-photo");
    expect(finding).toMatchObject({ drift: false, severity: "warning", remedy: { kind: "when-named" } });
  });

  it("wrong-person beats everything, names the other user, is critical, and never automatic even from autoApply", () => {
    const other = {
      kind: "other-user",
      userId: noMailbox.id,
      upn: "ben@contoso.com",
      displayName: "Ben",
      file: "Ben.jpg",
      retired: false,
    } as const;
    const user = comparedUser({
      cloud: [photo("exchange", "stale", { identity: other })],
      policy: { ...POLICY, autoApply: ["wrong-person"] },
    });
    const finding = byRule(user, "wrong-person");
    expect(finding).toMatchObject({ severity: "critical", remedy: { kind: "when-named" } });
    expect(finding.summary).toContain("Ben (ben@contoso.com)");
    expect(found(user)).toEqual([`wrong-person @exchange/${ANNA}`]);
  });

  it("placeholder-image for a silhouette and for one picture on several accounts", () => {
    expect(found(comparedUser({ cloud: [photo("exchange", "placeholder")] }))).toEqual([
      `placeholder-image @exchange/${ANNA}`,
    ]);
    const logo = photo("exchange", "stale", { identity: { kind: "shared", accounts: 5 } });
    expect(byRule(comparedUser({ cloud: [logo] }), "placeholder-image").actual["accounts"]).toBe(5);
  });

  it("our own upload that still stands is in sync, whatever the service made of it", () => {
    const ours = photo("exchange", "stale", { side: 96, lastApplied: applied() });
    expect(found(comparedUser({ cloud: [ours] }))).toEqual([]);
    const older = photo("exchange", "stale", { lastApplied: applied({ masterSha256: "another" }) });
    expect(byRule(comparedUser({ cloud: [older] }), "stale-photo").cause).toBe("master-changed");
  });
});

describe("the right picture, badly", () => {
  it("low-resolution in the cloud only while the master has more", () => {
    const user = comparedUser({ cloud: [photo("exchange", "right", { side: 96 })] });
    expect(found(user)).toEqual([`low-resolution @exchange/${ANNA}`]);
    expect(found({ ...user, masterPhoto: master({ width: 96, height: 96 }) })).toEqual([]);
  });

  it("upscaled-photo", () => {
    const user = comparedUser({
      cloud: [photo("exchange", "right", { verdict: verdict("same", { upscaled: true }) })],
    });
    expect(found(user)).toEqual([`upscaled-photo @exchange/${ANNA}`]);
  });

  it.each([
    ["not square", photo("exchange", "right", { side: 648, height: 500 }), "not-square"],
    ["squeezed", photo("L", "right", { verdict: verdict("same", { distorted: true }) }), "distorted"],
    ["a thumbnail under its size", photo("L", "right", { side: 150 }), "too-small"],
  ])("wrong-dimensions: %s", (_name, wrong, fault) => {
    const user =
      wrong.store === "exchange"
        ? comparedUser({ cloud: [wrong] })
        : comparedUser({ sharePoint: sharePoint({ photos: { ...thumbnails("right"), L: wrong } }) });
    expect(byRule(user, "wrong-dimensions").actual["fault"]).toBe(fault);
  });

  // facts/sharepoint.md 1.5: tools write L at 240 and 300.
  it.each([240, 300, 201])("an L thumbnail of %i pixels is fine", (side) => {
    expect(
      found(
        comparedUser({
          sharePoint: sharePoint({ photos: { ...thumbnails("right"), L: photo("L", "right", { side }) } }),
        }),
      ),
    ).toEqual([]);
  });

  it("oversized-directory-photo over 100 KB without a mailbox, silent on a merged answer", () => {
    const big = { bytes: 102_401 };
    const own = comparedUser({
      user: noMailbox,
      cloud: [photo("entra", "right", big)],
      sharePoint: sharePoint({ profile: pinnedSync }),
    });
    expect(found(own)).toContain(`oversized-directory-photo @entra/${ANNA}`);
    expect(found(comparedUser({ cloud: [photo("exchange", "right", big)] }))).toEqual([]);
    const small = comparedUser({
      user: noMailbox,
      cloud: [photo("entra", "right", { bytes: 102_400 })],
      sharePoint: sharePoint({ profile: pinnedSync }),
    });
    expect(found(small)).not.toContain(`oversized-directory-photo @entra/${ANNA}`);
  });
});

describe("SharePoint", () => {
  it("license-without-mailbox: a note while the thumbnails are right, drift while they are not", () => {
    const right = comparedUser({
      user: noMailbox,
      cloud: [photo("entra", "right")],
      sharePoint: sharePoint({ profile: pinnedSync }),
    });
    expect(byRule(right, "license-without-mailbox")).toMatchObject({ severity: "info", drift: false });
    const wrong = {
      ...right,
      sharePoint: sharePoint({ photos: thumbnails("absent"), profile: { kind: "absent" as const } }),
    };
    expect(byRule(wrong, "license-without-mailbox")).toMatchObject({ severity: "warning", drift: true });
  });

  it.each([
    ["PictureURL empty", { pictureUrl: "" }],
    ["PictureURL of somebody else", { pictureUrl: PICTURE_URL.replace("6f3c", "7f3c") }],
    ["placeholder state 1", { placeholderState: "1" }],
  ])("profile-property-mismatch: %s", (_name, change) => {
    const profile = { ...sharePoint().profile, ...change } as ReturnType<typeof sharePoint>["profile"];
    expect(found(comparedUser({ sharePoint: sharePoint({ profile }) }))).toEqual([
      `profile-property-mismatch @sharepoint/${ANNA}/profile`,
    ]);
  });

  // facts/sharepoint.md 1.5: SharePoint writes :443 and %20, tools neither; ?t= is a cache-buster.
  it("PictureURL in another spelling of the same file is no mismatch", () => {
    const pictureUrl = `${decodeURIComponent(PICTURE_URL).replace(":443", "").toUpperCase()}?t=63808000000`;
    const profile = { ...sharePoint().profile, pictureUrl } as ReturnType<typeof sharePoint>["profile"];
    expect(found(comparedUser({ sharePoint: sharePoint({ profile }) }))).toEqual([]);
  });

  it("propagation-pending instead of stale-photo within 72 hours of a change, only with a mailbox and a right cloud photo", () => {
    const late = comparedUser({
      cloudChange: { at: new Date(NOW - 3600_000).toISOString(), by: "others" },
      sharePoint: sharePoint({ photos: thumbnails("stale", { showsPrevious: true }) }),
    });
    expect(new Set(checkUser(late).map(({ rule }) => rule))).toEqual(new Set(["propagation-pending"]));
    const overdue = {
      ...late,
      cloudChange: { at: new Date(NOW - 73 * 3600_000).toISOString(), by: "others" },
    } as const;
    expect(new Set(checkUser(overdue).map(({ rule }) => rule))).toEqual(new Set(["stale-photo"]));
    const wrongSource = { ...late, cloud: [photo("exchange", "stale")] };
    expect(found(wrongSource)).toContain(`stale-photo @sharepoint/${ANNA}/LThumb`);
  });

  it("report-only leaves thumbnails to a person; wait-for-sync waits for mailbox users", () => {
    const user = comparedUser({ sharePoint: sharePoint({ photos: thumbnails("stale") }) });
    const remedy = (sharePointFix: "report-only" | "wait-for-sync") =>
      byRule({ ...user, policy: { ...POLICY, sharePointFix } }, "stale-photo").remedy.kind;
    expect(remedy("report-only")).toBe("manual");
    expect(remedy("wait-for-sync")).toBe("waits");
  });

  it("stores-disagree without a master", () => {
    const user = comparedUser({
      master: { kind: "none" },
      masterPhoto: null,
      cloud: [photo("exchange", "unjudged")],
      sharePoint: sharePoint({ photos: thumbnails("unjudged") }),
      storesAgree: false,
    });
    expect(found(user)).toEqual([`stores-disagree @exchange/${ANNA}`, `user-without-master @exchange/${ANNA}`]);
  });
});

describe("policy", () => {
  it("consent-withdrawn beats every other rule, at each address that holds a photo", () => {
    const user = comparedUser({
      consentWithdrawn: true,
      pinned: true,
      cloud: [photo("exchange", "stale")],
      sharePoint: sharePoint({ photos: { ...thumbnails("stale"), S: photo("S", "absent") } }),
    });
    expect(found(user)).toEqual([
      `consent-withdrawn @exchange/${ANNA}`,
      `consent-withdrawn @sharepoint/${ANNA}/LThumb`,
      `consent-withdrawn @sharepoint/${ANNA}/MThumb`,
    ]);
  });

  it("a pinned user's drift becomes a note at the same address", () => {
    const user = comparedUser({ pinned: true, cloud: [photo("exchange", "stale")] });
    expect(checkUser(user)).toMatchObject([
      { rule: "pinned", drift: false, address: `exchange/${ANNA}`, remedy: { kind: "none" } },
    ]);
  });

  it("an accepted picture is a note there, and drift elsewhere stays", () => {
    const user = comparedUser({
      cloud: [photo("exchange", "stale", { accepted: true })],
      sharePoint: sharePoint({ photos: thumbnails("stale") }),
    });
    expect(found(user)).toContain(`pinned @exchange/${ANNA}`);
    expect(found(user)).toContain(`stale-photo @sharepoint/${ANNA}/LThumb`);
  });

  it("authority user lets a changed photo stand, but neither an old master nor another person", () => {
    const policy = { ...POLICY, authority: "user" as const };
    expect(found(comparedUser({ policy, cloud: [photo("exchange", "stale")] }))).toEqual([
      `changed-in-tenant @exchange/${ANNA}`,
    ]);
    const old = photo("exchange", "stale", { identity: { kind: "own-retired", sha256: "old" } });
    expect(found(comparedUser({ policy, cloud: [old] }))).toEqual([`stale-photo @exchange/${ANNA}`]);
  });

  it("authority fill leaves every other picture, and still fills gaps", () => {
    const policy = { ...POLICY, authority: "fill" as const };
    const old = photo("exchange", "stale", { identity: { kind: "own-retired", sha256: "old" } });
    expect(found(comparedUser({ policy, cloud: [old] }))).toEqual([`changed-in-tenant @exchange/${ANNA}`]);
    expect(found(comparedUser({ policy, cloud: [photo("exchange", "absent")] }))).toEqual([
      `missing-photo @exchange/${ANNA}`,
    ]);
  });

  it("severity can be overridden", () => {
    const user = comparedUser({
      policy: { ...POLICY, severity: { "stale-photo": "info" } },
      cloud: [photo("exchange", "stale")],
    });
    expect(byRule(user, "stale-photo").severity).toBe("info");
  });
});
