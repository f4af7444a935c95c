import { checkUser } from "../../../src/compare/rules/index.js";
import type { LastApplied } from "../../../src/model/last-applied.js";
import type { ComparedPhoto } from "../../../src/model/photo.js";
import { comparedUser, master, photo, POLICY, sharePoint } from "../../support/compared-user.js";

export const LISTS = ["none", "consent", "pinned", "accepted"] as const;
export const AUTHORITIES = ["source", "user", "fill"] as const;
export const APPLIED = ["never", "this master", "older master"] as const;
export const SHOWN = [
  "nothing",
  "our write",
  "master",
  "small master",
  "own older master",
  "another picture",
  "mirrored master",
  "another crop",
  "another user",
  "placeholder",
] as const;

export interface Situation {
  readonly list: (typeof LISTS)[number];
  readonly authority: (typeof AUTHORITIES)[number];
  readonly applied: (typeof APPLIED)[number];
  readonly shows: (typeof SHOWN)[number];
}

export interface Decision {
  readonly finding: string;
  readonly cause: string;
  readonly drift: string;
  readonly remedy: string;
}

/** Every situation that can be; a store cannot show our write when we never wrote. */
export const SITUATIONS: readonly Situation[] = LISTS.flatMap((list) =>
  AUTHORITIES.flatMap((authority) =>
    APPLIED.flatMap((applied) => SHOWN.map((shows) => ({ list, authority, applied, shows }))),
  ),
).filter(({ applied, shows }) => applied !== "never" || shows !== "our write");

const CURRENT = "m".repeat(64);
const OLDER = "0".repeat(64);
const IN_SYNC: Decision = { finding: "in sync", cause: "-", drift: "no", remedy: "-" };

/** What the rules say of the cloud photo of a user in such a situation. */
export function decide(situation: Situation): Decision {
  const policy = { ...POLICY, authority: situation.authority };
  const findings = checkUser(
    comparedUser({
      policy,
      masterPhoto: master({ sha256: CURRENT }),
      cloud: [cloudPhoto(situation)],
      sharePoint: sharePoint({ observed: false }),
      consentWithdrawn: situation.list === "consent",
      pinned: situation.list === "pinned",
    }),
  );
  if (findings.length > 1) throw new Error(`several findings: ${findings.map(({ rule }) => rule).join(", ")}`);
  const [finding] = findings;
  if (finding === undefined) return IN_SYNC;
  return {
    finding: finding.rule,
    cause: finding.cause,
    drift: finding.drift ? "yes" : "no",
    remedy: [finding.remedy.kind, ...finding.remedy.actions].join(" "),
  };
}

function cloudPhoto({ shows, applied, list }: Situation): ComparedPhoto {
  const lastApplied = lastAppliedOf(applied, shows === "our write");
  const parts = { lastApplied, accepted: list === "accepted" };
  switch (shows) {
    case "nothing":
      return photo("exchange", "absent", parts);
    case "our write":
      return applied === "older master"
        ? photo("exchange", "stale", { ...parts, identity: { kind: "own-retired", sha256: OLDER } })
        : photo("exchange", "right", parts);
    case "master":
      return photo("exchange", "right", parts);
    case "small master":
      return photo("exchange", "right", { ...parts, side: 96 });
    case "own older master":
      return photo("exchange", "stale", { ...parts, identity: { kind: "own-retired", sha256: OLDER } });
    case "another picture":
      return photo("exchange", "stale", parts);
    case "mirrored master":
      return photo("exchange", "mirrored", parts);
    case "another crop":
      return photo("exchange", "reframed", parts);
    case "another user":
      return photo("exchange", "stale", { ...parts, identity: somebodyElse() });
    case "placeholder":
      return photo("exchange", "placeholder", parts);
  }
}

function somebodyElse(): NonNullable<ComparedPhoto["identity"]> {
  const userId = comparedUser().user.id;
  return {
    kind: "other-user",
    userId,
    upn: "bernd@contoso.com",
    displayName: "Bernd",
    file: "Bernd.jpg",
    retired: false,
  };
}

function lastAppliedOf(applied: Situation["applied"], stillThere: boolean): LastApplied | null {
  if (applied === "never") return null;
  return {
    address: photo("exchange", "absent").address,
    masterSha256: applied === "this master" ? CURRENT : OLDER,
    action: "upload-photo",
    at: "2026-02-01T00:00:00Z",
    etag: stillThere ? "etag-exchange" : "etag-of-then",
    readBackSha256: null,
  };
}
