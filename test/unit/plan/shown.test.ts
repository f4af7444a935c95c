import { describe, expect, it } from "vitest";
import { checkUser } from "../../../src/compare/rules/index.js";
import { THUMBNAIL_SIZES, type ThumbnailSize } from "../../../src/model/address.js";
import type { ComparedUser, RulePolicy } from "../../../src/model/compared.js";
import type { LastApplied } from "../../../src/model/last-applied.js";
import type { ComparedPhoto, ObservedProfile } from "../../../src/model/photo.js";
import { planUser } from "../../../src/plan/index.js";
import { comparedUser, photo, POLICY, sharePoint } from "../../support/compared-user.js";
import { BERT } from "./people.js";

/* What becomes visible: properties that show thumbnails are set by themselves only where each of these may be shown. */

type State =
  | Parameters<typeof photo>[1]
  | "somebody"
  | "somebody, accepted"
  | "shared"
  | "own-retired"
  | "removed"
  | "unread"
  | "small";

function thumbnail(size: ThumbnailSize, state: State): ComparedPhoto {
  const ours: LastApplied = {
    address: photo(size, "right").address,
    masterSha256: "f".repeat(64),
    action: "write-thumbnail",
    at: "2026-01-01T00:00:00Z",
    etag: `etag-${size}`,
    readBackSha256: null,
  };
  switch (state) {
    case "somebody":
      return photo(size, "stale", { identity: BERT });
    case "somebody, accepted":
      return photo(size, "stale", { identity: BERT, accepted: true });
    case "shared":
      return photo(size, "stale", { identity: { kind: "shared", accounts: 4 } });
    case "own-retired":
      return photo(size, "stale", { identity: { kind: "own-retired", sha256: "a" } });
    case "removed":
      return photo(size, "absent", { lastApplied: ours });
    case "unread": {
      const seen = photo(size, "unjudged");
      return seen.observed.kind === "present" ? { ...seen, observed: { ...seen.observed, signature: null } } : seen;
    }
    case "small":
      return photo(size, "right", { side: 20 });
    default:
      return photo(size, state);
  }
}

type Profile = Partial<Extract<ObservedProfile, { kind: "present" }>>;

const HIDDEN: readonly (readonly [string, Profile])[] = [
  ["the placeholder hides them", { placeholderState: "1" }],
  ["PictureURL is empty", { pictureUrl: "" }],
  ["PictureURL names another file", { pictureUrl: "https://x/y_MThumb.jpg" }],
  ["both", { pictureUrl: "", placeholderState: "1" }],
];

interface Parts {
  readonly states: Partial<Record<ThumbnailSize, State>>;
  readonly profile: Profile;
  readonly policy?: Partial<RulePolicy>;
  readonly user?: Partial<ComparedUser>;
}

function userWith({ states, profile, policy = {}, user = {} }: Parts): ComparedUser {
  const of = (size: ThumbnailSize): ComparedPhoto => thumbnail(size, states[size] ?? "right");
  const base = sharePoint({ photos: { S: of("S"), M: of("M"), L: of("L") } });
  if (base.profile.kind !== "present") throw new Error("no profile");
  return comparedUser({
    sharePoint: { ...base, profile: { ...base.profile, ...profile } },
    policy: { ...POLICY, ...policy },
    ...user,
  });
}

/** What the plan makes visible, what it writes, and what the finding says of it. */
function planned(user: ComparedUser) {
  const findings = checkUser(user);
  const actions = planUser(user, findings);
  const properties = actions.find(({ action }) => action === "set-picture-properties");
  const values = properties?.action === "set-picture-properties" ? properties.after.properties : {};
  const mismatch = findings.find(({ rule }) => rule === "profile-property-mismatch");
  return {
    shows: values["SPS-PicturePlaceholderState"] === "0" || (values.PictureURL ?? "") !== "",
    hides: values["SPS-PicturePlaceholderState"] === "1" || values.PictureURL === "",
    written: THUMBNAIL_SIZES.filter((size) =>
      actions.some(({ action, address }) => action === "write-thumbnail" && address.endsWith(`${size}Thumb`)),
    ),
    properties: values,
    remedy: mismatch?.remedy.kind,
    summary: mismatch?.summary ?? "",
  };
}

const ONLY_PROPERTIES: Partial<RulePolicy> = { autoApply: ["profile-property-mismatch"] };
const NAMED: Partial<RulePolicy> = { namedRules: ["profile-property-mismatch"] };

/** May be shown as it is. */
const STATES: readonly (readonly [State, boolean])[] = [
  ["right", true],
  ["small", true],
  ["reframed", true],
  ["mirrored", true],
  ["recoloured", true],
  ["own-retired", true],
  ["unread", true],
  ["absent", true],
  ["somebody, accepted", true],
  ["somebody", false],
  ["shared", false],
  ["placeholder", false],
  ["stale", false],
  ["unjudged", false],
  ["removed", false],
];

describe.each(HIDDEN)("where %s", (_, profile) => {
  describe.each(["S", "M", "L"] as const)("and %s", (size) => {
    it.each(STATES.filter(([state]) => size !== "L" || state !== "unread"))("is %s", (state, may) => {
      const states = { [size]: state };
      const alone = planned(userWith({ states, profile, policy: ONLY_PROPERTIES }));
      expect([alone.shows, alone.written, alone.remedy]).toEqual([may, [], may ? "automatic" : "when-named"]);
      if (!may) expect(alone.summary).toContain(`thumbnail ${size} is not known to show the user`);
      const named = planned(userWith({ states, profile, policy: NAMED }));
      expect([named.shows, named.remedy]).toEqual([true, "automatic"]);
      expect(named.summary).not.toContain("not known");
    });
  });

  it.each<[State, Partial<RulePolicy>]>([
    ["stale", {}],
    ["placeholder", { autoApply: ["profile-property-mismatch", "placeholder-image"] }],
    ["absent", {}],
  ])("%s is put right in the same plan, which shows it", (state, policy) => {
    const states = { S: state, M: state, L: state } as const;
    const found = planned(userWith({ states: { ...states, S: "right" }, profile, policy }));
    expect(found).toMatchObject({ shows: true, written: ["M", "L"], remedy: "automatic" });
  });

  it("a person's decision to put it right shows it, to leave it does not", () => {
    for (const kind of ["fix", "leave"] as const) {
      const { address, observed } = thumbnail("L", "somebody");
      const seen = observed.kind === "present" ? (observed.signature?.sha256 ?? "") : "";
      const common = { findingId: "f", user: "u", by: "eva", at: "2026-02-01T00:00:00Z", master: "m".repeat(64) };
      const decision = { ...common, address, rule: "wrong-person", kind, seen } as unknown;
      const user = { decisions: [decision as ComparedUser["decisions"][number]] };
      const found = planned(userWith({ states: { L: "somebody" }, profile, user }));
      expect([found.shows, found.remedy]).toEqual(kind === "fix" ? [true, "automatic"] : [false, "when-named"]);
    }
  });

  it("another thumbnail that is written brings no wrong one to light, whichever rule writes it", () => {
    for (const policy of [{}, { namedRules: ["missing-thumbnail"] }] satisfies Partial<RulePolicy>[]) {
      const found = planned(userWith({ states: { M: "absent", L: "somebody" }, profile, policy }));
      expect(found).toMatchObject({ shows: false, written: ["M"] });
      expect(Object.keys(found.properties)).toEqual(["SPS-PictureTimestamp"]);
    }
    const named = userWith({ states: { L: "somebody" }, profile, policy: { namedRules: ["wrong-person"] } });
    expect(planned(named)).toMatchObject({ shows: true, written: ["L"] });
  });

  it("with no master they are shown where they are not known to be somebody else's", () => {
    const user = { master: { kind: "none" }, masterPhoto: null } as const;
    const states = { S: "unread", M: "unjudged", L: "unjudged" } as const;
    expect(planned(userWith({ states, profile, user }))).toMatchObject({ shows: true, remedy: "automatic" });
    for (const L of ["somebody", "shared", "placeholder", "removed"] as const) {
      const wrong = planned(userWith({ states: { ...states, L }, profile, user }));
      expect(wrong).toMatchObject({ shows: false, remedy: "when-named" });
      expect(wrong.summary).toContain("thumbnails S, L are");
    }
  });
});

describe("what shows nothing that was hidden stays automatic", () => {
  const noMailbox = { ...comparedUser().user, licences: { mailbox: false, sharePoint: true } };

  it("the sync state of a user without a mailbox, whatever the thumbnails show", () => {
    const user = { user: noMailbox, cloud: [photo("entra", "right")] };
    const found = planned(userWith({ states: { L: "somebody" }, profile: { exchangeSyncState: "1" }, user }));
    expect(found).toMatchObject({ shows: false, remedy: "automatic" });
    expect(found.properties).toMatchObject({ "SPS-PictureExchangeSyncState": "0" });
  });

  it("a PictureURL that names files which are gone", () => {
    const states = { S: "removed", M: "absent", L: "removed" } as const;
    const user = { master: { kind: "none" }, masterPhoto: null } as const;
    expect(planned(userWith({ states, profile: {}, user }))).toMatchObject({ hides: true, remedy: "automatic" });
  });

  it("the announcement of pictures that a cut-off run wrote, without what it did not write", () => {
    const cutOff = userWith({ states: { L: "somebody" }, profile: { placeholderState: "" } });
    const unfinished = { created: ["S", "M", "L"] as const, copies: false };
    const found = planned({ ...cutOff, sharePoint: { ...cutOff.sharePoint, unfinished } });
    expect(found).toMatchObject({ shows: false, remedy: "automatic" });
    expect(Object.keys(found.properties)).toEqual(["SPS-PictureTimestamp"]);
  });
});
