import type { ThumbnailSize } from "./address.js";
import type { Acceptance, Decision } from "./decision.js";
import type { MasterPhoto, UserMaster } from "./master.js";
import type { ComparedPhoto, LibraryFile, ObservedProfile } from "./photo.js";
import type { ActionKind, RuleId, Severity } from "./rule.js";
import type { DirectoryUser } from "./user.js";

/** What policy says, as far as rules need it. Lengths in pixels, times in milliseconds. */
export interface RulePolicy {
  readonly authority: "source" | "user" | "fill";
  readonly minimumPixels: number;
  readonly lowResolutionBelow: number;
  readonly propagationMs: number;
  readonly thumbnails: Readonly<Record<ThumbnailSize, number>>;
  /** What SharePoint repairs may do. */
  readonly sharePointFix: "direct" | "wait-for-sync" | "report-only";
  readonly autoApply: readonly RuleId[];
  /** Rules named with --rule: they may be applied although not in autoApply. Empty: none named. */
  readonly namedRules: readonly RuleId[];
  readonly severity: Readonly<Partial<Record<RuleId, Severity>>>;
}

/** The SharePoint side of one user. */
export interface ComparedSharePoint {
  /** False when the store was not looked at in this run (filter, or the whole store failed). */
  readonly observed: boolean;
  readonly photos: Readonly<Record<ThumbnailSize, ComparedPhoto>>;
  readonly profile: ObservedProfile;
  /** Folder and stem the user's thumbnails have or would get. */
  readonly folder: string;
  readonly stem: string;
  /** PictureURL as SharePoint would spell it for that folder and stem. */
  readonly pictureUrl: string;
  /** A repair of ours that was cut off between its first thumbnail and the new timestamp, its last step; null for none. */
  readonly unfinished: UnfinishedRepair | null;
  /** Files of the user's own stems beside `photos`, in any folder: told of those who withdrew consent alone, of whom nothing may be left. */
  readonly furtherFiles?: readonly LibraryFile[];
  /** My Site host of another geography where the user's profile and pictures live; left out for everybody else. */
  readonly elsewhere?: string;
}

/** A repair of thumbnails that was cut off before its last step. */
export interface UnfinishedRepair {
  /** Thumbnails that it made where none was. */
  readonly created: readonly ThumbnailSize[];
  /** It copies the cloud photo of a user without master. */
  readonly copies: boolean;
}

/** A change of the picture that the cloud shows, and who made it. */
export interface CloudChange {
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly by: "photodrift" | "others";
}

/** All that a rule may see of one user in scope. */
export interface ComparedUser {
  readonly user: DirectoryUser;
  readonly master: UserMaster;
  /** The file behind `master` when it is matched. */
  readonly masterPhoto: MasterPhoto | null;
  readonly consentWithdrawn: boolean;
  readonly pinned: boolean;
  /** Cloud photos in order exchange, entra; one entry where Graph serves a merged photo. Empty when not looked at. */
  readonly cloud: readonly ComparedPhoto[];
  readonly sharePoint: ComparedSharePoint;
  /** The last change of the cloud photo, null when none was ever noticed. */
  readonly cloudChange: CloudChange | null;
  /** Cloud photo and L thumbnail show the same picture; null when it cannot be told. */
  readonly storesAgree: boolean | null;
  /** What people decided about this user's pictures; whether it still holds is for compare to say. */
  readonly decisions: readonly Decision[];
  /** What people accepted of this user's pictures; whether it still stands is for compare to say. */
  readonly acceptances: readonly Acceptance[];
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly policy: RulePolicy;
}

/** What one rule gives; the table adds severity overrides, pins and the order. */
export interface RuleSpec {
  readonly id: RuleId;
  readonly severity: Severity;
  readonly drift: boolean;
  readonly title: string;
  readonly actions: readonly ActionKind[];
}
