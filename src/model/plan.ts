import type { PhotoAddress, ThumbnailSize } from "./address.js";
import type { FindingUser } from "./finding.js";
import type { Crop, LastApplied } from "./photo.js";
import type { RuleId } from "./rule.js";

export const PLAN_FORMAT_VERSION = "1.0";
/** A plan is worth nothing a day after the tenant was looked at. */
export const PLAN_LIFETIME_MS = 24 * 60 * 60 * 1000;

export const PICTURE_PROPERTIES = [
  "SPS-PicturePlaceholderState",
  "SPS-PictureExchangeSyncState",
  "PictureURL",
  "SPS-PictureTimestamp",
] as const;
/** Photo properties of a SharePoint profile, in the order in which they are written. */
export type PicturePropertyName = (typeof PICTURE_PROPERTIES)[number];
/** Values by property; null: not known (not read). */
export type PropertyValues = { readonly [name in PicturePropertyName]?: string | null };

/** Where the bytes of a write come from. A plan holds no image. */
export type PictureSource =
  /** A file of the source folder (relative, forward slashes) and the square cut out of it. */
  | { readonly kind: "master"; readonly file: string; readonly crop: Crop }
  /** A copy of the user's cloud photo as it is at that etag. */
  | {
      readonly kind: "cloud-photo";
      readonly address: PhotoAddress;
      readonly etag: string | null;
      readonly width: number;
      readonly height: number;
    }
  /** A picture of the backup store, byte for byte. */
  | { readonly kind: "backup" };

/** A picture as it was seen when the plan was made. */
export type PictureBefore =
  | { readonly photo: "absent" }
  | {
      readonly photo: "present";
      readonly etag: string | null;
      /** Pixels, null where unknown. */
      readonly width: number | null;
      readonly height: number | null;
      readonly bytes: number | null;
      /** Of the rendition that was read, which may be smaller than the stored picture. */
      readonly sha256: string | null;
    };

/**
 * What must still hold right before the write. `present`: the etag is the same or, where there is none, the picture of that fingerprint
 * (SHA-256 of the rendition that was read) is still shown. `properties`: each named property still has this value (null: any). `none`: forced.
 */
export type Precondition =
  | { readonly kind: "absent" }
  | { readonly kind: "present"; readonly etag: string | null; readonly fingerprint: string | null }
  | { readonly kind: "properties"; readonly values: PropertyValues }
  | { readonly kind: "none" };

interface ActionCommon {
  /** Stable for the same action at the same address. */
  readonly id: string;
  readonly address: PhotoAddress;
  /** null: a file that belongs to nobody. */
  readonly user: FindingUser | null;
  /** The gravest rule that asks for this. */
  readonly because: RuleId;
  /** Who decided on it, where it rests on a decision. */
  readonly decidedBy?: string;
  readonly precondition: Precondition;
  /** Only in the plan of an undo. */
  readonly restores?: Restores;
}

/** What an undo puts back: the journal entry, and what we had last applied there before it. */
export interface Restores {
  readonly entry: number;
  readonly lastApplied: LastApplied | null;
}

export interface UploadPhoto extends ActionCommon {
  readonly action: "upload-photo";
  readonly before: PictureBefore;
  readonly after: {
    readonly photo: "present";
    /** SHA-256 of the master file, or of the backed up picture. */
    readonly sourceSha256: string;
    readonly source: PictureSource;
    readonly maxBytes: number;
  };
}

export interface DeletePhoto extends ActionCommon {
  readonly action: "delete-photo";
  readonly before: PictureBefore;
  readonly after: { readonly photo: "absent" };
}

export interface WriteThumbnail extends ActionCommon {
  readonly action: "write-thumbnail";
  readonly before: PictureBefore;
  readonly after: {
    readonly photo: "present";
    readonly sourceSha256: string | null;
    readonly source: PictureSource;
    /** Pixels. */
    readonly side: number;
    readonly folder: string;
    readonly name: string;
  };
}

export interface DeleteThumbnail extends ActionCommon {
  readonly action: "delete-thumbnail";
  readonly before: PictureBefore;
  readonly after: { readonly photo: "absent"; readonly folder: string; readonly name: string };
}

export interface SetPictureProperties extends ActionCommon {
  readonly action: "set-picture-properties";
  readonly before: { readonly properties: PropertyValues };
  readonly after: { readonly properties: { readonly [name in PicturePropertyName]?: string } };
}

export type PlanAction = UploadPhoto | DeletePhoto | WriteThumbnail | DeleteThumbnail | SetPictureProperties;

/** The blast radius of a plan beside what is allowed. null: no limit of that kind. */
export interface PlanLimits {
  readonly maxChangePercent: number | null;
  readonly maxRemovals: number | null;
  /** From --max-changes: users that may be changed. */
  readonly maxChanges: number | null;
  /** Actions, removals among them. */
  readonly changes: number;
  readonly removals: number;
  readonly usersChanged: number;
  readonly usersInScope: number;
}

/** Why a plan must not be carried out. */
export interface PlanRefusal {
  readonly code: "max-change-percent" | "max-removals" | "max-changes" | "writes-blocked";
  readonly message: string;
  readonly cure: string;
}

/** All of a plan but its actions. */
export interface PlanHead {
  readonly formatVersion: string;
  readonly planId: string;
  readonly purpose: "apply" | "undo";
  readonly tenant: string;
  readonly basedOn: { readonly runId: string; readonly observedAt: string };
  /** ISO 8601 UTC. */
  readonly expiresAt: string;
  /** Rules that were named with --rule when it was made; empty: none. */
  readonly rules: readonly RuleId[];
  readonly limits: PlanLimits;
  /** Every store and user was looked at: nothing is missing from the plan. */
  readonly complete: boolean;
  /** False while a limit or the tenant's policy forbids it. */
  readonly applyable: boolean;
  readonly refusals: readonly PlanRefusal[];
}

/** A plan whose actions are taken lazily; each call of `actions` starts anew and gives them in the order of the plan. */
export interface Plan {
  readonly head: PlanHead;
  /** SHA-256 over head and actions, see planDigestText. */
  readonly digest: string;
  actions(): Iterable<PlanAction>;
}

/** Sides in which SharePoint's thumbnails are written: the picture people see largest first. */
export const THUMBNAIL_WRITE_ORDER: readonly ThumbnailSize[] = ["L", "M", "S"];
