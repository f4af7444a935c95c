import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkUser } from "../../../src/compare/rules/index.js";
import { orphanFinding } from "../../../src/compare/rules/tenant.js";
import { stemsOf, upnStem } from "../../../src/compare/stem.js";
import type { PlanAction } from "../../../src/model/plan-action.js";
import { boundsProblem, duplicateKey, planOrphan, planUser } from "../../../src/plan/index.js";
import { actionId } from "../../../src/plan/pictures.js";
import { objectionTo, undecidable } from "../../../src/run/today/objections.js";
import type { Today } from "../../../src/run/today/today.js";
import { orphanFile } from "../../support/compared-user.js";
import { anna, POLICY } from "./people.js";

const FOLDER = "/User Photos/Profilbilder";
const ORIGIN = "https://contoso-my.sharepoint.com:443";
const WORLD = anna({ cloud: "absent", S: "other", M: "absent", L: "other", profile: { placeholderState: "1" } });
const VALID = planUser(WORLD, checkUser(WORLD));
const ANNA = WORLD.user;

const TODAY: Today = {
  stores: {
    entra: { enabled: true },
    exchange: { enabled: true },
    sharepoint: { enabled: true, fix: "direct", stem: "keep", thumbnails: { S: 48, M: 72, L: 200 } },
  },
  authority: "source",
  made: { here: true, authority: "source" },
  autoApply: POLICY.autoApply,
  named: [],
  masterOf: (user) => (user.id === ANNA.id && WORLD.masterPhoto?.kind === "usable" ? WORLD.masterPhoto : null),
  hasThumbnails: () => true,
  userOf: (id) => (id === ANNA.id ? ANNA : null),
  consentWithdrawn: () => false,
  pinned: () => false,
  decidedFix: () => true,
  wanted: () => false,
  outOfScope: () => null,
  folders: [FOLDER],
  origins: [ORIGIN],
  stemsOf: (user) => [...stemsOf(user), "anna"],
  isOrphan: () => false,
};

function isAllowed(action: PlanAction, today: Today = TODAY): boolean {
  return boundsProblem(action) === null && objectionTo(action, today) === null && undecidable(action, today) === null;
}

describe("a saved plan today", () => {
  it("is carried out as it was made", () => {
    expect(VALID.length).toBe(5);
    expect(VALID.map((action) => [boundsProblem(action), objectionTo(action, TODAY)])).toEqual(
      VALID.map(() => [null, null]),
    );
  });

  it.each<[string, Partial<Today>, string]>([
    ["consent", { consentWithdrawn: () => true }, "consent-withdrawn"],
    ["pins", { pinned: () => true }, "pinned"],
    ["scope", { outOfScope: () => "a guest" }, "out-of-scope"],
    ["autoApply", { autoApply: [] }, "rule-not-allowed"],
    ["what people accepted and keep", { wanted: () => true }, "accepted"],
    ["a user who is gone", { userOf: () => null }, "user-not-found"],
    ["a user of another name", { userOf: () => ({ ...ANNA, upn: "bea@contoso.com" }) }, "user-renamed"],
  ])("obeys %s", (_, part, code) => {
    const codes = VALID.map((action) => objectionTo(action, { ...TODAY, ...part })?.code);
    expect(codes).toEqual(VALID.map(() => code));
  });

  it("obeys stores that are off, the fix mode and the located folder; nothing is judged where SharePoint is silent", () => {
    const { stores } = TODAY;
    const left = (today: Partial<Today>) =>
      VALID.filter((action) => isAllowed(action, { ...TODAY, ...today })).map(({ action }) => action);
    const properties = "set-picture-properties";
    expect(left({ stores: { ...stores, exchange: { enabled: false } } })).not.toContain("upload-photo");
    expect(left({ stores: { ...stores, sharepoint: { ...stores.sharepoint, enabled: false } } })).toEqual([
      "upload-photo",
    ]);
    expect(left({ stores: { ...stores, sharepoint: { ...stores.sharepoint, fix: "wait-for-sync" } } })).toEqual([
      "upload-photo",
      properties,
    ]);
    expect(left({ folders: ["/User Photos/Profile Pictures"] })).not.toContain("write-thumbnail");
    expect(left({ folders: { code: "service-unavailable", message: "", hint: "" } })).toEqual(["upload-photo"]);
  });

  it.each<[Today["stores"]["sharepoint"]["fix"], string | undefined]>([
    ["direct", undefined],
    ["wait-for-sync", undefined],
    ["report-only", "fix-mode"],
  ])("takes a thumbnail of nobody away, or not, with fix %s", (fix, code) => {
    const file = orphanFile();
    const orphan = planOrphan(file, orphanFinding(file, ["orphan-thumbnail"]));
    if (orphan === null) throw new Error("no action");
    const { stores } = TODAY;
    const sharepoint = { ...stores.sharepoint, fix };
    const today: Today = {
      ...TODAY,
      named: ["orphan-thumbnail"],
      isOrphan: () => true,
      stores: { ...stores, sharepoint },
    };
    expect(objectionTo(orphan, today)?.code).toBe(code);
  });

  it("follows rules that were named, when it was made or now, and a person's decision", () => {
    const none = { ...TODAY, autoApply: [] };
    for (const action of VALID) {
      expect(objectionTo(action, { ...none, named: [action.because] })).toBeNull();
      expect(objectionTo({ ...action, decidedBy: "Bea" }, none)).toBeNull();
      const ended = { ...none, decidedFix: () => false };
      expect(objectionTo({ ...action, decidedBy: "Bea" }, ended)).toMatchObject({ code: "decision-ended" });
      // What another machine's state file knows is proved by the plan's signature.
      const elsewhere = { ...ended, made: { here: false, authority: "source" } } as const;
      expect(objectionTo({ ...action, decidedBy: "Bea" }, elsewhere)).toBeNull();
    }
  });

  it.each(["report-only", "wait-for-sync"] as const)("under fix: %s only consent still takes away", (fix) => {
    const { stores } = TODAY;
    const sharepoint = { ...stores.sharepoint, fix };
    const left = (because: PlanAction["because"], today: Partial<Today>) =>
      VALID.filter(({ address }) => address.startsWith("sharepoint/"))
        .map((action) => objectionTo({ ...action, because }, { ...TODAY, ...today }))
        .filter((objection) => objection?.code !== "fix-mode").length;
    expect(left("missing-thumbnail", { stores: { ...stores, sharepoint } })).toBe(fix === "report-only" ? 0 : 1);
    expect(left("consent-withdrawn", { stores: { ...stores, sharepoint } })).toBe(1);
  });
});

const names = fc.constantFrom(
  "..",
  "/SitePages",
  "/User Photos/Profilbilder/..",
  "/User Photos/profilbilder",
  FOLDER,
  "%2e%2e",
  "https://evil.example/User Photos/Profilbilder",
  "bert_contoso_com_LThumb.jpg",
  "anna_LThumb.aspx",
  "anna_LThumb.jpg",
  "../anna_LThumb.jpg",
  "..%2fanna_LThumb.jpg",
  "anna_contoso_com_SThumb.jpg",
  "exchange/bert@contoso.com",
  "sharepoint/anna@contoso.com/SThumb",
  "sharepoint/bert@contoso.com/profile",
  "bert@contoso.com",
  "bert-id",
  "wrong-person",
  "delete-photo",
  "delete-thumbnail",
  "backup",
  "none",
  "/etc/passwd",
  "",
  "https://evil.example/User%20Photos/Profilbilder/anna_MThumb.jpg",
);

/** Every text of an action, by its path. */
function paths(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value === "string") return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => paths(member, [...path, key]));
}

function changed(value: unknown, [key, ...rest]: readonly string[], text: string): unknown {
  if (key === undefined) return text;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, name === key ? changed(member, rest, text) : member]),
  );
}

/** What the rules of the outside allow at all for Anna, told without the code under test. */
function mayBeWritten(action: PlanAction): boolean {
  if (action.user?.id !== ANNA.id || action.precondition.kind === "none") return false;
  switch (action.action) {
    case "upload-photo":
      return /^(entra|exchange)\/anna@contoso\.com$/.test(action.address);
    case "write-thumbnail":
      return (
        action.after.folder === FOLDER &&
        ["anna", upnStem(ANNA.upn), ANNA.id].some((stem) =>
          ["S", "M", "L"].some(
            (size) => action.after.name === `${stem}_${size}Thumb.jpg` && action.address.endsWith(`/${size}Thumb`),
          ),
        )
      );
    case "set-picture-properties": {
      const url = action.after.properties.PictureURL ?? "";
      return url === "" || url.startsWith(`${ORIGIN}/User%20Photos/Profilbilder/anna_`);
    }
    default:
      return false;
  }
}

it("of 10,000 hostile plans, rightly signed, none writes beyond what configuration and lists allow", () => {
  let passed = 0;
  fc.assert(
    fc.property(
      fc.nat(VALID.length - 1),
      fc.array(fc.tuple(fc.nat(), names), { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      (which, changes, renamed) => {
        let action: unknown = VALID[which];
        for (const [at, text] of changes) {
          const all = paths(action);
          action = changed(action, all[at % all.length] ?? [], text);
        }
        const made = action as PlanAction;
        const hostile = renamed ? { ...made, id: actionId(made.action, made.address) } : made;
        if (!isAllowed(hostile)) return;
        passed++;
        expect(mayBeWritten(hostile)).toBe(true);
      },
    ),
    { numRuns: 10_000 },
  );
  expect(passed).toBeGreaterThan(0);
});

it.each([
  ['{"a":1,"b":{"a":2}}', null],
  ['{"a":1,"b":[{"c":1},{"c":2}],"a":2}', "a"],
  ['{"a":{"x":1,"\\u0078":2}}', "x"],
  ['{"a":"b\\":1","b":"{","c":"a:"}', null],
  ['{"a" :1,"a"\n:2}', "a"],
  ['{"a":"x","b":["a","a"],"c":"a"}', null],
  ['{"a":"}","b":1,"b":2}', "b"],
  ['{"a":"{","b":1,"a":2}', "a"],
  ['{"a":["{"],"b":{"b":":"}}', null],
  ['{"":1,"":2}', ""],
  ["[]", null],
  ['"a:b"', null],
  ["7", null],
])("finds a key that stands twice: %s", (json, key) => {
  expect(duplicateKey(json)).toBe(key);
});
