import { exchangeAddress, entraAddress, thumbnailAddress, type ThumbnailSize } from "../../src/model/address.js";
import type { ComparedSharePoint, ComparedUser, RulePolicy } from "../../src/model/compared.js";
import type { MasterPhoto } from "../../src/model/master.js";
import type {
  ComparedPhoto,
  LibraryFile,
  ObservedPhoto,
  PhotoIdentity,
  PhotoSignature,
  PhotoVerdict,
} from "../../src/model/photo.js";
import type { DirectoryUser } from "../../src/model/user.js";
import { madeUser } from "./made-user.js";

export const NOW = Date.parse("2026-03-01T12:00:00Z");
export const ANNA = "anna.b@contoso.com";

export function signature(parts: Partial<PhotoSignature> = {}): PhotoSignature {
  return {
    sha256: "a".repeat(64),
    width: 648,
    height: 648,
    byteLength: 60_000,
    format: "jpeg",
    hash: "0".repeat(64),
    dctHash: "0".repeat(64),
    luma: new Uint8Array(4096),
    placeholderScore: 0.2,
    jpegQuality: 85,
    version: 1,
    ...parts,
  };
}

export function directoryUser(parts: Partial<DirectoryUser> = {}): DirectoryUser {
  const anna = { mail: ANNA, givenName: "Anna", surname: "B" };
  return madeUser("6f3c0000-0000-4000-8000-000000000001", ANNA, "Anna B", { ...anna, ...parts });
}

export function master(parts: Partial<PhotoSignature> = {}): MasterPhoto {
  const found = signature({ sha256: "m".repeat(64), width: 1000, height: 1000, ...parts });
  const side = Math.min(found.width, found.height);
  const crop = { left: 0, top: 0, width: side, height: side };
  return { kind: "usable", file: "Anna B.jpg", bytes: 90_000, mtimeMs: 0, signature: found, crop };
}

/** The same file, showing a silhouette. */
export function unsuitableMaster(): MasterPhoto {
  const { file, bytes, mtimeMs } = master();
  const [reason, cure] = ["the picture is a silhouette", "Supply a portrait."];
  const size = { sha256: "m".repeat(64), width: 1000, height: 1000 };
  return { kind: "unsuitable", file, bytes, mtimeMs, ...size, why: "drawn", reason, cure, recipe: "1" };
}

export const POLICY: RulePolicy = {
  authority: "source",
  minimumPixels: 240,
  lowResolutionBelow: 200,
  propagationMs: 72 * 3600_000,
  thumbnails: { S: 48, M: 72, L: 200 },
  sharePointFix: "direct",
  autoApply: ["missing-photo", "missing-thumbnail", "stale-photo", "low-resolution", "profile-property-mismatch"],
  namedRules: [],
  severity: {},
};

export function verdict(kind: PhotoVerdict["kind"], parts: Partial<PhotoVerdict> = {}): PhotoVerdict {
  return {
    kind,
    upscaled: false,
    distorted: false,
    evidence: {
      identical: false,
      framing: "centre",
      hashBits: 4,
      hp32: 0.99,
      hp64: 0.97,
      hp32Flipped: 0.4,
      registration: null,
      detailRatio: 0.9,
      placeholderScore: 0.2,
    },
    thresholds: "test",
    ...parts,
  };
}

type Seen =
  | "absent"
  | "right"
  | "stale"
  | "mirrored"
  | "recoloured"
  | "reframed"
  | "placeholder"
  | "unreadable"
  | "not-looked-at"
  | "unjudged";

const SIDES = { exchange: 648, entra: 648, S: 48, M: 72, L: 200 } as const;

/** One photo in the state that a test names; `parts` change the rest. */
export function photo(
  slot: "exchange" | "entra" | ThumbnailSize,
  seen: Seen,
  parts: Partial<ComparedPhoto> & { side?: number; height?: number; etag?: string; upn?: string; bytes?: number } = {},
): ComparedPhoto {
  const { side = SIDES[slot], height = side, etag = `etag-${slot}`, upn = ANNA, bytes = null, ...rest } = parts;
  const cloud = slot === "exchange" || slot === "entra";
  const address =
    slot === "exchange" ? exchangeAddress(upn) : slot === "entra" ? entraAddress(upn) : thumbnailAddress(upn, slot);
  const kinds: Partial<Record<Seen, PhotoVerdict["kind"]>> = {
    right: "same",
    stale: "different",
    mirrored: "mirrored",
    recoloured: "recoloured",
    reframed: "reframed",
    placeholder: "placeholder",
  };
  const kind = kinds[seen];
  const present: ObservedPhoto = {
    kind: "present",
    etag,
    width: side,
    height,
    byteLength: bytes,
    modifiedAt: null,
    signature: signature({ sha256: `${slot}-${seen}`.padEnd(64, "0"), width: side, height }),
  };
  const error = { code: "timeout", message: "no answer", hint: "run again" };
  const observed: ObservedPhoto =
    seen === "absent"
      ? { kind: "absent" }
      : seen === "unreadable"
        ? { kind: "unreadable", error }
        : seen === "not-looked-at"
          ? { kind: "not-applicable", why: "test" }
          : present;
  const identity: PhotoIdentity | null = kind !== undefined && kind !== "same" ? { kind: "unknown" } : null;
  return {
    address,
    store: cloud ? slot : "sharepoint",
    attribution: slot === "exchange" ? "merged" : slot === "entra" ? "no-mailbox" : null,
    observed,
    verdict: kind === undefined ? null : verdict(kind),
    identity,
    lastApplied: null,
    accepted: false,
    showsPrevious: false,
    ...rest,
  };
}

const STEM = "6f3c0000-0000-4000-8000-000000000001";
const FOLDER = "/User Photos/Profile Pictures";
export const PICTURE_URL = `https://contoso-my.sharepoint.com:443/User%20Photos/Profile%20Pictures/${STEM}_MThumb.jpg`;

export function sharePoint(parts: Partial<ComparedSharePoint> = {}): ComparedSharePoint {
  return {
    observed: true,
    photos: { S: photo("S", "right"), M: photo("M", "right"), L: photo("L", "right") },
    profile: {
      kind: "present",
      accountName: `i:0#.f|membership|${ANNA}`,
      pictureUrl: PICTURE_URL,
      placeholderState: "0",
      exchangeSyncState: "1",
      timestamp: "63808000000",
    },
    folder: FOLDER,
    stem: STEM,
    pictureUrl: PICTURE_URL,
    unfinished: null,
    ...parts,
  };
}

/** A user in sync in all three stores, but for what the test changes. */
export function comparedUser(parts: Partial<ComparedUser> = {}): ComparedUser {
  return {
    user: directoryUser(),
    master: { kind: "matched", file: "Anna B.jpg", pattern: "{first} {last}" },
    masterPhoto: master(),
    consentWithdrawn: false,
    pinned: false,
    cloud: [photo("exchange", "right")],
    sharePoint: sharePoint(),
    cloudChange: null,
    storesAgree: null,
    decisions: [],
    acceptances: [],
    now: NOW,
    policy: POLICY,
    ...parts,
  };
}

/** All three thumbnails in one state. */
export function thumbnails(seen: Seen, parts: Parameters<typeof photo>[2] = {}): ComparedSharePoint["photos"] {
  return { S: photo("S", seen, parts), M: photo("M", seen, parts), L: photo("L", seen, parts) };
}

/** A large thumbnail of nobody. */
export function orphanFile(parts: Partial<LibraryFile> = {}): LibraryFile {
  return {
    uniqueId: "1",
    name: "gone_LThumb.jpg",
    folder: "/User Photos/Profilbilder",
    stem: "gone",
    size: "L",
    etag: "e",
    length: 5,
    modifiedAt: null,
    ...parts,
  };
}
