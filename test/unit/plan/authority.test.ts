import { describe, expect, it } from "vitest";
import { ALL_RULES, checkUser } from "../../../src/compare/rules/index.js";
import { AUTHORITIES, type Authority } from "../../../src/model/config.js";
import type { ComparedUser } from "../../../src/model/compared.js";
import type { LastApplied } from "../../../src/model/last-applied.js";
import type { ComparedPhoto } from "../../../src/model/photo.js";
import type { PlanAction } from "../../../src/model/plan-action.js";
import type { RuleId } from "../../../src/model/rule.js";
import { planUser } from "../../../src/plan/index.js";
import { comparedUser, directoryUser, photo, POLICY, sharePoint } from "../../support/compared-user.js";

/* Under policy.authority user and fill nothing that a user changed is overwritten, whichever rule asks for it. */

type Slot = Parameters<typeof photo>[0];

const WRITING: readonly RuleId[] = ALL_RULES.filter(({ actions }) =>
  actions.some((action) => action === "upload-photo" || action === "write-thumbnail"),
).map(({ id }) => id);

function wroteOnce(slot: Slot, part: Partial<LastApplied> = {}): LastApplied {
  const at = "2026-01-01T00:00:00Z";
  const common = { masterSha256: "m".repeat(64), at, etag: "ours", readBackSha256: null };
  return { address: photo(slot, "right").address, action: "write-thumbnail", ...common, ...part };
}

/** Far over the directory's limit, and the same for every place. */
const BYTES = 200_000;

/** Another picture than the master, put there by the user; before, ours stood there or nothing of ours ever did. */
const CHANGED: readonly (readonly [string, (slot: Slot) => ComparedPhoto])[] = [
  ["a picture of the user's", (slot) => photo(slot, "stale", { bytes: BYTES })],
  ["a picture over ours", (slot) => photo(slot, "stale", { bytes: BYTES, lastApplied: wroteOnce(slot) })],
  ["a small picture", (slot) => photo(slot, "stale", { bytes: BYTES, side: 40 })],
  ["a picture that is not square", (slot) => photo(slot, "stale", { bytes: BYTES, side: 300, height: 200 })],
  ["another shot", (slot) => photo(slot, "reframed", { bytes: BYTES })],
  ["the master mirrored", (slot) => photo(slot, "mirrored", { bytes: BYTES })],
  ["the master in black and white", (slot) => photo(slot, "recoloured", { bytes: BYTES })],
];

const PLACES: readonly (readonly [string, readonly Slot[], boolean])[] = [
  ["without a mailbox", ["entra"], false],
  ["with one merged photo", ["exchange"], true],
  ["with a photo in each cloud", ["exchange", "entra"], true],
];

function plansOf(authority: Authority, rule: RuleId, user: Partial<ComparedUser>): readonly PlanAction[] {
  const compared = comparedUser({ ...user, policy: { ...POLICY, authority, namedRules: [rule] } });
  return planUser(
    compared,
    checkUser(compared).filter((finding) => finding.rule === rule),
  );
}

const writes = (actions: readonly PlanAction[]): readonly PlanAction[] =>
  actions.filter(({ action }) => action === "upload-photo" || action === "write-thumbnail");

describe.each(PLACES)("a user %s", (_, clouds, mailbox) => {
  const user = directoryUser({ licences: { mailbox, sharePoint: true }, onPremisesSync: true });
  const whole = (of: (slot: Slot) => ComparedPhoto): Partial<ComparedUser> => ({
    user,
    cloud: clouds.map(of),
    sharePoint: sharePoint({ photos: { S: of("S"), M: of("M"), L: of("L") } }),
  });

  describe.each(WRITING)("%s", (rule) => {
    it.each(CHANGED)("keeps %s everywhere", (_state, changed) => {
      for (const authority of ["user", "fill"] as const) {
        expect(writes(plansOf(authority, rule, whole(changed)))).toEqual([]);
      }
    });

    it.each(CHANGED)("keeps %s in one place, whatever the others show", (_state, changed) => {
      const others: readonly ((slot: Slot) => ComparedPhoto)[] = [
        (slot) => photo(slot, "absent"),
        (slot) => photo(slot, "placeholder", { bytes: BYTES }),
        (slot) => photo(slot, "right", { side: 40, bytes: BYTES }),
        (slot) => photo(slot, "stale", { bytes: BYTES, identity: { kind: "own-retired", sha256: "o" } }),
      ];
      for (const authority of ["user", "fill"] as const) {
        for (const other of others) {
          for (const slot of [...clouds, "S", "M", "L"] as const) {
            const state = whole((one) => (one === slot ? changed(one) : other(one)));
            const touched = writes(plansOf(authority, rule, state)).filter(({ action, address }) =>
              clouds.includes(slot) ? action === "upload-photo" : address.endsWith(`/${slot}Thumb`),
            );
            expect(touched).toEqual([]);
          }
        }
      }
    });

    it("keeps what we wrote of the present master", () => {
      const ours = (slot: Slot) => photo(slot, "stale", { lastApplied: wroteOnce(slot, { etag: `etag-${slot}` }) });
      for (const authority of AUTHORITIES) expect(writes(plansOf(authority, rule, whole(ours)))).toEqual([]);
    });
  });

  it("gets what is missing under every authority", () => {
    for (const authority of AUTHORITIES) {
      const missing = whole((slot) => photo(slot, "absent"));
      expect(writes(plansOf(authority, "missing-photo", missing))).toHaveLength(1);
      expect(writes(plansOf(authority, "missing-thumbnail", missing))).toHaveLength(3);
    }
  });
});

describe("what is told of a picture that stands", () => {
  const noMailbox = directoryUser({ licences: { mailbox: false, sharePoint: true } });
  const of = (rule: RuleId, authority: Authority, user: Partial<ComparedUser>) =>
    checkUser(comparedUser({ ...user, policy: { ...POLICY, authority } })).find((finding) => finding.rule === rule);

  it.each(AUTHORITIES)("no mailbox, thumbnails changed by the user, authority %s", (authority) => {
    const photos = { S: photo("S", "stale"), M: photo("M", "stale"), L: photo("L", "stale") };
    const state = { user: noMailbox, cloud: [photo("entra", "right")], sharePoint: sharePoint({ photos }) };
    const found = of("license-without-mailbox", authority, state);
    const source = authority === "source";
    expect(found).toMatchObject({
      drift: source,
      severity: source ? "warning" : "info",
      actual: { thumbnailsWrong: source ? 3 : 0 },
    });
  });

  it.each(AUTHORITIES)("a directory photo that is too large, authority %s", (authority) => {
    const state = { user: noMailbox, cloud: [photo("entra", "stale", { bytes: BYTES })] };
    const found = of("oversized-directory-photo", authority, state);
    expect(found?.drift).toBe(true);
    expect(found?.remedy.kind).toBe(authority === "source" ? "when-named" : "manual");
    expect(found?.remedy.cure ?? "").toContain(authority === "source" ? "" : `policy.authority ${authority}`);
  });

  it("a photo that was accepted keeps the other cloud's, for one upload replaces both", () => {
    const cloud = [photo("exchange", "stale", { accepted: true }), photo("entra", "stale")];
    expect(of("stale-photo", "source", { cloud })?.remedy).toMatchObject({ kind: "manual", actions: [] });
  });
});
