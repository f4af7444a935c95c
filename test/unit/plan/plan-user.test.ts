import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkUser } from "../../../src/compare/rules/index.js";
import { exchangeAddress } from "../../../src/model/address.js";
import { PICTURE_PROPERTIES, type PlanAction } from "../../../src/model/plan-action.js";
import { planUser, stepOf } from "../../../src/plan/index.js";
import { anna, finding, SHA, URL_OF_ANNA, type AnnaParts, type Shows } from "./people.js";

function planOf(parts: AnnaParts): readonly PlanAction[] {
  const user = anna(parts);
  return planUser(user, checkUser(user));
}

/** `upload`, `L`, `M`, `S`, `-photo`, `-L` …, and the names of the properties. */
function inShort(actions: readonly PlanAction[]): readonly string[] {
  return actions.flatMap((action) => {
    const size = /([SML])Thumb$/.exec(action.address)?.[1] ?? "";
    switch (action.action) {
      case "upload-photo":
        return ["upload"];
      case "delete-photo":
        return ["-photo"];
      case "write-thumbnail":
        return [size];
      case "delete-thumbnail":
        return [`-${size}`];
      case "set-picture-properties":
        return PICTURE_PROPERTIES.filter((name) => name in action.after.properties).map((name) =>
          name.replace("SPS-Picture", ""),
        );
    }
  });
}

const EMPTY = { S: "absent", M: "absent", L: "absent" } as const;
const NO_PROPERTIES = { pictureUrl: "", placeholderState: "", exchangeSyncState: "", timestamp: "" };

const CASES: readonly (readonly [string, AnnaParts, readonly string[]])[] = [
  ["nothing is wrong", {}, []],
  ["no cloud photo", { cloud: "absent" }, ["upload"]],
  ["another cloud photo", { cloud: "other" }, ["upload"]],
  ["a small cloud photo", { cloud: { side: 96 } }, ["upload"]],
  ["one wrong thumbnail", { M: "other" }, ["M", "Timestamp"]],
  ["two missing thumbnails", { S: "absent", L: "absent" }, ["L", "S", "Timestamp"]],
  [
    "nothing anywhere",
    { ...EMPTY, cloud: "absent", profile: NO_PROPERTIES },
    ["upload", "L", "M", "S", "PlaceholderState", "PictureURL", "Timestamp"],
  ],
  [
    "nothing anywhere and no mailbox: the pull from Exchange is switched off",
    { ...EMPTY, mailbox: false, cloud: "absent", profile: NO_PROPERTIES },
    ["upload", "L", "M", "S", "PlaceholderState", "ExchangeSyncState", "PictureURL", "Timestamp"],
  ],
  ["first thumbnails, properties already right", { ...EMPTY }, ["L", "M", "S", "Timestamp"]],
  [
    "everything is another picture",
    { cloud: "other", S: "other", M: "other", L: "other" },
    ["upload", "L", "M", "S", "Timestamp"],
  ],
  ["the placeholder hides it", { profile: { placeholderState: "1" } }, ["PlaceholderState", "Timestamp"]],
  ["PictureURL names another file", { profile: { pictureUrl: "https://x/y_MThumb.jpg" } }, ["PictureURL", "Timestamp"]],
  ["PictureURL in another spelling", { profile: { pictureUrl: URL_OF_ANNA.replace(":443", "") } }, []],
  [
    "no mailbox, but it waits for one",
    { mailbox: false, profile: { exchangeSyncState: "1" } },
    ["ExchangeSyncState", "Timestamp"],
  ],
  ["no file, no master, but a PictureURL", { ...EMPTY, cloud: "absent", master: false }, ["PictureURL"]],
  ["somebody else's face is never automatic", { cloud: "somebody", L: "somebody" }, []],
  [
    "somebody else's face, named",
    { cloud: "somebody", L: "somebody", policy: { namedRules: ["wrong-person"] } },
    ["upload", "L", "Timestamp"],
  ],
  ["only the named rule", { cloud: "absent", L: "other", policy: { namedRules: ["stale-photo"] } }, ["L", "Timestamp"]],
  [
    "SharePoint waits for the sync",
    { cloud: "other", L: "other", policy: { sharePointFix: "wait-for-sync" } },
    ["upload"],
  ],
  [
    "SharePoint is only reported",
    { cloud: "other", L: "other", profile: { placeholderState: "1" }, policy: { sharePointFix: "report-only" } },
    ["upload"],
  ],
  ["the cloud could not be read", { cloud: "unreadable", L: "other" }, ["L", "Timestamp"]],
  ["a thumbnail could not be read", { L: "unreadable", M: "other" }, ["M", "Timestamp"]],
  [
    "the profile could not be read: where the thumbnails lie is not known",
    { cloud: "other", L: "other", S: "absent", profile: "unreadable" },
    ["upload"],
  ],
  ["there is no profile", { L: "other", profile: "absent" }, ["L"]],
  [
    "the profile was not read: what a first set needs is looked at when it is applied",
    { ...EMPTY, profile: "not-read" },
    ["L", "M", "S", "PlaceholderState", "PictureURL", "Timestamp"],
  ],
  ["nothing to upload from", { cloud: "absent", master: false }, []],
  [
    "consent withdrawn: the properties let go before the files go",
    { consentWithdrawn: true, policy: { autoApply: ["consent-withdrawn"] } },
    ["-photo", "PlaceholderState", "PictureURL", "-L", "-M", "-S"],
  ],
  [
    "consent withdrawn, one thumbnail left",
    { consentWithdrawn: true, cloud: "absent", S: "absent", M: "absent", policy: { autoApply: ["consent-withdrawn"] } },
    ["PlaceholderState", "PictureURL", "-L"],
  ],
  ["consent withdrawn, not automatic", { consentWithdrawn: true }, []],
  [
    "consent withdrawn, no thumbnail: the properties are let be",
    { ...EMPTY, consentWithdrawn: true, policy: { autoApply: ["consent-withdrawn"] } },
    ["-photo"],
  ],
  [
    "consent withdrawn, no profile",
    { consentWithdrawn: true, profile: "absent", policy: { autoApply: ["consent-withdrawn"] } },
    ["-photo", "-L", "-M", "-S"],
  ],
  [
    "consent withdrawn, hidden already",
    { consentWithdrawn: true, profile: { placeholderState: "1" }, policy: { autoApply: ["consent-withdrawn"] } },
    ["-photo", "PictureURL", "-L", "-M", "-S"],
  ],
  [
    "consent withdrawn, PictureURL empty already",
    { consentWithdrawn: true, profile: { pictureUrl: "" }, policy: { autoApply: ["consent-withdrawn"] } },
    ["-photo", "PlaceholderState", "-L", "-M", "-S"],
  ],
  [
    "consent withdrawn, hidden and empty already",
    {
      consentWithdrawn: true,
      profile: { placeholderState: "1", pictureUrl: "" },
      policy: { autoApply: ["consent-withdrawn"] },
    },
    ["-photo", "-L", "-M", "-S"],
  ],
  [
    "M could not be read: nothing points to it",
    { M: "unreadable", L: "other", profile: { placeholderState: "1", pictureUrl: "https://x/y_MThumb.jpg" } },
    ["L", "Timestamp"],
  ],
  [
    "PictureURL is empty beside other thumbnails",
    { L: "other", profile: { pictureUrl: "" } },
    ["L", "PictureURL", "Timestamp"],
  ],
  [
    "the profile was not read, and thumbnails were there: only the timestamp",
    { L: "other", profile: "not-read" },
    ["L", "Timestamp"],
  ],
];

describe("planUser", () => {
  it.each(CASES)("%s", (_, parts, expected) => {
    expect(inShort(planOf(parts))).toEqual(expected);
  });

  it("says all that apply needs, and what must still hold", () => {
    expect(planOf({ cloud: "absent", L: "other" })).toMatchObject([
      {
        action: "upload-photo",
        address: "exchange/anna@contoso.com",
        because: "missing-photo",
        before: { photo: "absent" },
        after: { sourceSha256: SHA, source: { kind: "master", file: "anna.jpg" }, maxBytes: 120_000 },
        precondition: { kind: "absent" },
      },
      {
        action: "write-thumbnail",
        because: "stale-photo",
        after: { side: 200, folder: "/User Photos/Profilbilder", name: "anna_LThumb.jpg" },
        precondition: { kind: "present", etag: '"sharepoint/anna@contoso.com/LThumb"' },
      },
      {
        action: "set-picture-properties",
        because: "stale-photo",
        after: { properties: { "SPS-PictureTimestamp": "63931032000" } },
      },
    ]);
  });

  it("keeps photos of the directory under its 100 KB", () => {
    expect(planOf({ mailbox: false, cloud: "absent" })[0]).toMatchObject({ after: { maxBytes: 100_000 } });
  });

  it("names the gravest of several reasons, once", () => {
    const address = exchangeAddress("anna@contoso.com");
    const user = anna({ cloud: "other" });
    const actions = planUser(user, [
      finding("low-resolution", address, { severity: "warning" }),
      finding("stale-photo", address, { severity: "error" }),
    ]);
    expect(actions).toMatchObject([{ because: "stale-photo" }]);
  });

  it("writes the wrong thumbnails of a user without mailbox for that rule alone, never another person's face", () => {
    const policy = { autoApply: ["license-without-mailbox" as const] };
    expect(inShort(planOf({ mailbox: false, S: "other", M: "somebody", L: "absent", policy }))).toEqual([
      "L",
      "S",
      "Timestamp",
    ]);
  });

  it("copies the cloud photo where the stores disagree and nobody has a master", () => {
    const policy = { namedRules: ["stores-disagree" as const] };
    const user = { ...anna({ master: false, L: "other", policy }), storesAgree: false };
    const actions = planUser(user, checkUser(user));
    expect(inShort(actions)).toEqual(["L", "M", "S", "Timestamp"]);
    expect(actions[0]).toMatchObject({
      after: { source: { kind: "cloud-photo", address: "exchange/anna@contoso.com" } },
    });
  });

  it("one photo write, however the photo service is split", () => {
    const user = anna({ cloud: "absent" });
    const [exchange] = user.cloud;
    if (exchange === undefined) throw new Error("no cloud");
    const entra = {
      ...exchange,
      address: "entra/anna@contoso.com" as typeof exchange.address,
      store: "entra" as const,
    };
    const both = { ...user, cloud: [exchange, entra] };
    const actions = planUser(both, [
      finding("missing-photo", exchange.address, {}),
      finding("missing-photo", entra.address, {}),
    ]);
    expect(actions.map(({ address }) => address)).toEqual(["exchange/anna@contoso.com"]);
  });

  it("whatever is wrong: at most one action an address, in a safe order, none where nothing was read, none for a right picture", () => {
    const shows = fc.constantFrom<Shows>("right", "other", "somebody", "absent", "unreadable", { side: 40 });
    const parts = fc.record({
      mailbox: fc.boolean(),
      cloud: shows,
      S: shows,
      M: shows,
      L: shows,
      master: fc.boolean(),
      consentWithdrawn: fc.boolean(),
      sharePointObserved: fc.boolean(),
      profile: fc.constantFrom<NonNullable<AnnaParts["profile"]>>(
        {},
        { placeholderState: "1" },
        NO_PROPERTIES,
        "not-read",
        "absent",
        "unreadable",
      ),
      policy: fc.constantFrom(
        {},
        { autoApply: ["consent-withdrawn", "wrong-person", "license-without-mailbox"] as const },
        { namedRules: ["stale-photo"] as const },
      ),
    });
    fc.assert(
      fc.property(parts, (given) => {
        const user = anna(given);
        const actions = planUser(user, checkUser(user));
        expect(new Set(actions.map(({ address }) => address)).size).toBe(actions.length);
        const steps = actions.map(stepOf);
        expect(steps).toEqual([...steps].sort((a, b) => a - b));
        for (const action of actions) {
          const photo = [...user.cloud, ...Object.values(user.sharePoint.photos)].find(
            (one) => one.address === action.address,
          );
          if (photo?.observed.kind === "unreadable") expect.fail(`${action.address} was not read`);
          if (action.action === "upload-photo") expect(given.consentWithdrawn).toBe(false);
          if (action.address.startsWith("sharepoint/")) expect(given.sharePointObserved).toBe(true);
          if (photo !== undefined && action.action === "write-thumbnail") {
            expect(given[/([SML])Thumb$/.exec(action.address)?.[1] as "S" | "M" | "L"]).not.toBe("right");
          }
        }
        expect(planUser(user, checkUser(user))).toEqual(actions);
      }),
      { numRuns: 400 },
    );
  });
});
