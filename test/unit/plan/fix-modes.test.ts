import { describe, expect, it } from "vitest";
import { ALL_RULES, checkUser } from "../../../src/compare/rules/index.js";
import { orphanFinding } from "../../../src/compare/rules/tenant.js";
import { storeOf } from "../../../src/model/address.js";
import type { ComparedUser } from "../../../src/model/compared.js";
import { SHAREPOINT_FIXES, type SharePointFix } from "../../../src/model/config.js";
import type { PlanAction } from "../../../src/model/plan-action.js";
import { RULE_IDS, type ActionKind, type RuleId } from "../../../src/model/rule.js";
import { planOrphan, planUser } from "../../../src/plan/index.js";
import { POLICY, comparedUser, directoryUser, orphanFile, photo, sharePoint } from "../../support/compared-user.js";
import { BERT } from "./people.js";

/* What a finding's remedy says and what the plan does are the same, whoever may write SharePoint's pictures. */

type Slot = Parameters<typeof photo>[0];
type Place = (slot: Slot) => ReturnType<typeof photo>;

const lastApplied = {
  address: photo("L", "right").address,
  masterSha256: "m".repeat(64),
  action: "write-thumbnail",
  at: "2026-01-01T00:00:00Z",
  etag: "ours",
  readBackSha256: null,
} as const;
const noMaster: Partial<ComparedUser> = { master: { kind: "none" }, masterPhoto: null };
const hidden = { placeholderState: "1", pictureUrl: "" };

const PLACES: readonly (readonly [string, Place, Partial<ComparedUser>])[] = [
  ["right", (slot) => photo(slot, "right"), {}],
  ["absent", (slot) => photo(slot, "absent"), {}],
  ["stale", (slot) => photo(slot, "stale", { bytes: 200_000 }), {}],
  ["reframed", (slot) => photo(slot, "reframed"), {}],
  ["a silhouette", (slot) => photo(slot, "placeholder"), {}],
  ["small", (slot) => photo(slot, "right", { side: 30 }), {}],
  ["not square", (slot) => photo(slot, "right", { side: 300, height: 200 }), {}],
  ["somebody else's", (slot) => photo(slot, "stale", { identity: BERT }), {}],
  ["taken away", (slot) => photo(slot, "absent", { lastApplied }), {}],
  ["unreadable", (slot) => photo(slot, "unreadable"), {}],
  ["one silhouette", (slot) => photo(slot, slot === "L" ? "placeholder" : "right"), {}],
  ["different", (slot) => photo(slot, "unjudged"), { ...noMaster, storesAgree: false }],
  ["right, consent withdrawn", (slot) => photo(slot, "right"), { consentWithdrawn: true }],
];

function users(fix: SharePointFix, rule: RuleId): readonly (readonly [string, ComparedUser])[] {
  return PLACES.flatMap(([name, of, parts]) =>
    [true, false].flatMap((mailbox) =>
      [{}, hidden].map((properties) => {
        const base = sharePoint({ photos: { S: of("S"), M: of("M"), L: of("L") } });
        const profile = {
          ...base.profile,
          exchangeSyncState: "1",
          ...properties,
        } as ComparedUser["sharePoint"]["profile"];
        const user = comparedUser({
          user: directoryUser({ licences: { mailbox, sharePoint: true } }),
          cloud: [of(mailbox ? "exchange" : "entra")],
          sharePoint: { ...base, profile },
          policy: { ...POLICY, sharePointFix: fix, namedRules: [rule] },
          ...parts,
        });
        const what = `${name}, ${mailbox ? "" : "no "}mailbox${properties === hidden ? ", hidden" : ""}`;
        return [what, user] as const;
      }),
    ),
  );
}

const IN_SHAREPOINT: readonly ActionKind[] = ["write-thumbnail", "delete-thumbnail", "set-picture-properties"];
const inSharePoint = ({ address }: Pick<PlanAction, "address">): boolean => storeOf(address) === "sharepoint";

describe.each(SHAREPOINT_FIXES)("stores.sharepoint.fix %s", (fix) => {
  it.each(RULE_IDS)("--rule %s carries out what the remedy says, and nothing else", (rule) => {
    for (const [what, user] of users(fix, rule)) {
      const findings = checkUser(user).filter((finding) => finding.rule === rule);
      const actions = planUser(user, findings).filter(inSharePoint);
      const promised = findings
        .filter(({ remedy }) => remedy.kind === "automatic")
        .flatMap(({ remedy }) => remedy.actions)
        .filter((action) => IN_SHAREPOINT.includes(action));
      const [first] = promised;
      if (first === undefined) expect(actions, what).toEqual([]);
      else
        expect(
          actions.map(({ action }) => action),
          what,
        ).toContain(first);
      for (const { remedy } of findings) {
        if (remedy.kind === "automatic" || remedy.kind === "when-named") expect(remedy.actions, what).not.toEqual([]);
        else expect(remedy.actions, what).toEqual([]);
      }
    }
  });

  it("writes and deletes what it may", () => {
    const kinds = (rule: RuleId): ReadonlySet<ActionKind> =>
      new Set(
        users(fix, rule)
          .filter(([, user]) => !user.consentWithdrawn)
          .flatMap(([, user]) =>
            planUser(
              user,
              checkUser(user).filter((finding) => finding.rule === rule),
            ),
          )
          .filter(inSharePoint)
          .map(({ action }) => action),
      );
    const all = new Set(ALL_RULES.flatMap(({ id }) => [...kinds(id)]));
    const wanted: Readonly<Record<SharePointFix, readonly ActionKind[]>> = {
      direct: ["set-picture-properties", "write-thumbnail"],
      "wait-for-sync": ["set-picture-properties"],
      "report-only": [],
    };
    expect([...all].sort()).toEqual(wanted[fix]);
  });

  it("takes away the thumbnails of whoever withdrew consent, whatever else is set", () => {
    const rule = "consent-withdrawn";
    for (const [what, user] of users(fix, rule).filter(([, one]) => one.consentWithdrawn)) {
      const removed = planUser(user, checkUser(user)).filter(({ action }) => action === "delete-thumbnail");
      expect(removed, what).toHaveLength(3);
    }
  });

  it("orphans go where their rule is named, but not where SharePoint is only reported on", () => {
    const file = orphanFile({ folder: "/User Photos/P" });
    const named = orphanFinding(file, ["orphan-thumbnail"], fix);
    const unnamed = orphanFinding(file, [], fix);
    const manual = fix === "report-only";
    expect([named.remedy.kind, unnamed.remedy.kind]).toEqual(
      manual ? ["manual", "manual"] : ["automatic", "when-named"],
    );
    expect(planOrphan(file, named) === null).toBe(manual);
    expect(planOrphan(file, unnamed)).toBeNull();
  });
});
