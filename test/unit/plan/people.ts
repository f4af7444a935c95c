import {
  entraAddress,
  exchangeAddress,
  thumbnailAddress,
  type PhotoAddress,
  type StoreName,
} from "../../../src/model/address.js";
import type { ComparedUser, RulePolicy } from "../../../src/model/compared.js";
import type { FindingDraft } from "../../../src/model/finding.js";
import type { UserId } from "../../../src/model/ids.js";
import type { ComparedPhoto, ObservedProfile, PhotoSignature } from "../../../src/model/photo.js";
import type { RuleId } from "../../../src/model/rule.js";
import { POLICY, verdict } from "../../support/compared-user.js";
import { madeUser } from "../../support/made-user.js";

export const NOW = Date.UTC(2026, 10, 23, 12);
export const SHA = "a".repeat(64);
export const URL_OF_ANNA = "https://contoso-my.sharepoint.com:443/User%20Photos/Profilbilder/anna_MThumb.jpg";

export { POLICY };

/** Somebody else, whose face a picture shows. */
export const BERT = {
  kind: "other-user",
  userId: "x" as UserId,
  upn: "bert@contoso.com",
  displayName: "Bert",
  file: "bert.jpg",
  retired: false,
} as const;

/** What one place shows: the right picture, another one, nothing, or it could not be read. */
export type Shows = "right" | "other" | "somebody" | "absent" | "unreadable" | { readonly side: number };

export interface AnnaParts {
  readonly mailbox?: boolean;
  readonly cloud?: Shows;
  readonly S?: Shows;
  readonly M?: Shows;
  readonly L?: Shows;
  readonly profile?: Partial<Extract<ObservedProfile, { kind: "present" }>> | "not-read" | "unreadable" | "absent";
  readonly master?: boolean;
  readonly consentWithdrawn?: boolean;
  readonly sharePointObserved?: boolean;
  readonly policy?: Partial<RulePolicy>;
}

/** Anna, of whom everything is as it should be, but for the parts given. */
export function anna(parts: AnnaParts = {}): ComparedUser {
  const upn = "anna@contoso.com";
  const mailbox = parts.mailbox ?? true;
  const cloudAddress = mailbox ? exchangeAddress(upn) : entraAddress(upn);
  const thumbnail = (size: "S" | "M" | "L", side: number) =>
    photo(thumbnailAddress(upn, size), "sharepoint", parts[size] ?? "right", side, parts.master ?? true);
  return {
    user: madeUser("00000000-0000-0000-0000-00000000000a", upn, "Anna", {
      mail: upn,
      licences: { mailbox, sharePoint: true },
    }),
    decisions: [],
    acceptances: [],
    master: (parts.master ?? true) ? { kind: "matched", file: "anna.jpg", pattern: "{user}" } : { kind: "none" },
    masterPhoto:
      (parts.master ?? true)
        ? {
            kind: "usable",
            file: "anna.jpg",
            bytes: 1000,
            mtimeMs: 0,
            signature: signature(SHA, 800),
            crop: { left: 0, top: 0, width: 800, height: 800 },
          }
        : null,
    consentWithdrawn: parts.consentWithdrawn ?? false,
    pinned: false,
    cloud: [photo(cloudAddress, mailbox ? "exchange" : "entra", parts.cloud ?? "right", 648, parts.master ?? true)],
    sharePoint: {
      observed: parts.sharePointObserved ?? true,
      photos: { S: thumbnail("S", 48), M: thumbnail("M", 72), L: thumbnail("L", 200) },
      profile: profile(parts.profile ?? {}),
      folder: "/User Photos/Profilbilder",
      stem: "anna",
      pictureUrl: URL_OF_ANNA,
      unfinished: null,
    },
    cloudChange: null,
    storesAgree: null,
    now: NOW,
    policy: { ...POLICY, ...parts.policy },
  };
}

function profile(part: NonNullable<AnnaParts["profile"]>): ObservedProfile {
  if (part === "not-read" || part === "absent") return { kind: part };
  if (part === "unreadable") return { kind: "unreadable", error: { code: "x", message: "x", hint: "x" } };
  return {
    kind: "present",
    accountName: "i:0#.f|membership|anna@contoso.com",
    pictureUrl: URL_OF_ANNA,
    placeholderState: "0",
    exchangeSyncState: "0",
    timestamp: "1",
    ...part,
  };
}

function photo(
  address: PhotoAddress,
  store: StoreName,
  shows: Shows,
  fullSide: number,
  hasMaster: boolean,
): ComparedPhoto {
  const base = { address, store, attribution: null, lastApplied: null, accepted: false, showsPrevious: false };
  if (shows === "absent") return { ...base, observed: { kind: "absent" }, verdict: null, identity: null };
  if (shows === "unreadable") {
    const error = { code: "throttled", message: "busy", hint: "later" };
    return { ...base, observed: { kind: "unreadable", error }, verdict: null, identity: null };
  }
  const side = typeof shows === "object" ? shows.side : fullSide;
  const same = shows === "right" || typeof shows === "object";
  return {
    ...base,
    observed: {
      kind: "present",
      etag: `"${address}"`,
      width: side,
      height: side,
      byteLength: 1000,
      modifiedAt: null,
      signature: signature("b".repeat(64), side),
    },
    verdict: hasMaster ? verdict(same ? "same" : "different") : null,
    identity: shows === "somebody" ? BERT : same ? null : { kind: "unknown" },
  };
}

export function signature(sha256: string, side: number): PhotoSignature {
  return {
    sha256,
    width: side,
    height: side,
    byteLength: 1000,
    format: "jpeg",
    hash: "0".repeat(64),
    dctHash: "0".repeat(64),
    luma: new Uint8Array(4096),
    placeholderScore: 0,
    jpegQuality: 90,
    version: 1,
  };
}

/** A finding by hand, for rules whose circumstances are beside the point. */
export function finding(rule: RuleId, address: PhotoAddress, part: Partial<FindingDraft>): FindingDraft {
  return {
    rule,
    severity: "warning",
    drift: true,
    user: { id: "00000000-0000-0000-0000-00000000000a", upn: "anna@contoso.com", displayName: "Anna" },
    address,
    attribution: null,
    cause: "unknown",
    expected: {},
    actual: {},
    summary: "",
    remedy: { kind: "automatic", actions: ["upload-photo"] },
    ...part,
  };
}
