import { describe, expect, it } from "vitest";
import { checkMaster, checkUser } from "../../../src/compare/rules/index.js";
import type { ComparedMaster } from "../../../src/compare/rules/masters.js";
import { orphanFinding, storeUnreadableFinding, writeBlockedFinding } from "../../../src/compare/rules/tenant.js";
import type { ComparedUser } from "../../../src/model/compared.js";
import type { FindingDraft } from "../../../src/model/finding.js";
import type { RuleId } from "../../../src/model/rule.js";
import {
  ANNA,
  NOW,
  POLICY,
  comparedUser,
  directoryUser,
  master,
  orphanFile,
  photo,
  sharePoint,
  thumbnails,
  unsuitableMaster,
  verdict,
} from "../../support/compared-user.js";

const of = (rule: RuleId, state: Partial<ComparedUser>): readonly FindingDraft[] =>
  checkUser(comparedUser(state)).filter((finding) => finding.rule === rule);
const error = { code: "c", message: "m", hint: "h" };
const plans = directoryUser().licences;
const licensed = (parts: Partial<typeof plans>) => ({ user: directoryUser({ licences: { ...plans, ...parts } }) });
const profile = (parts: object) => ({ profile: { ...sharePoint().profile, ...parts } as never });

describe("findings of nobody's", () => {
  const file = orphanFile({ uniqueId: "u", folder: "/User Photos/P", modifiedAt: "t" });

  it("a file of nobody, put right only where its rule is named", () => {
    expect(orphanFinding(file, [])).toEqual({
      rule: "orphan-thumbnail",
      severity: "warning",
      drift: true,
      user: null,
      address: "sharepoint/gone/LThumb",
      attribution: null,
      cause: "unknown",
      expected: { user: "one user" },
      actual: { file: "/User Photos/P/gone_LThumb.jpg", etag: "e", bytes: 5, modifiedAt: "t" },
      summary: "gone_LThumb.jpg belongs to no user of the tenant.",
      remedy: { kind: "when-named", actions: ["delete-thumbnail"] },
    });
    expect(orphanFinding(file, ["orphan-thumbnail"]).remedy.kind).toBe("automatic");
    expect(orphanFinding(file, ["stale-photo"]).remedy.kind).toBe("when-named");
  });

  it("a tenant that forbids writes, and a store that could not be read", () => {
    expect(writeBlockedFinding("onPremises")).toMatchObject({
      drift: false,
      user: null,
      address: "entra/*",
      expected: { photoUpdateSource: "cloud" },
      actual: { photoUpdateSource: "onPremises" },
      remedy: { kind: "manual", actions: [] },
    });
    expect(storeUnreadableFinding("exchange", error)).toMatchObject({
      rule: "unreadable",
      drift: false,
      user: null,
      address: "exchange/*",
      expected: { readable: true },
      actual: { code: "c", message: "m" },
      remedy: { kind: "manual", actions: [], cure: "h" },
    });
  });
});

describe("files of the source folder", () => {
  const matched = { kind: "matched", upn: ANNA, userId: "1", pattern: "{upn}" };
  const compared = (parts: object): ComparedMaster =>
    ({
      photo: master(),
      match: { outcome: matched, tried: [] },
      samePictureAs: [],
      minimumPixels: 240,
      ...parts,
    }) as never;
  const found = (parts: object) => checkMaster(compared(parts), {});
  const { file } = master();
  const unreadable = {
    kind: "unreadable",
    file,
    bytes: 7,
    mtimeMs: 0,
    reason: "it is cut off",
    cure: "Copy it again.",
  };

  it.each<[string, object, object | null]>([
    ["right", {}, null],
    [
      "unreadable",
      { photo: unreadable },
      {
        rule: "unreadable-master",
        expected: { image: "readable" },
        actual: { bytes: 7, reason: "it is cut off" },
        remedy: { cure: "Copy it again." },
      },
    ],
    [
      "no portrait",
      { photo: unsuitableMaster() },
      {
        rule: "unsuitable-master",
        expected: { image: "a portrait" },
        actual: { why: "drawn", width: 1000, height: 1000, sha256: "m".repeat(64), upn: ANNA },
      },
    ],
    ["just large enough", { photo: master({ width: 240, height: 300 }) }, null],
    [
      "too narrow",
      { photo: master({ width: 239, height: 300 }) },
      {
        rule: "master-too-small",
        expected: { shorterSideAtLeast: 240 },
        actual: { width: 239, height: 300, upn: ANNA },
      },
    ],
    [
      "too flat",
      { photo: master({ width: 300, height: 239 }) },
      { rule: "master-too-small", actual: { width: 300, height: 239 } },
    ],
    [
      "of nobody",
      { match: { outcome: { kind: "unmatched" }, tried: ["x"] } },
      { rule: "master-without-user", expected: { user: "one user" }, actual: { user: null, tried: ["x"] } },
    ],
    [
      "of several",
      { match: { outcome: { kind: "ambiguous", upns: ["a", "b"], files: ["f"], reason: "r" }, tried: [] } },
      {
        rule: "ambiguous-master",
        expected: { users: 1, files: 1 },
        actual: { users: ["a", "b"], files: ["f"] },
        summary: `${file}: r.`,
      },
    ],
    [
      "of two users",
      { samePictureAs: ["ben@c.com"] },
      { rule: "duplicate-master", expected: { users: 1 }, actual: { upn: ANNA, alsoMasterOf: ["ben@c.com"] } },
    ],
  ])("%s", (_, parts, wanted) => {
    const findings = found(parts);
    if (wanted === null) expect(findings).toEqual([]);
    else
      expect(findings).toMatchObject([
        { user: null, address: `source/${file}`, remedy: { kind: "manual", actions: [] }, ...wanted },
      ]);
  });

  it("what fits nobody is told once, whatever else is wrong with it", () => {
    const nobody = { match: { outcome: { kind: "unmatched" }, tried: [] }, samePictureAs: ["ben@c.com"] };
    expect(found({ ...nobody, photo: master({ width: 1, height: 1 }) }).map(({ rule }) => rule)).toEqual([
      "master-without-user",
    ]);
    expect(found({ ...nobody, photo: unreadable }).map(({ rule }) => rule)).toEqual(["unreadable-master"]);
    const [draft] = found({ ...nobody, photo: unsuitableMaster() });
    expect(draft?.rule).toBe("unsuitable-master");
    expect(draft?.actual).not.toHaveProperty("upn");
  });
});

describe("dimensions and resolution", () => {
  const cloud = (parts: Parameters<typeof photo>[2], seen: "right" | "unjudged" | "stale" = "right") => ({
    cloud: [photo("exchange", seen, parts)],
  });
  const thumb = (size: "S" | "M" | "L", parts: Parameters<typeof photo>[2]) => ({
    sharePoint: sharePoint({ photos: { ...thumbnails("right"), [size]: photo(size, "right", parts) } }),
  });
  const ours = {
    address: photo("exchange", "right").address,
    masterSha256: "m".repeat(64),
    action: "x",
    at: "2026-01-01T00:00:00Z",
    etag: "etag-exchange",
    readBackSha256: null,
  };

  it.each<[string, Partial<ComparedUser>, string | null]>([
    ["square", cloud({ side: 648 }), null],
    ["two per cent off", cloud({ side: 600, height: 588 }), null],
    ["more than that", cloud({ side: 600, height: 587 }), "not-square"],
    ["taller", cloud({ side: 587, height: 600 }), "not-square"],
    ["one pixel off", cloud({ side: 10, height: 11 }), null],
    ["two pixels off", cloud({ side: 10, height: 12 }), "not-square"],
    ["one pixel wide: the stand-in of a photo", cloud({ side: 1, height: 9 }), null],
    ["one pixel high", cloud({ side: 9, height: 1 }), null],
    ["two pixels wide", cloud({ side: 2, height: 9 }), "not-square"],
    ["squeezed", cloud({ verdict: verdict("same", { distorted: true }) }), "distorted"],
    ["squeezed, and ours", cloud({ verdict: verdict("same", { distorted: true }), lastApplied: ours }), null],
    ["squeezed, and another picture", cloud({ verdict: verdict("different", { distorted: true }) }, "stale"), null],
    ["not judged", cloud({ side: 600, height: 300 }, "unjudged"), "not-square"],
    ["a thumbnail of its size", thumb("L", { side: 200 }), null],
    ["a thumbnail under its size", thumb("L", { side: 199 }), "too-small"],
    ["a thumbnail one pixel short on one side", thumb("L", { side: 200, height: 199 }), "too-small"],
    ["a larger thumbnail", thumb("S", { side: 240 }), null],
    ["a cloud photo of any size", cloud({ side: 48 }), null],
  ])("%s: %s", (_, state, fault) => {
    const [draft] = of("wrong-dimensions", state);
    expect(draft?.actual["fault"] ?? null).toBe(fault);
  });

  it("the finding tells what was expected", () => {
    expect(of("wrong-dimensions", thumb("L", { side: 100 }))[0]?.expected).toMatchObject({
      master: "Anna B.jpg",
      square: true,
      atLeast: 200,
    });
    expect(of("wrong-dimensions", cloud({ side: 600, height: 300 }))[0]?.expected).toMatchObject({
      square: true,
      atLeast: null,
    });
  });

  it.each<[string, Partial<ComparedUser>, number]>([
    ["under the limit", cloud({ side: 199 }), 1],
    ["at the limit", cloud({ side: 200 }), 0],
    ["under it on one side", cloud({ side: 400, height: 199 }), 1],
    [
      "as large as the master is cut",
      {
        ...cloud({ side: 100 }),
        masterPhoto: { ...master(), crop: { left: 0, top: 0, width: 100, height: 900 } } as never,
      },
      0,
    ],
    ["another picture", cloud({ side: 100 }, "stale"), 0],
    ["ours", cloud({ side: 100, lastApplied: ours }), 0],
    ["no master", { ...cloud({ side: 100 }), masterPhoto: null }, 0],
    ["none", { cloud: [photo("exchange", "absent")] }, 0],
  ])("low resolution: %s", (_, state, count) => {
    const found = of("low-resolution", state);
    expect(found).toHaveLength(count);
    if (count > 0) expect(found[0]?.expected).toMatchObject({ master: "Anna B.jpg", atLeast: 200 });
  });
});

describe("directory photos that are too large (KB 3062745)", () => {
  const entra = (bytes: number) => photo("entra", "right", { bytes });
  const synced = { user: directoryUser({ onPremisesSync: true }) };
  it.each<[string, Partial<ComparedUser>, number | null]>([
    ["100 KB", { cloud: [entra(102_400)] }, null],
    ["more", { cloud: [entra(102_401)] }, 102_400],
    ["10 KB on its way to a mailbox", { ...synced, cloud: [photo("exchange", "absent"), entra(10_240)] }, null],
    ["more on its way to a mailbox", { ...synced, cloud: [photo("exchange", "absent"), entra(10_241)] }, 10_240],
    ["the mailbox has one already", { ...synced, cloud: [photo("exchange", "right"), entra(10_241)] }, null],
    ["nobody synchronizes", { cloud: [photo("exchange", "absent"), entra(10_241)] }, null],
    [
      "there is no mailbox",
      {
        user: directoryUser({ onPremisesSync: true, licences: { ...plans, mailbox: false } }),
        cloud: [photo("exchange", "absent"), entra(10_241)],
      },
      null,
    ],
    ["nothing is known of Exchange", { ...synced, cloud: [entra(10_241)] }, null],
    ["a photo of Exchange", { cloud: [photo("exchange", "right", { bytes: 999_999 })] }, null],
    ["of unknown length", { cloud: [photo("entra", "right")] }, null],
  ])("%s", (_, state, limit) => {
    const [draft] = of("oversized-directory-photo", state);
    expect(draft?.expected["atMostBytes"] ?? null).toBe(limit);
    if (limit !== null) expect(draft?.summary).toContain(`more than the ${String(limit / 1024)} KB`);
  });

  it("without a master somebody has to replace it", () => {
    const [draft] = of("oversized-directory-photo", { cloud: [entra(200_000)], masterPhoto: null });
    expect(draft?.remedy).toEqual({ kind: "manual", actions: [], cure: "Replace the photo by one of at most 100 KB." });
    expect(draft?.summary).toContain("has 196 KB");
  });
});

describe("what could not be read", () => {
  const unread = (parts: object) => ({
    sharePoint: sharePoint({ profile: { kind: "unreadable", error: { ...error, ...parts } } }),
  });

  it("is told with the cure of the service, or as what it is where it stands", () => {
    expect(of("unreadable", unread({}))).toMatchObject([
      {
        address: `sharepoint/${ANNA}/profile`,
        expected: { readable: true },
        summary: "Could not be read: m",
        remedy: { kind: "manual", actions: [], cure: "h" },
      },
    ]);
    expect(of("unreadable", unread({}))[0]?.actual).toEqual({ code: "c", message: "m" });
    const [standing] = of("unreadable", unread({ standing: 3 }));
    expect(standing).toMatchObject({
      actual: { code: "c", message: "m", standing: 3 },
      summary: "Cannot be read, for the same reason in 3 runs: m",
    });
    expect(standing?.remedy.cure).toContain("Another run will not help");
    expect(of("unreadable", { sharePoint: sharePoint({ ...unread({}).sharePoint, observed: false }) })).toEqual([]);
  });

  it.each([
    [true, undefined, `exchange/${ANNA}`],
    [false, undefined, `entra/${ANNA}`],
    [true, 4, `exchange/${ANNA}`],
  ])(
    "a licence of a subscription that nobody knows (mailbox %s, runs %s) stands alone",
    (mailbox, unknownRuns, address) => {
      const state = {
        ...licensed({ mailbox, unknown: "sku", ...(unknownRuns === undefined ? {} : { unknownRuns }) }),
        cloud: [photo("exchange", "stale")],
      };
      const findings = checkUser(comparedUser(state));
      expect(findings).toMatchObject([{ rule: "unreadable", address, actual: { code: "licence-unknown" } }]);
      expect(findings[0]?.actual["standing"]).toBe(unknownRuns);
    },
  );
});

describe("profiles", () => {
  const rule = "profile-property-mismatch";
  const noFiles = { photos: thumbnails("absent") };
  const elsewhere = "https://contoso-my.sharepoint.com:443/User%20Photos/Profile%20Pictures/other_MThumb.jpg";
  const words = (state: Partial<ComparedUser>) =>
    of(rule, state).map(({ summary }) => summary.replace("SharePoint profile: ", ""));

  it.each<[string, Partial<ComparedUser>, string | null]>([
    ["right", {}, null],
    ["not looked at", { sharePoint: sharePoint({ observed: false, ...profile({ pictureUrl: "" }) }) }, null],
    ["empty beside files", { sharePoint: sharePoint(profile({ pictureUrl: "" })) }, "PictureURL is empty"],
    [
      "empty and hidden",
      { sharePoint: sharePoint(profile({ pictureUrl: "", placeholderState: "1" })) },
      "the placeholder state hides the picture.",
    ],
    [
      "hidden",
      { sharePoint: sharePoint(profile({ placeholderState: "1" })) },
      "the placeholder state hides the picture.",
    ],
    ["another file", { sharePoint: sharePoint(profile({ pictureUrl: elsewhere })) }, "PictureURL names another file."],
    [
      "waiting without a mailbox",
      { ...licensed({ mailbox: false }), sharePoint: sharePoint(profile({ exchangeSyncState: "1" })) },
      "the sync state waits",
    ],
    [
      "not waiting",
      { ...licensed({ mailbox: false }), sharePoint: sharePoint(profile({ exchangeSyncState: "0" })) },
      null,
    ],
    [
      "another file, and one thumbnail not read",
      {
        sharePoint: sharePoint({
          ...profile({ pictureUrl: elsewhere }),
          photos: { ...thumbnails("right"), S: photo("S", "unreadable") },
        }),
      },
      null,
    ],
    [
      "naming nothing, without a master",
      { masterPhoto: null, sharePoint: sharePoint(noFiles) },
      "PictureURL names a file that does not exist.",
    ],
    ["naming nothing that will be written", { sharePoint: sharePoint(noFiles) }, null],
    [
      "empty without files",
      { masterPhoto: null, sharePoint: sharePoint({ ...noFiles, ...profile({ pictureUrl: "" }) }) },
      null,
    ],
    [
      "of somebody without a profile",
      { sharePoint: sharePoint({ profile: { kind: "absent" }, unfinished: { created: [], copies: false } }) },
      null,
    ],
  ])("%s", (_, state, fault) => {
    const said = words(state);
    if (fault === null) expect(said).toEqual([]);
    else expect(said).toEqual([expect.stringMatching(new RegExp(`^${fault}`))]);
  });

  it("tells what it should say: with files, without, and without a mailbox", () => {
    const hidden = { sharePoint: sharePoint(profile({ placeholderState: "1" })) };
    expect(of(rule, hidden)[0]?.expected).toEqual({ pictureUrl: sharePoint().pictureUrl, placeholderState: "0" });
    expect(of(rule, hidden)[0]?.actual).toEqual({
      pictureUrl: sharePoint().pictureUrl,
      placeholderState: "1",
      exchangeSyncState: "1",
    });
    expect(of(rule, { ...hidden, ...licensed({ mailbox: false }) })[0]?.expected).toMatchObject({
      exchangeSyncState: "0",
    });
    expect(of(rule, { masterPhoto: null, sharePoint: sharePoint(noFiles) })[0]?.expected).toEqual({ pictureUrl: "" });
    const one = sharePoint({
      ...profile({ placeholderState: "1" }),
      photos: { ...thumbnails("absent"), L: photo("L", "right") },
    });
    expect(of(rule, { sharePoint: one })[0]?.expected).toMatchObject({ placeholderState: "0" });
  });

  it("a run that was cut off before it announced its pictures is told, also where the profile was not read", () => {
    const unfinished = { created: ["L"], copies: false } as const;
    const cut = of(rule, { sharePoint: sharePoint({ unfinished }) });
    expect(cut).toMatchObject([
      {
        address: `sharepoint/${ANNA}/profile`,
        expected: { timestamp: "of the new pictures" },
        actual: { timestamp: "63808000000" },
        remedy: { kind: "automatic", actions: ["set-picture-properties"] },
      },
    ]);
    expect(of(rule, { sharePoint: sharePoint({ unfinished, profile: { kind: "not-read" } }) })[0]?.actual).toEqual({
      timestamp: null,
    });
    const report = { ...POLICY, sharePointFix: "report-only" } as const;
    expect(of(rule, { sharePoint: sharePoint({ unfinished }), policy: report })[0]?.remedy).toEqual({
      kind: "manual",
      actions: [],
      cure: "stores.sharepoint.fix is report-only.",
    });
  });
});

describe("pictures that went, and pictures on their way", () => {
  const lastApplied = {
    address: photo("L", "absent").address,
    masterSha256: "m".repeat(64),
    action: "x",
    at: "2026-01-02T03:04:05Z",
    etag: null,
    readBackSha256: null,
  };
  const gone = {
    sharePoint: sharePoint({ photos: { ...thumbnails("right"), L: photo("L", "absent", { lastApplied }) } }),
  };
  const waiting = {
    policy: { ...POLICY, sharePointFix: "wait-for-sync" },
    cloudChange: { at: new Date(NOW - 3_600_000).toISOString(), by: "others" },
  } as const;

  it.each<[string, Partial<ComparedUser>, number]>([
    ["taken away", gone, 1],
    ["taken away from the cloud", { cloud: [photo("exchange", "absent", { lastApplied })] }, 1],
    ["taken away, without a master", { ...gone, masterPhoto: null }, 0],
    ["taken away, without SharePoint's licence", { ...gone, ...licensed({ sharePoint: false }) }, 0],
    [
      "taken away from the cloud, without SharePoint's licence",
      { cloud: [photo("exchange", "absent", { lastApplied })], ...licensed({ sharePoint: false }) },
      1,
    ],
    ["never there", { sharePoint: sharePoint({ photos: { ...thumbnails("right"), L: photo("L", "absent") } }) }, 0],
    ["on its way", { ...gone, ...waiting }, 0],
  ])("%s", (_, state, count) => {
    const found = of("removed-in-tenant", state);
    expect(found).toHaveLength(count);
    if (count > 0) {
      expect(found[0]).toMatchObject({
        cause: "changed-in-tenant",
        actual: { photo: "absent", lastAppliedAt: lastApplied.at },
      });
      expect(found[0]?.summary).toContain("of 2026-01-02;");
    }
  });

  it("what is on its way is told with the moment of the change, and not where nothing is wanted", () => {
    const previous = {
      sharePoint: sharePoint({ photos: { ...thumbnails("right"), L: photo("L", "stale", { showsPrevious: true }) } }),
    };
    const state = { ...previous, cloudChange: waiting.cloudChange };
    const [draft] = of("propagation-pending", state);
    expect(draft?.expected).toMatchObject({ master: "Anna B.jpg", cloudChangedAt: waiting.cloudChange.at });
    expect(draft?.summary).toContain("2026-03-01 11:00");
    expect(draft?.summary).not.toContain("11:00:00");
    expect(of("propagation-pending", { ...state, masterPhoto: null })).toEqual([]);
    expect(of("propagation-pending", { ...state, ...licensed({ sharePoint: false }) })).toEqual([]);
  });

  it("another user's face names the user", () => {
    const identity = {
      kind: "other-user",
      userId: "x" as never,
      upn: "bert@contoso.com",
      displayName: "Bert",
      file: "bert.jpg",
      retired: false,
    } as const;
    const [draft] = of("wrong-person", { cloud: [photo("exchange", "stale", { identity })] });
    expect(draft?.user).toEqual({ id: directoryUser().id, upn: ANNA, displayName: "Anna B" });
    expect(draft).toMatchObject({
      attribution: "merged",
      actual: { shows: { upn: "bert@contoso.com", master: "bert.jpg", retired: false } },
    });
  });
});
