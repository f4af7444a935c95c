import type { ThumbnailSize } from "../../model/address.js";
import type { LibraryFile, ObservedProfile } from "../../model/photo.js";
import type { FileAnswer, LibraryRow } from "../answers/library.js";
import type { ProfileAnswer } from "../answers/profiles.js";

/** Folders of the library that hold no thumbnails: forms, and renditions that picture libraries derive. */
export function isHousekeeping(name: string): boolean {
  return name === "" || name.toLowerCase() === "forms" || name.startsWith("_");
}

/** Stem in lower case and size of a thumbnail's name `{stem}_{S|M|L}Thumb.jpg`, in any case; null for other files. */
export function parseThumbnailName(name: string): { readonly stem: string; readonly size: ThumbnailSize } | null {
  const match = /^(.+)_([SML])Thumb\.jpg$/i.exec(name);
  if (match === null) return null;
  return { stem: (match[1] ?? "").toLowerCase(), size: (match[2] ?? "").toUpperCase() as ThumbnailSize };
}

/** A row of the library as a thumbnail file, or null for folders and other files. The real etag comes only with the file expanded. */
export function convertRow(row: LibraryRow): LibraryFile | null {
  const parsed = parseThumbnailName(row.FileLeafRef);
  const folder = row.FileDirRef;
  if (parsed === null || folder.split("/").slice(2).some(isHousekeeping)) return null;
  return {
    uniqueId: row.UniqueId,
    name: row.FileLeafRef,
    folder,
    ...parsed,
    etag: row.File?.ETag ?? null,
    length: row.File?.Length ?? row.File_x0020_Size ?? null,
    modifiedAt: row.File?.TimeLastModified ?? row.Modified ?? null,
  };
}

/** One file looked at, or null where it is no thumbnail. */
export function convertFile(file: FileAnswer, folder: string, name: string): LibraryFile | null {
  const parsed = parseThumbnailName(name);
  if (parsed === null) return null;
  const { UniqueId: uniqueId, ETag: etag, Length: length, TimeLastModified: modifiedAt } = file;
  return { uniqueId, name, folder, ...parsed, etag, length, modifiedAt };
}

export function convertProfile(profile: ProfileAnswer | null): ObservedProfile {
  return profile === null ? { kind: "absent" } : { kind: "present", ...profile };
}
