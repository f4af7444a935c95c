import type { UserId } from "./ids.js";
import type { Crop, PhotoSignature } from "./photo.js";

/** Before the SHA-256 of a master, in the key of its preview; its crop stands behind. */
export const MASTER_PREVIEW = "master:";

/** A crop in a key, of a preview or a verdict. */
export function cropKey({ left, top, width, height }: Crop): string {
  return [left, top, width, height].join(",");
}

/** A file of the source folder that is a candidate for a master portrait. `file` is relative, with forward slashes. */
export type MasterPhoto =
  | {
      readonly kind: "usable";
      readonly file: string;
      readonly bytes: number;
      readonly mtimeMs: number;
      readonly signature: PhotoSignature;
      /** The square that is uploaded; the reference of later comparisons. */
      readonly crop: Crop;
      /** Other squares that may have been uploaded before, under another choice of crop: the same picture as well. */
      readonly formerCrops?: readonly Crop[];
      /** How it was read: version, crop, focus. Another recipe reads the file anew. */
      readonly recipe?: string;
    }
  | {
      readonly kind: "unsuitable";
      readonly file: string;
      readonly bytes: number;
      readonly mtimeMs: number;
      readonly sha256: string;
      readonly width: number;
      readonly height: number;
      readonly why: UnsuitableKind;
      /** One clause, e.g. "the picture is wholly transparent". */
      readonly reason: string;
      readonly cure: string;
      readonly recipe: string;
    }
  | {
      readonly kind: "unreadable";
      readonly file: string;
      readonly bytes: number;
      readonly mtimeMs: number;
      /** One sentence, e.g. "the file is truncated". */
      readonly reason: string;
      /** What to do about it. */
      readonly cure: string;
      readonly recipe?: string;
    };

export type UnsuitableKind = "transparent" | "blank" | "drawn" | "extreme-aspect";

/** Why an image that can be read must not be put over anybody's photo. */
export interface Unsuitable {
  readonly kind: UnsuitableKind;
  readonly reason: string;
  readonly cure: string;
}

/** A file left out of the scan, named in reports (hidden, `._`, being written, unreadable folder …). */
export interface SkippedFile {
  readonly file: string;
  readonly reason: string;
}

/** What a scan left out, with what to do where making it readable is not the cure. */
export interface ScannedOut extends SkippedFile {
  readonly cure?: string;
}

/** The match of one file, as `photodrift masters` lists it. */
export interface FileMatch {
  readonly file: string;
  readonly outcome:
    | { readonly kind: "matched"; readonly userId: UserId; readonly upn: string; readonly pattern: string }
    | {
        readonly kind: "ambiguous";
        readonly reason: string;
        readonly upns: readonly string[];
        readonly files: readonly string[];
        /** What to do, where it is not the same as for every ambiguous file. */
        readonly cure?: string;
      }
    /** Fits a user whose master is another, more exact file (`by`): neither used nor a finding. */
    | {
        readonly kind: "outranked";
        readonly userId: UserId;
        readonly upn: string;
        readonly pattern: string;
        readonly by: string;
      }
    | { readonly kind: "unmatched" };
  /** Why the other patterns did not fit, one line each. */
  readonly tried: readonly string[];
}

/** The master of one user. */
export type UserMaster =
  | { readonly kind: "none" }
  | { readonly kind: "matched"; readonly file: string; readonly pattern: string }
  | {
      readonly kind: "ambiguous";
      readonly files: readonly string[];
      /** Why, in one clause about the file, where it is not that several fit. */
      readonly reason?: string;
    };
