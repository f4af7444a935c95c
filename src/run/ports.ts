import type { UserId } from "../model/ids.js";
import type { Focus, ListKind, MappingRow, PersonRow } from "../model/list.js";
import type { ScannedOut, Unsuitable } from "../model/master.js";
import type {
  Attribution,
  Crop,
  FramedMaster,
  OtherFramings,
  LibraryFile,
  ObservedProfile,
  PhotoSignature,
  StoreError,
  StoredBytes,
} from "../model/photo.js";
import type { Cost } from "../model/run.js";
import type { DirectoryUser } from "../model/user.js";

/* ---------- the live services, reading ---------- */

/** Users and groups. A list that cannot be proved whole is thrown, never cut short. */
export interface DirectoryReader {
  /**
   * Every user of the tenant, in pages, with licences resolved by plan GUID.
   * @param before users that the last run knew, 0 or left out for none: a list that goes far beyond is held against the directory's own count
   */
  users(before?: number): AsyncIterable<readonly DirectoryUser[]>;
  /** One user by UPN or object id, or null. */
  user(idOrUpn: string): Promise<DirectoryUser | null>;
  /** Object ids of the users in a group, transitively; `before` as with users. Throws a PhotodriftError when the group does not exist. */
  groupMembers(groupId: string, before?: number): Promise<ReadonlySet<UserId>>;
}

/** Metadata of the photo one store answers for one user. Two readings a user only where the tenant's photo service is split. */
export interface CloudPhotoReading {
  readonly userId: UserId;
  readonly store: "entra" | "exchange";
  readonly attribution: Attribution;
  readonly result:
    | { readonly kind: "present"; readonly etag: string | null; readonly width: number; readonly height: number }
    | { readonly kind: "absent" }
    | { readonly kind: "unreadable"; readonly error: StoreError };
}

/** Bytes of one rendition. `whole` tells that these are the stored bytes themselves, so their length is the stored length. */
export interface CloudRendition {
  readonly userId: UserId;
  readonly store: "entra" | "exchange";
  readonly result:
    | { readonly kind: "image"; readonly bytes: Buffer; readonly whole: boolean }
    | { readonly kind: "absent" }
    | { readonly kind: "unreadable"; readonly error: StoreError };
}

/** One photo whose bytes are wanted. */
export interface RenditionRequest {
  readonly user: DirectoryUser;
  readonly store: "entra" | "exchange";
  /** Stored size, as metadata told it. */
  readonly width: number;
  readonly height: number;
  /** Longer side wanted; null: the largest there is. */
  readonly side: number | null;
}

/** Photos of Entra and Exchange, read through Graph. One user's failure is that user's answer; what concerns all is thrown (PhotodriftError). */
export interface CloudPhotoReader {
  /** merged: Graph serves one photo for mailbox users. split: v1.0 answers for the mailbox, beta falls back to the directory. */
  topology(sample: readonly DirectoryUser[]): Promise<"merged" | "split">;
  /** Metadata for up to a few hundred users in batches of 20; never throws for one user's failure. */
  metadata(users: readonly DirectoryUser[]): Promise<readonly CloudPhotoReading[]>;
  /** Renditions in batches; each answer is one of image, absent, unreadable. */
  renditions(requests: readonly RenditionRequest[]): Promise<readonly CloudRendition[]>;
  /** The tenant's photo policy, or null where it cannot be read (reason in `why`). */
  policy(): Promise<{ readonly writesBlocked: boolean; readonly source: string | null } | { readonly unknown: string }>;
}

/** The User Photos library as one look at the My Site host finds it. */
export interface PhotoLibrary {
  /** Server-relative folder that thumbnails are written to, e.g. `/User Photos/Profilbilder`. */
  readonly folder: string;
  /** Every folder that holds thumbnails, the one above included. */
  readonly folders: readonly string[];
  /** Changes whenever anything in the library changes; equal token = nothing to list. */
  readonly changeMark: string;
  /** Items of any kind, folders included: what a whole listing has rows of. */
  readonly itemCount: number;
  /** The address by which SharePoint knows the host itself (PictureURL has it), whatever address it is reached by; null where it does not say. */
  readonly webUrl: string | null;
}

/** Thumbnail files and profiles. Absent is a value; what could not be looked at is thrown or said in the value. */
export interface SharePointReader {
  locate(): Promise<PhotoLibrary>;
  /** Every thumbnail file of the library in pages; files that are no thumbnails are left out. */
  inventory(library: PhotoLibrary): AsyncIterable<readonly LibraryFile[]>;
  /** The bytes of one file, or null when it is gone. Throws PhotodriftError when it cannot be read. */
  download(file: LibraryFile): Promise<StoredBytes | null>;
  /** A fresh look at one file (etag and time exactly as `inventory` gives them), or null when there is none. */
  look(folder: string, name: string): Promise<LibraryFile | null>;
  /** The photo properties of each user. Keyed by lower-case UPN. */
  profiles(users: readonly DirectoryUser[]): Promise<ReadonlyMap<string, ObservedProfile>>;
}

/* ---------- the live services, writing: never wired into audit ---------- */

/** The same photos, written. No write is repeated before a look tells what became of it. */
export interface CloudPhotoWriter {
  /**
   * Puts JPEGs as the users' photos (one write serves Entra and Exchange), several in one `$batch` while the request stays under 3.5 MB.
   * One result a request, in the same order; `error` null means the service took it; `retryable` tells that its answer was lost or it was busy.
   */
  upload(
    requests: readonly { readonly user: { readonly id: string; readonly upn: string }; readonly jpeg: Buffer }[],
  ): Promise<readonly { readonly error: StoreError | null; readonly retryable: boolean }[]>;
  /** Throws PhotodriftError; a photo that is already gone is no error. */
  remove(user: { readonly id: string; readonly upn: string }): Promise<void>;
}

/** The same, written: files by folder and name, properties one by one. */
export interface SharePointWriter {
  /** Creates or replaces `name` in `folder`. Returns the new etag when the service tells it. */
  putThumbnail(folder: string, name: string, jpeg: Buffer): Promise<{ readonly etag: string | null }>;
  /** Deletes one file; `etag` guards against a change since it was looked at. A file that is gone is no error. */
  deleteThumbnail(folder: string, name: string, etag: string | null): Promise<void>;
  /** Writes one profile property. */
  setProperty(upn: string, name: PictureProperty, value: string): Promise<void>;
}

export type PictureProperty =
  "PictureURL" | "SPS-PicturePlaceholderState" | "SPS-PictureExchangeSyncState" | "SPS-PictureTimestamp";

/* ---------- images ---------- */

/** What a master file shows, and how it would be uploaded. */
export interface SignedMaster {
  readonly signature: PhotoSignature;
  /** The square that would be uploaded. */
  readonly crop: Crop;
  /** Squares that another choice of crop would upload: stored photos cut so are right. */
  readonly formerCrops?: readonly Crop[];
  /** Why it must not be uploaded, if so. */
  readonly unsuitable: Unsuitable | null;
}

/** Pictures of formats that need a decoder of their own, decoded and reduced, by content. A cache: whatever is lost is made again. */
export interface WorkingCopies {
  get(key: string): Promise<Buffer | null>;
  /** Never fails: a copy that cannot be kept is decoded again. */
  put(key: string, copy: Buffer): Promise<void>;
}

/** A master file by what was read of it: whoever reads it later must not take another picture for it. */
export interface MasterFile {
  /** Absolute. */
  readonly path: string;
  readonly sha256: string;
}

/** Looks at pictures: signatures, references and previews. Never changes a file. */
export interface ImageReader {
  /** Recipe version of the signatures this reader makes; another version is read anew. */
  readonly signatureVersion: number;
  /** Signature of an image in memory. Throws PhotodriftError code `unreadable-image` with reason and cure. */
  sign(bytes: Buffer): Promise<PhotoSignature>;
  /** SHA-256 of bytes that may be no image, lower case hex. */
  digest(bytes: Buffer): string;
  /** How masters are read, as a word: a master that was read by another recipe is read anew. */
  readonly masterRecipe: string;
  /** Reads a master file; `focus` is the middle of the square, whatever the reader's choice of crop; `also` sides of squares it will be compared with. */
  signMaster(path: string, focus?: Focus | null, also?: readonly number[]): Promise<SignedMaster>;
  /**
   * Signatures of the master rendered into a frame of width x height pixels, one for each framing that the aspect ratios allow,
   * most likely first. `former` are other squares that count as the master, too. Whether one is `enough` is asked with what is known of the
   * others; then it is the last, and those before it may be left out. Throws PhotodriftError `unreadable-image` where the file cannot be read any
   * more or holds something else.
   */
  references(
    master: MasterFile,
    crop: Crop,
    frame: { readonly width: number; readonly height: number },
    former?: readonly Crop[],
    enough?: (reference: FramedMaster, others: OtherFramings) => boolean,
  ): Promise<readonly FramedMaster[]>;
  /** A small WebP (longer side at most 240 px) for reports. */
  preview(bytes: Buffer): Promise<Buffer>;
  /** The same of a master file, cropped as uploaded. Throws as `references` does. */
  masterPreview(master: MasterFile, crop: Crop): Promise<Buffer>;
  /** A grey picture of a signature's luma, for reports where no bytes were kept. */
  lumaPreview(luma: Uint8Array): Promise<Buffer>;
  /** A preview with a longer side of at most `side` px. */
  smaller(preview: Uint8Array, side: number): Promise<Buffer>;
}

/* ---------- the folder of masters ---------- */

/** A file of the source folder before it is read: size in bytes, time of change in milliseconds. */
export interface ScannedFile {
  /** Path relative to the source folder, forward slashes. */
  readonly file: string;
  readonly path: string;
  readonly bytes: number;
  readonly mtimeMs: number;
}

/** The files of the source folder, and those that are left out with the reason. */
export interface SourceScan {
  readonly files: readonly ScannedFile[];
  readonly skipped: readonly ScannedOut[];
}

/** The source folder with its lists. */
export interface MasterSource {
  /** Throws PhotodriftError: `source-missing`, `source-empty`, `source-marker-missing` (refused, exit 3), `source-unreadable`. */
  scan(): Promise<SourceScan>;
  /** Rows of the mapping file, or null without one. */
  mapping(): Promise<readonly MappingRow[] | null>;
  /** Rows of the consent list and of the pin list; none without one. */
  consentWithdrawn(): Promise<readonly PersonRow[]>;
  pinned(): Promise<readonly PersonRow[]>;
  /** Names of the list files, relative to the configuration, forward slashes; "" where there is none. */
  readonly listFiles: Readonly<Record<ListKind, string>>;
}

/* ---------- odds and ends ---------- */

/** Milliseconds since 1970, so that tests rule the time. */
export interface Clock {
  /** Milliseconds since 1970 UTC. */
  now(): number;
}

/** What a run has cost so far. */
export interface Meter {
  cost(): Cost;
}

/** One piece of work that is told while it goes on. */
export interface ProgressStep {
  tick(count?: number): void;
  done(): void;
}

/** Tells a person what goes on; knows nothing of the work. */
export interface Progress {
  /** A step begins, beside those that are under way; `total` when known. */
  step(name: string, total?: number): ProgressStep;
  note(message: string): void;
  warn(message: string): void;
}
