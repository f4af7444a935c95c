import type { ThumbnailSize } from "../model/address.js";
import type { Decision } from "../model/decision.js";
import type { Finding, FindingDraft } from "../model/finding.js";
import type { UserId } from "../model/ids.js";
import type { LastApplied } from "../model/last-applied.js";
import type { MasterPhoto } from "../model/master.js";
import type {
  Attribution,
  LibraryFile,
  ObservedProfile,
  PhotoSignature,
  PhotoVerdict,
  StoreError,
} from "../model/photo.js";
import type { RuleId } from "../model/rule.js";
import type { Cost, Outcome, RunHead, RunMode, RunSummary, RunTrigger, TrendPoint } from "../model/run.js";
import type { DirectoryUser } from "../model/user.js";

/** What was last seen of the cloud photo of one user in one store. */
export interface StoredCloudPhoto {
  readonly userId: UserId;
  readonly store: "entra" | "exchange";
  readonly attribution: Attribution;
  readonly kind: "present" | "absent" | "unreadable";
  readonly etag: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly byteLength: number | null;
  /** Content hash of the rendition that was read for this etag; null when none was read yet. */
  readonly signatureSha: string | null;
  readonly error: StoreError | null;
  /** When a change was noticed between two runs, ISO 8601; null for what was there at first sight. */
  readonly changedAt: string | null;
  /** Content hash of the rendition that was read before that change; null where there was none, or none was read. */
  readonly previousSha: string | null;
}

/** One thumbnail file with the signature read for its etag, if any. */
export interface StoredLibraryFile {
  readonly file: LibraryFile;
  readonly signatureSha: string | null;
  /** The last attempt to read it failed. */
  readonly error: StoreError | null;
}

/** What of a user may be refused for good: the photo's metadata, its bytes, the profile; or not be known: a licence. */
export type Refused = "entra" | "exchange" | "entra bytes" | "exchange bytes" | "profile" | "licence";

export interface StoredProfile {
  readonly profile: ObservedProfile;
  /** ISO 8601 UTC. */
  readonly readAt: string;
}

/** The master a user had, now replaced or taken away; its signature stays. */
export interface RetiredMaster {
  readonly userId: UserId;
  readonly sha256: string;
  readonly file: string;
}

/** What tells whose write a cloud photo is. */
export interface CloudPhotoSeen {
  readonly etag: string | null;
  /** The master that the photo shows. */
  readonly masterSha256: string;
}

/** What pruning leaves. */
export interface Keeping {
  /** Runs that wrote nothing. */
  readonly audits: number;
  /** ISO 8601 UTC: runs that wrote something and ended since. */
  readonly undoSince: string;
}

export interface UnfinishedWrite {
  /** null for the profile. */
  readonly size: ThumbnailSize | null;
  /** There was a thumbnail before. */
  readonly existed: boolean;
  /** The thumbnail is a copy of the cloud photo, not made from a master. */
  readonly copied: boolean;
}

export interface OpenRun {
  readonly id: string;
  readonly mode: RunMode;
  readonly trigger: RunTrigger;
  readonly tenant: string;
  readonly startedAt: string;
}

export interface RecordedRun {
  readonly head: RunHead;
  readonly summary: RunSummary;
  readonly cost: Cost;
}

/** Which findings a run was able to confirm or clear. */
export interface Coverage {
  readonly rules: ReadonlySet<RuleId> | null;
  readonly stores: ReadonlySet<string>;
  /** Addresses that could not be read: what stood there before still stands. */
  readonly unreadable: ReadonlySet<string>;
  /** null: every user. */
  readonly userIds: ReadonlySet<string> | null;
}

/** Everything a run remembers. Implemented over SQLite; every call is synchronous and durable when its transaction ends. */
export interface AuditRecords {
  transaction<T>(work: () => T): T;

  /* users */
  saveUsers(runId: string, users: readonly DirectoryUser[]): void;
  /** Forgets users that the run `runId` did not see. */
  forgetUsersUnseen(runId: string): void;
  /** In order of lower-case UPN. */
  users(): Iterable<DirectoryUser>;
  user(upnOrId: string): DirectoryUser | null;
  countUsers(): number;
  /** Users that the run did not see: what `forgetUsersUnseen` would forget. */
  countUsersUnseen(runId: string): number;
  /** Lower-case UPNs that several users seen by the run have; a few are enough. */
  sharedUpns(runId: string): readonly string[];
  /** Users whose object id, or UPN with `@` and `.` as `_` in lower case, is this stem; more than one where two UPNs fold to the same. */
  ownersOfStem(stem: string): readonly UserId[];

  /* images */
  saveSignature(signature: PhotoSignature): void;
  signature(sha256: string): PhotoSignature | null;
  savePreview(sha256: string, jpeg: Buffer): void;
  preview(sha256: string): Buffer | null;
  verdict(masterKey: string, renditionSha: string, thresholds: string): PhotoVerdict | null;
  saveVerdict(masterKey: string, renditionSha: string, verdict: PhotoVerdict): void;

  /* masters */
  master(file: string): MasterPhoto | null;
  saveMaster(runId: string, master: MasterPhoto): void;
  seenMaster(runId: string, file: string): void;
  /** Forgets files that the run did not see; their signatures stay as long as they are retired masters. */
  forgetMastersUnseen(runId: string): void;
  /** In order of file name. */
  masters(): Iterable<MasterPhoto>;
  countMasters(): number;
  /** The user's master is now this; a different one before becomes retired. */
  assignMaster(userId: UserId, file: string, sha256: string): void;
  retiredMasters(): Iterable<RetiredMaster>;
  isRetiredMasterOf(userId: UserId, sha256: string): boolean;
  /** User ids whose current master has this content. */
  ownersOfMaster(sha256: string): readonly UserId[];

  /* cloud photos */
  cloudPhotos(userId: UserId): readonly StoredCloudPhoto[];
  saveCloudPhoto(runId: string, photo: StoredCloudPhoto): void;
  /**
   * Notes how the service refused one of a user's things in its own words, or which subscription of the user's licences it does not know;
   * null for any other answer. Returns in how many consecutive runs it was the same, this one included; 0 for null.
   */
  noteRefusal(runId: string, userId: UserId, of: Refused, refusal: string | null): number;
  /** Accounts whose cloud photo or thumbnails have exactly these bytes. */
  accountsShowing(sha256: string): number;

  /* library */
  libraryMark(): string | null;
  saveLibraryMark(mark: string | null): void;
  saveLibraryFiles(runId: string, files: readonly LibraryFile[]): void;
  forgetLibraryFilesUnseen(runId: string): void;
  libraryFilesOfStem(stem: string): readonly StoredLibraryFile[];
  /** Files in order of folder, stem and size. */
  libraryFiles(): Iterable<StoredLibraryFile>;
  countLibraryFiles(): number;
  /** Server-relative folders of the thumbnails, as SharePoint spells them. */
  libraryFolders(): readonly string[];
  saveLibraryReading(uniqueId: string, reading: { signatureSha: string | null; error: StoreError | null }): void;

  /* profiles */
  profile(userId: UserId): StoredProfile | null;
  saveProfile(userId: UserId, stored: StoredProfile): void;
  /** Users whose PictureURL names this file stem. */
  claimantsOfStem(stem: string): readonly UserId[];

  /* what we did and what was accepted */
  lastApplied(userId: UserId, slot: string): LastApplied | null;
  saveLastApplied(userId: UserId, slot: string, applied: LastApplied): void;
  forgetLastApplied(userId: UserId, slot: string): void;
  accepted(userId: UserId, slot: string): string | null;
  accept(userId: UserId, slot: string, sha256: string): void;
  forgetAccepted(userId: UserId): number;
  /** Confirmed writes to the user's thumbnails or properties that were cut off before the last step of the repair, oldest first. */
  unfinishedWrites(userId: UserId): readonly UnfinishedWrite[];
  /** True when a write of this program explains the photo that the cloud shows, though nobody may have seen it arrive. */
  wroteCloudPhoto(userId: UserId, seen: CloudPhotoSeen): boolean;

  /* decisions of people */
  decisionsOf(userId: UserId): readonly Decision[];
  /** The decision about files of nobody at this address. */
  decisionAt(address: string, rule: RuleId): Decision | null;
  /** All of them, or those of one user. */
  decisions(userId?: UserId): Iterable<Decision>;
  decision(findingId: string): Decision | null;
  /** A later decision about the same finding takes the place of the earlier one, which is given back. */
  saveDecision(decision: Decision): Decision | null;
  endDecision(findingId: string): void;
  /** The finding as it stands open: in which run it was seen last. null: it does not stand any more. */
  lastSeenIn(findingId: string): string | null;

  /* runs and findings */
  beginRun(run: OpenRun): void;
  /** Writes findings in the order given; returns them with id and first-seen time. */
  recordFindings(runId: string, drafts: readonly FindingDraft[]): readonly Finding[];
  /** The run's findings stand from now on; closes open ones that the run could have seen and did not. Returns how many were new, persisting, resolved. */
  settleFindings(runId: string, coverage: Coverage): { new: number; persisting: number; resolved: number };
  finishRun(head: RunHead, summary: RunSummary, cost: Cost): void;
  /** What the audit of an apply found: known by id from here on, but the run has not come to its end. */
  noteAudit(head: RunHead, summary: RunSummary, cost: Cost): void;
  recordOutcome(runId: string, outcome: Outcome): void;
  run(id: string): RecordedRun | null;
  /** Of those that came to their end. */
  lastRun(): RecordedRun | null;
  /** Those that came to their end, newest first. */
  runs(limit: number): readonly RecordedRun[];
  /** Sorted by user, address, rule. */
  findings(runId: string): Iterable<Finding>;
  outcomes(runId: string): Iterable<Outcome>;
  trend(limit: number): readonly TrendPoint[];
  /** Number of masters the last complete run saw, or null. */
  lastMasterCount(): number | null;
  saveMasterCount(count: number): void;
  /** Number of users that the last listing of a group had, or null. */
  lastGroupSize(groupId: string): number | null;
  saveGroupSize(groupId: string, users: number): void;
  /** Runs that came to their end and whose id begins so, newest first. */
  runsNamed(beginning: string): readonly RecordedRun[];
  /**
   * Drops runs and images that nothing names any more. A run that wrote something is kept until `undoSince` and while one of its writes is
   * open, whatever else there is; of the others the newest `audits` are kept.
   */
  prune(keep: Keeping): void;

  /* report files */
  /** Notes a report that this program named itself, before it is written. `path` is absolute. */
  saveReportFile(runId: string, path: string): void;
  /** Report files of runs that are no longer kept. */
  reportFilesLeft(): readonly string[];
  forgetReportFile(path: string): void;
}
