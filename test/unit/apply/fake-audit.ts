import { checkUser } from "../../../src/compare/rules/index.js";
import {
  entraAddress,
  exchangeAddress,
  slotOf,
  thumbnailAddress,
  type ComparedPhoto,
  type ComparedUser,
  type FindingDraft,
  type ObservedPhoto,
  type PhotoAddress,
  type PhotoVerdict,
  type Plan,
  type RulePolicy,
  type StoreName,
  type ThumbnailSize,
} from "../../../src/model/index.js";
import { createPlanMaker } from "../../../src/run/make-plan.js";
import { planDigest } from "../../../src/state/digest.js";
import type { State } from "../../../src/state/index.js";
import { picture, showsOf, sideOf, signature } from "./fake-pictures.js";
import {
  CROP,
  FOLDER,
  masterSha,
  stemOf,
  urlOf,
  type FakeFile,
  type FakePerson,
  type FakeTenant,
} from "./fake-tenant.js";

export const NOW = Date.UTC(2026, 10, 23, 12);

export const POLICY: RulePolicy = {
  authority: "source",
  minimumPixels: 240,
  lowResolutionBelow: 200,
  propagationMs: 72 * 3_600_000,
  thumbnails: { S: 48, M: 72, L: 200 },
  sharePointFix: "direct",
  autoApply: ["missing-photo", "missing-thumbnail", "stale-photo", "low-resolution", "profile-property-mismatch"],
  namedRules: [],
  severity: {},
};

/** Users as an audit would join them, with perfect eyes: two pictures are the same when they show the same. */
export function compareAll(tenant: FakeTenant, state: State, policy: RulePolicy = POLICY): readonly ComparedUser[] {
  return [...tenant.people.values()].map((person) => compareOne(tenant, state, person, policy));
}

export function findingsOf(tenant: FakeTenant, state: State, policy: RulePolicy = POLICY): readonly FindingDraft[] {
  return compareAll(tenant, state, policy).flatMap((user) => checkUser(user));
}

/** The plan that an audit of the tenant makes. */
export function planOf(
  tenant: FakeTenant,
  state: State,
  options: { readonly policy?: RulePolicy; readonly planId?: string; readonly now?: number } = {},
): Plan {
  const at = new Date(options.now ?? NOW).toISOString();
  const maker = createPlanMaker(options.planId ?? "plan-1", state.plans, planDigest, at);
  const users = compareAll(tenant, state, options.policy);
  for (const user of users) maker.user(user, checkUser(user));
  return maker.finish({
    tenant: "contoso.com",
    runId: "run-audit",
    observedAt: at,
    complete: true,
    usersInScope: users.length,
    maxChangePercent: null,
    maxRemovals: null,
    maxChanges: null,
    writesBlocked: null,
  });
}

function compareOne(tenant: FakeTenant, state: State, person: FakePerson, policy: RulePolicy): ComparedUser {
  const { user, master } = person;
  const address = user.licences.mailbox ? exchangeAddress(user.upn) : entraAddress(user.upn);
  const cloud = compared(state, person, address, user.licences.mailbox ? "exchange" : "entra", person.cloud);
  const thumbnail = (size: ThumbnailSize) =>
    compared(state, person, thumbnailAddress(user.upn, size), "sharepoint", person.files[size]);
  const signed = master === null ? null : { ...signature(picture(master, 800)), sha256: masterSha(master) };
  if (signed !== null) state.records.saveSignature(signed);
  return {
    user,
    master: master === null ? { kind: "none" } : { kind: "matched", file: `${master}.jpg`, pattern: "{upn}" },
    masterPhoto:
      master === null || signed === null
        ? null
        : { kind: "usable", file: `${master}.jpg`, bytes: 1, mtimeMs: 1, signature: signed, crop: CROP },
    consentWithdrawn: user.upn.startsWith("nein"),
    pinned: user.upn.startsWith("pinned"),
    cloud: [cloud],
    sharePoint: {
      observed: user.licences.sharePoint,
      photos: { S: thumbnail("S"), M: thumbnail("M"), L: thumbnail("L") },
      profile: {
        kind: "present",
        accountName: user.upn,
        pictureUrl: person.profile.PictureURL,
        placeholderState: person.profile["SPS-PicturePlaceholderState"],
        exchangeSyncState: person.profile["SPS-PictureExchangeSyncState"],
        timestamp: person.profile["SPS-PictureTimestamp"],
      },
      folder: FOLDER,
      stem: stemOf(user.upn),
      pictureUrl: urlOf(user.upn),
    },
    cloudChange: null,
    storesAgree: null,
    now: NOW,
    policy,
  };
}

function compared(
  state: State,
  person: FakePerson,
  address: PhotoAddress,
  store: StoreName,
  file: FakeFile | null,
): ComparedPhoto {
  const slot = slotOf(address) ?? "";
  const seen = file === null ? null : signature(file.bytes);
  if (seen !== null) state.records.saveSignature(seen);
  const observed: ObservedPhoto =
    file === null || seen === null
      ? { kind: "absent" }
      : {
          kind: "present",
          etag: file.etag,
          width: seen.width,
          height: seen.height,
          byteLength: seen.byteLength,
          modifiedAt: null,
          signature: seen,
        };
  const shows = file === null ? "" : showsOf(file.bytes);
  const same = shows === person.master;
  return {
    address,
    store,
    attribution: store === "sharepoint" ? null : person.user.licences.mailbox ? "merged" : "no-mailbox",
    observed,
    verdict: file === null || person.master === null ? null : verdict(same ? "same" : "different", sideOf(file.bytes)),
    identity: same || file === null ? null : { kind: "unknown" },
    lastApplied: state.records.lastApplied(person.user.id, slot),
    accepted: false,
    showsPrevious: false,
  };
}

function verdict(kind: PhotoVerdict["kind"], _side: number): PhotoVerdict {
  return {
    kind,
    upscaled: false,
    distorted: false,
    evidence: {
      identical: false,
      framing: null,
      hashBits: null,
      hp32: null,
      hp64: null,
      hp32Flipped: null,
      registration: null,
      detailRatio: null,
      placeholderScore: 0,
    },
    thresholds: "1",
  };
}
