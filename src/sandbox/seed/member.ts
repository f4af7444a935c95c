import type { PictureSource, Recipe } from "../pictures.js";
import type { Licence } from "./skus.js";

export const SIZES = ["S", "M", "L"] as const;
export type Size = (typeof SIZES)[number];

/** What a stored picture shows, seen from the user it is stored for: the knowledge that truth.json is made of. */
export type Subject =
  "own" | "tighter" | "mirrored" | "recoloured" | "other-user" | "stranger" | "placeholder" | "shared";

export interface Shown {
  readonly subject: Subject;
  readonly recipe: Recipe;
  /** Hours after the rest of the user's pictures. */
  readonly laterBy?: number;
}

/** The state of a master file. `usable` ones decide what the stores should show. */
export type MasterState = "usable" | "duplicate" | "small" | "unreadable" | "ambiguous";

export interface MasterFile {
  /** File name; null: named after the user when the folder is written. */
  file: string | null;
  readonly state: MasterState;
  readonly source: PictureSource;
  /** Pixels of the shorter side of the file. */
  readonly side: number;
  /** Written instead of the picture: a truncated copy, or no image at all. */
  readonly damage?: "truncated" | "not-an-image" | "empty";
  readonly format?: "jpg" | "png" | "webp";
}

/** A user while the tenant is being made up; scenarios change it, then tenant, folder and truth are derived from it. */
export interface Member {
  readonly index: number;
  readonly id: string;
  first: string;
  last: string;
  upn: string;
  licence: Licence;
  guest: boolean;
  enabled: boolean;
  /** Soft-deleted: gone from the directory, thumbnails left behind. */
  deleted: boolean;
  /** The first and last name belong to nobody else, so a file may be named after them. */
  uniqueName: boolean;
  master: MasterFile | null;
  /** More files beside the master, e.g. the second candidate. */
  moreFiles: MasterFile[];
  cloud: Shown | null;
  thumbnails: Record<Size, Shown | null>;
  stem: string;
  folder: string;
  pictureUrl: "own" | "own-plain" | "own-large" | "elsewhere" | "empty";
  placeholderState: string;
  exchangeSyncState: string;
  /** Milliseconds since 1970 UTC of the last picture change. */
  changedAt: number;
}

export function hasMailboxLicence(member: Member): boolean {
  return member.licence === "full" || member.licence === "exchange";
}

export function hasSharePointLicence(member: Member): boolean {
  return member.licence === "full" || member.licence === "sharepoint";
}
