import type { PhotoAddress, StoreName, ThumbnailSize } from "./address.js";
import type { LastApplied } from "./last-applied.js";
import type { UserId } from "./ids.js";

/**
 * What is kept of an image instead of its pixels. Luma and hash come from the canonical image (EXIF applied, alpha on white, sRGB,
 * 128x128, facts/photo-comparison.md section 5), so signatures of different files are comparable.
 */
export interface PhotoSignature {
  /** SHA-256 of the file bytes, lower case hex. */
  readonly sha256: string;
  /** Pixels after EXIF orientation. */
  readonly width: number;
  readonly height: number;
  readonly byteLength: number;
  /** jpeg, png, webp, gif, tiff, avif, … */
  readonly format: string;
  /** image-hash, 16 bits, method true: 64 hex digits. */
  readonly hash: string;
  /** DCT hash of 256 bits, 64 hex digits: the sharper prefilter of a 1:N search. */
  readonly dctHash: string;
  /** 64 x 64 luma of the canonical image, 4,096 bytes, row by row. */
  readonly luma: Uint8Array;
  /** 16 x 16 means of BT.601 Cb, then of Cr (full range, 128 is none): 512 bytes. Absent in signatures of older recipes. */
  readonly chroma?: Uint8Array;
  /**
   * Fine detail by place: 16 x 16 cells of the canonical image, 16 steps to a doubling of its energy. Absent where the longer side is below 200 pixels, and
   * in signatures of older recipes.
   */
  readonly texture?: Uint8Array;
  /** Detail at the image's own size (longer side at most 648): energy of eight bands, finest first. Absent in signatures of older recipes. */
  readonly spectrum?: readonly number[];
  /** Share of pixels in few modes, 0 to 1.5; 2 for the bytes of a known silhouette. */
  readonly placeholderScore: number;
  /** Approximate IJG quality from the quantisation tables, or null for other formats. */
  readonly jpegQuality: number | null;
  /** Fingerprints of the other square crops of a master that is not square, by which its picture may be found again in a store. */
  readonly framings?: readonly { readonly hash: string; readonly dctHash: string }[];
  /** Version of the recipe; another version is computed anew. */
  readonly version: number;
}

/** What a stored picture is held against: of a master as it would look in that picture's frame only what is compared is made. */
export type ReferenceSignature = Pick<
  PhotoSignature,
  "sha256" | "width" | "height" | "hash" | "luma" | "chroma" | "texture" | "spectrum" | "jpegQuality"
>;

export type { Crop } from "./shapes.js";

/** How a master can be laid into a rendition's frame. */
export type Framing = "whole" | "centre" | "top" | "stretched" | "chosen-crop";

/** What a stored picture is, held against the master. */
export type VerdictKind = "same" | "recoloured" | "reframed" | "mirrored" | "placeholder" | "different";

/** How the colours of a rendition differ from those of the master in the same frame. */
export interface ColourChange {
  /** Share of the picture that visibly has another colour, 0 to 1. */
  readonly changedShare: number;
  /** Distance in L*a*b* that two of its 256 cells reach: a logo, a watermark, a bar. */
  readonly spot: number;
  /** Lightness and its spread, by those of the master: 1 is unchanged. */
  readonly lightness: number;
  readonly contrast: number;
  /** White balance: the largest shift of two colour channels against each other, in percent. */
  readonly cast: number;
  /** Chroma by that of the master, 0 for black and white; null where the master has next to none. */
  readonly saturation: number | null;
  /**
   * Octaves by which the fine detail of a part changed against the whole: smoothed, sharpened, written over. Absent where the colours changed, and where it is
   * not known: below 200 pixels, of enlarged pictures and of older signatures.
   */
  readonly texture?: number;
}

/** A master rendered into the frame of a stored picture, one way. */
export interface FramedMaster {
  readonly framing: Framing;
  readonly signature: ReferenceSignature;
}

/** What is known of the framings of a master beside the one that was rendered. */
export interface OtherFramings {
  /** 32x32 luma of each, or null where it is not at hand. */
  readonly lumas: () => readonly Uint8Array[] | null;
  /** None of them is likelier than the one that was, or it was rendered too. */
  readonly later: boolean;
}

/** The answer to "does this rendition show that master?", with its evidence. */
export interface PhotoVerdict {
  readonly kind: VerdictKind;
  /** Same picture, but the detail of a smaller image that was enlarged. */
  readonly upscaled: boolean;
  /** Same picture, squeezed out of its aspect ratio. */
  readonly distorted: boolean;
  readonly evidence: {
    /** Exact byte equality with an accepted rendition or the master. */
    readonly identical: boolean;
    readonly framing: Framing | null;
    /** Differing bits of 256 of the image-hash fingerprints. */
    readonly hashBits: number | null;
    /** High-passed correlation at 32x32 and 64x64, -1 to 1. */
    readonly hp32: number | null;
    readonly hp64: number | null;
    readonly hp32Flipped: number | null;
    /** Lowest correlation of any part of the picture that shows something, -1 to 1: a smile in another shot lowers it. */
    readonly local?: number | null;
    /** High-passed correlation after registration, -1 to 1. */
    readonly registration: number | null;
    /** Fine detail of the rendition by that of the master at that size, contrast and brightness apart. */
    readonly detailRatio: number | null;
    /** Discriminant of enlarged pictures. */
    readonly enlargement?: number | null;
    readonly placeholderScore: number;
    /** SHA-256 of the former master that it shows: the present one differs from it in a part only, as retouching does. */
    readonly older?: string;
    /** Measured where the picture is the master's; absent where the colours of either side are not known. */
    readonly colour?: ColourChange | null;
  };
  /** Version of the thresholds that gave this verdict; a change recomputes. */
  readonly thresholds: string;
}

/** Whose picture a rendition shows when it does not show the user's master. */
export type PhotoIdentity =
  | { readonly kind: "own-retired"; readonly sha256: string }
  | {
      readonly kind: "other-user";
      readonly userId: UserId;
      readonly upn: string;
      readonly displayName: string;
      readonly file: string;
      readonly retired: boolean;
    }
  | { readonly kind: "shared"; readonly accounts: number }
  | { readonly kind: "unknown" };

/** Which store gave the answer: Graph serves one merged photo for users with a mailbox. */
export const ATTRIBUTIONS = ["no-mailbox", "merged", "split"] as const;
/** Which store an answer of Graph speaks for. */
export type Attribution = (typeof ATTRIBUTIONS)[number];

/** A failure that stays visible: "could not look" is never "not there". */
export interface StoreError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /**
   * Status and error code of the service, where it refused in words of its own that no document explains; or the hash of what is stored, where all of it
   * came and it is no picture.
   */
  readonly refusal?: string;
  /** Consecutive runs in which that refusal stayed, from the third on: it is the service's last word and no longer a gap in the run. */
  readonly standing?: number;
}

/** Code of the error of what is stored where a picture should be, and is none. */
export const BROKEN_PICTURE = "no-picture";

/** What a store showed at one address. Sizes in pixels, lengths in bytes; null where it was not told. */
export type ObservedPhoto =
  | {
      readonly kind: "present";
      readonly etag: string | null;
      /** Pixels the store says or, when the image was read, measured; null when unknown (a thumbnail that was never read). */
      readonly width: number | null;
      readonly height: number | null;
      /** Bytes of the stored image where known (Graph tells no length; the library does). */
      readonly byteLength: number | null;
      readonly modifiedAt: string | null;
      /** Signature of the rendition that was read, null when none was read. It may be smaller than the stored image. */
      readonly signature: PhotoSignature | null;
      /** Why what is stored is no picture at all, proved by several runs: then there is no signature. */
      readonly noPicture?: string;
    }
  | { readonly kind: "absent" }
  | { readonly kind: "not-applicable"; readonly why: string }
  | { readonly kind: "unreadable"; readonly error: StoreError };

/** The photo properties of a SharePoint user profile. */
export type ObservedProfile =
  | {
      readonly kind: "present";
      readonly accountName: string;
      /** PictureURL as stored, "" when empty. */
      readonly pictureUrl: string;
      /** SPS-PicturePlaceholderState: "0" shows the picture, "1" the placeholder, "" unset; null when not read. */
      readonly placeholderState: string | null;
      /** SPS-PictureExchangeSyncState: "1" pull from Exchange, "0" off, "" unset; null when not read. */
      readonly exchangeSyncState: string | null;
      /** SPS-PictureTimestamp: decimal seconds since 0001-01-01 UTC, null when not read. */
      readonly timestamp: string | null;
      /** My Site host of the user's own geography as the service says it; left out or null where it does not. */
      readonly personalSiteHost?: string | null;
    }
  | { readonly kind: "absent" }
  | { readonly kind: "not-read" }
  | { readonly kind: "not-applicable"; readonly why: string }
  | { readonly kind: "unreadable"; readonly error: StoreError };

/** What a file of the library holds, whole. */
export interface StoredBytes {
  readonly bytes: Buffer;
  readonly etag: string | null;
  /** Why these bytes are no picture, or null: all of them came, for they are as many as the library says. */
  readonly flaw: string | null;
}

/** One thumbnail file in the User Photos library. */
export interface LibraryFile {
  readonly uniqueId: string;
  readonly name: string;
  /** Server-relative path of the folder, without trailing slash. */
  readonly folder: string;
  /** File stem in lower case, without `_SThumb.jpg`. */
  readonly stem: string;
  readonly size: ThumbnailSize;
  readonly etag: string | null;
  /** Bytes; null where the listing does not say. */
  readonly length: number | null;
  /** ISO 8601; null where the listing does not say. */
  readonly modifiedAt: string | null;
}

/** A photo at an address together with everything the rules need to judge it. */
export interface ComparedPhoto {
  readonly address: PhotoAddress;
  readonly store: StoreName;
  readonly attribution: Attribution | null;
  readonly observed: ObservedPhoto;
  /** Against the user's current master; null without master, without image, or when only metadata is known. */
  readonly verdict: PhotoVerdict | null;
  /** Filled only where the verdict is not "same". */
  readonly identity: PhotoIdentity | null;
  readonly lastApplied: LastApplied | null;
  /** The present picture was recorded as wanted with `photodrift accept`, or a person decided to keep it, and that still holds. */
  readonly accepted: boolean;
  /** A thumbnail that still shows what the cloud photo showed before its last change. */
  readonly showsPrevious: boolean;
}
