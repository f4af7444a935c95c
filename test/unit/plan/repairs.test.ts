import { describe, expect, it } from "vitest";
import { checkUser } from "../../../src/compare/rules/index.js";
import { exchangeAddress, profileAddress, thumbnailAddress } from "../../../src/model/address.js";
import type { ComparedUser } from "../../../src/model/compared.js";
import type { FindingDraft } from "../../../src/model/finding.js";
import type { ComparedPhoto } from "../../../src/model/photo.js";
import { actionSortKey, planOrphan, planUser } from "../../../src/plan/index.js";
import { cloudSource, isKnown, pictureBefore, picturePrecondition } from "../../../src/plan/pictures.js";
import { orphanFinding } from "../../../src/compare/rules/tenant.js";
import { anna, finding, type AnnaParts } from "./people.js";

const UPN = "anna@contoso.com";
const CLOUD = exchangeAddress(UPN);
const LARGE = thumbnailAddress(UPN, "L");
const FIX = { kind: "fix", by: "carl", at: "2026-01-01T00:00:00Z" } as FindingDraft["decided"] & object;
const toWrite = { remedy: { kind: "automatic", actions: ["write-thumbnail"] } } as const;

function planOf(parts: AnnaParts, change: (user: ComparedUser) => ComparedUser = (user) => user) {
  const user = change(anna(parts));
  return planUser(user, checkUser(user));
}

describe("who decided", () => {
  it("is named at the action of the finding that was decided on, and at no other", () => {
    const user = anna({ cloud: "other", L: "other" });
    const actions = planUser(user, [
      finding("stale-photo", CLOUD, { decided: FIX }),
      finding("stale-photo", LARGE, toWrite),
    ]);
    const names = new Map(actions.map(({ address, decidedBy }) => [address, decidedBy]));
    expect(names.get(CLOUD)).toBe("carl");
    expect(names.size).toBe(3);
    expect(names.get(LARGE)).toBeUndefined();
    expect(names.get(profileAddress(UPN))).toBeUndefined();
    const others = planUser(user, [finding("stale-photo", CLOUD, {}), finding("stale-photo", LARGE, toWrite)]);
    for (const action of others) expect(action).not.toHaveProperty("decidedBy");
  });

  it("is the one of the address before one of the same rule elsewhere", () => {
    const user = anna({ cloud: "other", L: "other" });
    const decided = { ...FIX, by: "dora" };
    const actions = planUser(user, [
      finding("stale-photo", LARGE, { ...toWrite, decided }),
      finding("stale-photo", CLOUD, { decided: FIX }),
    ]);
    expect(actions.filter(({ address }) => address === CLOUD)).toMatchObject([{ decidedBy: "carl" }]);
    expect(actions.filter(({ address }) => address === LARGE)).toMatchObject([{ decidedBy: "dora" }]);
  });

  it("is named at the properties that follow a thumbnail", () => {
    const actions = planUser(anna({ L: "other" }), [finding("stale-photo", LARGE, { ...toWrite, decided: FIX })]);
    expect(actions.map(({ action, decidedBy }) => [action, decidedBy])).toEqual([
      ["write-thumbnail", "carl"],
      ["set-picture-properties", "carl"],
    ]);
  });

  it("is not named at another picture of the same rule and kind", () => {
    const middle = thumbnailAddress(UPN, "M");
    const actions = planUser(anna({ L: "other", M: "other" }), [
      finding("stale-photo", LARGE, { ...toWrite, decided: FIX }),
      finding("stale-photo", middle, toWrite),
    ]);
    const names = new Map(actions.map(({ address, decidedBy }) => [address, decidedBy]));
    expect([names.get(LARGE), names.get(middle)]).toEqual(["carl", undefined]);
  });

  it("is named where another rule of the same address was decided, and not for another rule elsewhere", () => {
    const profile = profileAddress(UPN);
    const toAll = { remedy: { kind: "automatic", actions: ["write-thumbnail", "set-picture-properties"] } } as const;
    const actions = planUser(anna({ mailbox: false, L: "other", M: "other" }), [
      finding("stale-photo", LARGE, { ...toWrite, severity: "error" }),
      finding("wrong-dimensions", LARGE, { ...toWrite, decided: FIX }),
      finding("license-without-mailbox", profile, { ...toAll, severity: "critical" }),
    ]);
    const names = new Map(actions.map(({ address, decidedBy }) => [address, decidedBy]));
    expect(names.get(LARGE)).toBe("carl");
    expect(names.get(thumbnailAddress(UPN, "M"))).toBeUndefined();
  });

  it("nothing is planned for what a person decided to leave", () => {
    const left = { ...FIX, kind: "leave" } as const;
    expect(planUser(anna({ cloud: "other" }), [finding("stale-photo", CLOUD, { decided: left })])).toEqual([]);
  });

  it("is not named where the decision was to keep, or somebody else's rule made the action", () => {
    const kept = { ...FIX, kind: "keep" } as const;
    const user = anna({ cloud: "other", L: "other" });
    expect(planUser(user, [finding("stale-photo", CLOUD, { decided: kept })])[0]).not.toHaveProperty("decidedBy");
    const actions = planUser(user, [
      finding("stores-disagree", CLOUD, { ...toWrite, decided: FIX }),
      finding("stale-photo", LARGE, { ...toWrite, severity: "error" }),
    ]);
    const large = actions.find(({ address }) => address === LARGE);
    expect(large?.because).toBe("stale-photo");
    expect(large).not.toHaveProperty("decidedBy");
  });

  it("of a rule that made another address's action is named there too, whatever else was decided", () => {
    const user = anna({ mailbox: false, S: "absent", M: "absent", L: "absent" });
    const profile = profileAddress(UPN);
    const asked = { remedy: { kind: "automatic", actions: ["write-thumbnail", "set-picture-properties"] } } as const;
    const actions = planUser(user, [
      finding("license-without-mailbox", profile, { ...asked, decided: FIX }),
      finding("stale-photo", CLOUD, { decided: { ...FIX, by: "dora" } }),
    ]);
    const thumbnails = actions.filter(({ action }) => action === "write-thumbnail");
    expect(thumbnails.map(({ decidedBy }) => decidedBy)).toEqual(["carl", "carl", "carl"]);
  });
});

describe("the bytes of an upload", () => {
  const limited = (...limits: readonly unknown[]) =>
    planUser(
      anna({ mailbox: false, cloud: "other" }),
      limits.map((atMostBytes, at) =>
        finding(
          at === 0 ? "stale-photo" : "oversized-directory-photo",
          anna({ mailbox: false }).cloud[0]?.address ?? CLOUD,
          {
            expected: atMostBytes === undefined ? {} : { atMostBytes: atMostBytes as number },
          },
        ),
      ),
    )[0]?.after;

  it.each<[string, readonly unknown[], number]>([
    ["the store's own limit", [undefined], 100_000],
    ["what a finding allows", [50_000], 50_000],
    ["the least of several", [60_000, 50_000], 50_000],
    ["never more than the store takes", [900_000], 100_000],
    ["a limit that is no number is none", ["few"], 100_000],
  ])("%s", (_, limits, maxBytes) => {
    expect(limited(...limits)).toMatchObject({ maxBytes });
  });
});

describe("what is planned about a user", () => {
  it("nothing without a finding that may be cured", () => {
    expect(planUser(anna({ cloud: "other" }), [])).toEqual([]);
    expect(planUser(anna({ consentWithdrawn: true }), [])).toEqual([]);
  });

  it.each<[string, AnnaParts]>([
    ["SharePoint was not looked at", { L: "other", sharePointObserved: false }],
    ["SharePoint is only reported", { L: "other", policy: { sharePointFix: "report-only" } }],
    ["SharePoint is waited for", { L: "other", policy: { sharePointFix: "wait-for-sync" } }],
  ])("no thumbnail and no property where %s", (_, parts) => {
    const user = anna(parts);
    expect(planUser(user, [finding("stale-photo", LARGE, toWrite)])).toEqual([]);
  });

  it("acts on the address that is asked about, not on the user's other photo", () => {
    const user = anna({ cloud: "other" });
    const [exchange] = user.cloud;
    if (exchange === undefined) throw new Error("no cloud");
    const entra: ComparedPhoto = {
      ...exchange,
      address: "entra/anna@contoso.com" as typeof exchange.address,
      store: "entra",
    };
    const both = { ...user, cloud: [exchange, entra] };
    const actions = planUser(both, [
      finding("stale-photo", entra.address, {}),
      finding("low-resolution", exchange.address, { remedy: { kind: "automatic", actions: [] } }),
    ]);
    expect(actions).toMatchObject([{ address: entra.address, because: "stale-photo" }]);
  });

  it("nothing at an address of which the run knows no photo, or could not read it", () => {
    expect(planUser(anna(), [finding("stale-photo", exchangeAddress("bert@contoso.com"), {})])).toEqual([]);
    expect(planUser(anna({ cloud: "unreadable" }), [finding("stale-photo", CLOUD, {})])).toEqual([]);
  });

  it("the reason of an upload is one of its own address", () => {
    const user = anna({ cloud: "other" });
    const [exchange] = user.cloud;
    if (exchange === undefined) throw new Error("no cloud");
    const error = { code: "x", message: "x", hint: "x" };
    const entra: ComparedPhoto = {
      ...exchange,
      address: "entra/anna@contoso.com" as typeof exchange.address,
      store: "entra",
      observed: { kind: "unreadable", error },
    };
    const actions = planUser({ ...user, cloud: [entra, exchange] }, [
      finding("wrong-person", entra.address, { severity: "critical" }),
      finding("low-resolution", exchange.address, {}),
    ]);
    expect(actions).toMatchObject([{ address: exchange.address, because: "low-resolution" }]);
  });

  it("nothing to write from: no upload and no thumbnail, whatever asks", () => {
    const user = anna({ master: false, cloud: "other", L: "other" });
    expect(planUser(user, [finding("stale-photo", CLOUD, {}), finding("stale-photo", LARGE, toWrite)])).toEqual([]);
  });

  it("a thumbnail is copied from the cloud where one of several findings says so", () => {
    const user = anna({ master: false, L: "other" });
    const actions = planUser(user, [
      finding("missing-thumbnail", LARGE, toWrite),
      finding("stores-disagree", CLOUD, toWrite),
    ]);
    expect(actions[0]).toMatchObject({ address: LARGE, after: { source: { kind: "cloud-photo", address: CLOUD } } });
  });

  it("the reason of the properties is that of a thumbnail that is written", () => {
    const actions = planUser(anna({ L: "other", M: "unreadable" }), [
      finding("stale-photo", LARGE, toWrite),
      finding("wrong-person", thumbnailAddress(UPN, "M"), { ...toWrite, severity: "critical" }),
    ]);
    expect(actions).toMatchObject([{ address: LARGE }, { action: "set-picture-properties", because: "stale-photo" }]);
  });

  it("names what it removes and where", () => {
    const actions = planOf({ consentWithdrawn: true, policy: { autoApply: ["consent-withdrawn"] } });
    expect(actions.find(({ action }) => action === "delete-photo")?.after).toEqual({ photo: "absent" });
    expect(actions.filter(({ action }) => action === "delete-thumbnail")).toMatchObject(
      ["L", "M", "S"].map((size) => ({
        because: "consent-withdrawn",
        after: { photo: "absent", folder: "/User Photos/Profilbilder", name: `anna_${size}Thumb.jpg` },
      })),
    );
  });

  it("finishes what a cut-off run began as the first plan had it", () => {
    const created = (...sizes: readonly ("S" | "M" | "L")[]) =>
      planOf(
        { profile: { exchangeSyncState: "1", placeholderState: "1", pictureUrl: "" }, mailbox: false },
        (user) => ({
          ...user,
          sharePoint: { ...user.sharePoint, unfinished: { created: sizes, copies: false } },
        }),
      ).flatMap((action) => (action.action === "set-picture-properties" ? Object.keys(action.after.properties) : []));
    expect(created("S", "M", "L")).toContain("SPS-PictureTimestamp");
    expect(created("S", "M", "L")).toContain("SPS-PicturePlaceholderState");
    expect(created()).toContain("PictureURL");
  });
});

describe("properties that are asked for by themselves", () => {
  const PROFILE = profileAddress(UPN);
  const toSet = (expected: FindingDraft["expected"] = {}) =>
    finding("profile-property-mismatch", PROFILE, {
      expected,
      remedy: { kind: "automatic", actions: ["set-picture-properties"] },
    });
  const withUnfinished = (parts: AnnaParts, created: readonly ("S" | "M" | "L")[] | null): ComparedUser => {
    const user = anna(parts);
    const unfinished = created === null ? null : { created, copies: false };
    return { ...user, sharePoint: { ...user.sharePoint, unfinished } };
  };
  const set = (user: ComparedUser, ...findings: readonly FindingDraft[]) =>
    planUser(user, findings).flatMap((action) =>
      action.action === "set-picture-properties" ? Object.keys(action.after.properties) : [action.action],
    );
  const toAll = finding("license-without-mailbox", PROFILE, {
    remedy: { kind: "automatic", actions: ["write-thumbnail", "set-picture-properties"] },
  });

  it.each<[string, ComparedUser, FindingDraft, readonly string[]]>([
    ["nothing differs", anna(), toSet(), []],
    [
      "SharePoint is only reported",
      anna({ profile: { placeholderState: "1" }, policy: { sharePointFix: "report-only" } }),
      toSet(),
      [],
    ],
    [
      "SharePoint was not looked at",
      anna({ profile: { placeholderState: "1" }, sharePointObserved: false }),
      toSet(),
      [],
    ],
    [
      "a run was cut off before it announced its pictures",
      withUnfinished({}, ["L"]),
      toSet(),
      ["SPS-PictureTimestamp"],
    ],
    [
      "a value that nobody knows, beside pictures that were there",
      anna({ profile: { placeholderState: "" } }),
      toSet(),
      [],
    ],
    [
      "a value that nobody knows, beside pictures that are all ours",
      withUnfinished({ S: "absent", M: "absent", profile: { placeholderState: "" } }, ["L"]),
      toSet(),
      ["SPS-PicturePlaceholderState", "SPS-PictureTimestamp"],
    ],
    [
      "a value that nobody knows, beside pictures of which one is not ours",
      withUnfinished({ S: "absent", profile: { placeholderState: "" } }, ["L"]),
      toSet(),
      ["SPS-PictureTimestamp"],
    ],
    [
      "the profile was not read, and PictureURL is wanted",
      anna({ profile: "not-read" }),
      toSet({ pictureUrl: "u" }),
      ["SPS-PicturePlaceholderState", "PictureURL", "SPS-PictureTimestamp"],
    ],
    ["the profile was not read, and PictureURL is not wanted", anna({ profile: "not-read" }), toSet(), []],
    [
      "a user without a mailbox whose thumbnails are right",
      anna({ mailbox: false, profile: { exchangeSyncState: "1" } }),
      toAll,
      [],
    ],
  ])("%s", (_, user, asked, wanted) => {
    expect(set(user, asked)).toEqual(wanted);
  });

  it.each<[string, NonNullable<AnnaParts["profile"]>, readonly string[]]>([
    ["may only be hidden: nothing else of the profile is known", { timestamp: null, exchangeSyncState: null }, []],
    ["is empty: the timestamp is known", { exchangeSyncState: null }, ["PictureURL"]],
    ["is empty: the sync state is known", { timestamp: null }, ["PictureURL"]],
    ["was not read", "not-read", []],
  ])("a PictureURL that %s", (_, profile, wanted) => {
    const user = anna({ L: "other", profile: typeof profile === "string" ? profile : { pictureUrl: "", ...profile } });
    expect(set(user, finding("stale-photo", LARGE, toWrite))).toEqual([
      "write-thumbnail",
      ...wanted,
      "SPS-PictureTimestamp",
    ]);
  });

  it("tell what was there, and what must still hold: all but the timestamp", () => {
    const [action] = planUser(anna({ profile: { placeholderState: "1", timestamp: "7" } }), [toSet()]);
    expect(action).toMatchObject({
      before: { properties: { "SPS-PicturePlaceholderState": "1", "SPS-PictureTimestamp": "7" } },
      precondition: { kind: "properties", values: { "SPS-PicturePlaceholderState": "1" } },
    });
    const [unread] = planUser(anna({ profile: "not-read" }), [toSet({ pictureUrl: "u" })]);
    expect(unread?.before).toEqual({
      properties: { "SPS-PicturePlaceholderState": null, PictureURL: null, "SPS-PictureTimestamp": null },
    });
  });
});

describe("pictures of a plan", () => {
  const [photo] = anna().cloud;
  if (photo?.observed.kind !== "present") throw new Error("no photo");
  const { observed } = photo;
  const bare = { ...observed, signature: null };

  it("are told as they were seen, with what was not measured left open", () => {
    expect(pictureBefore({ kind: "absent" })).toEqual({ photo: "absent" });
    expect(pictureBefore(observed)).toMatchObject({ photo: "present", width: 648, sha256: "b".repeat(64) });
    expect(pictureBefore(bare)).toMatchObject({ photo: "present", sha256: null });
    expect(picturePrecondition({ kind: "absent" })).toEqual({ kind: "absent" });
    expect(picturePrecondition(observed)).toEqual({
      kind: "present",
      etag: observed.etag,
      fingerprint: "b".repeat(64),
    });
    expect(picturePrecondition(bare)).toMatchObject({ fingerprint: null });
  });

  it("are copied only where a photo of known size is there", () => {
    const of = (part: ComparedPhoto["observed"]) => cloudSource({ ...photo, observed: part });
    expect(of(observed)).toMatchObject({ sourceSha256: "b".repeat(64), source: { kind: "cloud-photo", width: 648 } });
    expect(of(bare)).toMatchObject({ sourceSha256: null });
    expect(of({ kind: "absent" })).toBeNull();
    expect(of({ ...observed, width: null })).toBeNull();
    expect(of({ ...observed, height: null })).toBeNull();
  });

  it("are known where they are there, or are not", () => {
    const known = (part: ComparedPhoto["observed"]) => isKnown({ ...photo, observed: part });
    expect(known(observed)).toBe(true);
    expect(known({ kind: "absent" })).toBe(true);
    expect(known({ kind: "unreadable", error: { code: "x", message: "x", hint: "x" } })).toBe(false);
    expect(known({ kind: "not-applicable", why: "no licence" })).toBe(false);
  });
});

describe("the order of a plan", () => {
  const file = (stem: string, size: "S" | "M" | "L") => {
    const name = `${stem}_${size}Thumb.jpg`;
    const common = { uniqueId: name, folder: "/p", etag: null, length: null, modifiedAt: null };
    const stored = { ...common, name, stem, size };
    const action = planOrphan(stored, orphanFinding(stored, ["orphan-thumbnail"]));
    if (action === null) throw new Error("no action");
    return action;
  };

  it("pictures first, the large one before the others, then properties; removals last", () => {
    const [upload] = planOf({ cloud: "absent" });
    const keys = (parts: AnnaParts) => planOf(parts).map(actionSortKey);
    const repair = keys({ cloud: "absent", S: "absent", M: "absent", L: "absent" });
    expect(repair).toEqual([...repair].sort());
    expect(upload?.action).toBe("upload-photo");
    const removal = keys({ consentWithdrawn: true, policy: { autoApply: ["consent-withdrawn"] } });
    expect(removal).toEqual([...removal].sort());
  });

  it("users by name in any case, files of nobody last, those of one stem together", () => {
    const [one] = planOf({ cloud: "absent" });
    if (one?.user == null) throw new Error("no action");
    const other = { ...one, user: { ...one.user, upn: "Anna@Contoso.com" } };
    expect(actionSortKey(other)).toBe(actionSortKey(one));
    const keys = [file("b", "S"), file("b", "L"), file("A", "M"), one].map(actionSortKey);
    expect([...keys].sort()).toEqual([keys[3], keys[2], keys[1], keys[0]]);
  });
});
