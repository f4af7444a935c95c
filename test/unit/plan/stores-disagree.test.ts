import { describe, expect, it } from "vitest";
import { checkUser } from "../../../src/compare/rules/index.js";
import type { ComparedUser, RulePolicy } from "../../../src/model/compared.js";
import type { Decision } from "../../../src/model/decision.js";
import type { ComparedPhoto } from "../../../src/model/photo.js";
import { planUser } from "../../../src/plan/index.js";
import { comparedUser, photo, POLICY, sharePoint, verdict } from "../../support/compared-user.js";
import { BERT } from "./people.js";

/* What is copied from the cloud to SharePoint where no master decides: only what may be the user's, and over nothing that somebody chose. */

const RULE = "stores-disagree";

interface Parts {
  readonly cloud?: ComparedPhoto;
  readonly L?: ComparedPhoto;
  readonly policy?: Partial<RulePolicy>;
  readonly decisions?: readonly Decision[];
}

function differing({ cloud, L, policy = {}, decisions = [] }: Parts): ComparedUser {
  const photos = { S: photo("S", "unjudged"), M: photo("M", "unjudged"), L: L ?? photo("L", "unjudged") };
  return comparedUser({
    master: { kind: "none" },
    masterPhoto: null,
    storesAgree: false,
    cloud: [cloud ?? photo("exchange", "unjudged")],
    sharePoint: sharePoint({ photos }),
    policy: { ...POLICY, ...policy },
    decisions,
  });
}

/** Sizes that the plan writes for this rule alone, and what the finding says. */
function copied(user: ComparedUser) {
  const findings = checkUser(user).filter(({ rule }) => rule === RULE);
  const written = planUser(user, findings).filter(({ action }) => action === "write-thumbnail");
  return { written: written.map(({ address }) => address.at(-6)).join(""), finding: findings[0] };
}

const named = { namedRules: [RULE] } as const;

function decisionOn(user: ComparedUser): Decision {
  const seen = [user.cloud[0], user.sharePoint.photos.L].map((one) =>
    one?.observed.kind === "present" ? (one.observed.signature?.sha256 ?? one.observed.etag) : "absent",
  );
  const common = { findingId: "f", userId: "u", rule: RULE, kind: "fix", master: null, by: "eva" } as const;
  return {
    ...common,
    address: user.cloud[0]?.address ?? "",
    seen: seen.join(" "),
    at: "2026-02-01T00:00:00Z",
  };
}

const unread = photo("exchange", "unjudged");
const UNTRUSTED: readonly (readonly [string, ComparedPhoto, RegExp])[] = [
  ["shows another user", photo("exchange", "unjudged", { identity: BERT }), /shows Bert/],
  [
    "shows a former picture of another",
    photo("exchange", "unjudged", { identity: { ...BERT, retired: true } }),
    /Bert/,
  ],
  ["is a silhouette", photo("exchange", "unjudged", { verdict: verdict("placeholder") }), /placeholder/],
  [
    "stands on many accounts",
    photo("exchange", "unjudged", { identity: { kind: "shared", accounts: 3 } }),
    /placeholder/,
  ],
  ["could not be read", photo("exchange", "unreadable"), /was not read/],
  ["is gone", photo("exchange", "absent"), /was not read/],
  [
    "was never looked at",
    { ...unread, observed: { ...unread.observed, signature: null } as ComparedPhoto["observed"] },
    /was not read/,
  ],
];

describe("a cloud photo", () => {
  it("of nobody else is copied to all three thumbnails, when named or decided", () => {
    for (const identity of [null, { kind: "unknown" }, { kind: "own-retired", sha256: "a" }] as const) {
      const cloud = photo("exchange", "unjudged", { identity });
      expect(copied(differing({ cloud, policy: named })).written).toBe("LMS");
      const decisions = [decisionOn(differing({ cloud }))];
      expect(copied(differing({ cloud, decisions })).written).toBe("LMS");
    }
  });

  it.each(UNTRUSTED)("that %s is copied nowhere: not when named, not when decided", (_, cloud, why) => {
    for (const user of [
      differing({ cloud, policy: named }),
      differing({ cloud, decisions: [decisionOn(differing({ cloud }))] }),
    ]) {
      const { written, finding } = copied(user);
      expect(written).toBe("");
      expect(finding?.remedy).toMatchObject({ kind: "manual", actions: [] });
      expect(finding?.remedy.cure).toMatch(why);
    }
  });
});

describe("a thumbnail", () => {
  const lastApplied = {
    address: photo("L", "right").address,
    masterSha256: "m".repeat(64),
    action: "write-thumbnail",
    at: "2026-01-01T00:00:00Z",
    etag: "etag-L",
    readBackSha256: null,
  } as const;
  const ours = photo("L", "unjudged", { lastApplied });
  const overOurs = photo("L", "unjudged", { lastApplied: { ...lastApplied, etag: "before" } });

  it.each<[string, ComparedPhoto, RulePolicy["authority"], string]>([
    ["nobody accepted", photo("L", "unjudged"), "source", "LMS"],
    ["that was accepted", photo("L", "unjudged", { accepted: true }), "source", ""],
    ["over our own, where the source decides", overOurs, "source", "LMS"],
    ["over our own, where users decide", overOurs, "user", ""],
    ["of ours, where users decide", ours, "user", "LMS"],
    ["nobody of us wrote, where users decide", photo("L", "unjudged"), "user", "LMS"],
    ["of any kind, where only gaps are filled", photo("L", "unjudged"), "fill", ""],
  ])("%s", (_, L, authority, wanted) => {
    const { written, finding } = copied(differing({ L, policy: { ...named, authority } }));
    expect(written).toBe(wanted);
    expect(finding?.remedy.kind).toBe(wanted === "" ? "manual" : "automatic");
  });

  it("that was accepted stays beside others that are written", () => {
    const user = differing({ policy: named });
    const M = photo("M", "unjudged", { accepted: true });
    const photos = { ...user.sharePoint.photos, M };
    expect(copied({ ...user, sharePoint: { ...user.sharePoint, photos } }).written).toBe("LS");
  });
});
