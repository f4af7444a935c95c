import type { ThumbnailSize } from "../../model/address.js";
import type { LibraryFile, ObservedProfile } from "../../model/photo.js";
import { asObject, textOf } from "../http/failures.js";

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

/**
 * A list item as a thumbnail file, or null for folders and other files. Sizes come as text; the real etag only with the file expanded.
 * @param item FileLeafRef, FileDirRef, UniqueId and either File {ETag, Length, TimeLastModified} or File_x0020_Size and Modified
 */
export function convertItem(item: unknown): LibraryFile | null {
  const row = asObject(item);
  const name = textOf(row["FileLeafRef"]) ?? "";
  const folder = (textOf(row["FileDirRef"]) ?? "").replace(/\/+$/, "");
  const parsed = parseThumbnailName(name);
  if (parsed === null || folder.split("/").slice(2).some(isHousekeeping)) return null;
  const file = asObject(row["File"]);
  return {
    uniqueId: plainGuid(textOf(row["UniqueId"]) ?? textOf(file["UniqueId"]) ?? ""),
    name,
    folder,
    ...parsed,
    etag: textOf(file["ETag"]),
    length: wholeNumber(file["Length"] ?? row["File_x0020_Size"]),
    modifiedAt: textOf(file["TimeLastModified"]) ?? textOf(row["Modified"]),
  };
}

/** Answer of GetPropertiesFor with all properties. `odata.null` stands for a user without profile. */
export function convertFullProfile(answer: unknown, account: string): ObservedProfile {
  const profile = asObject(answer);
  if (isNothing(profile)) return { kind: "absent" };
  const rows = profile["UserProfileProperties"];
  const list = Array.isArray(rows) ? (rows as readonly unknown[]) : asObject(rows)["results"];
  if (!Array.isArray(list)) return incomplete(account);
  const properties = new Map<string, string>();
  for (const row of list as readonly unknown[]) {
    const { Key: key, Value: value } = asObject(row);
    if (typeof key === "string") properties.set(key, textOf(value) ?? "");
  }
  return {
    kind: "present",
    accountName: textOf(profile["AccountName"]) ?? account,
    pictureUrl: properties.get("PictureURL") ?? "",
    placeholderState: properties.get("SPS-PicturePlaceholderState") ?? "",
    exchangeSyncState: properties.get("SPS-PictureExchangeSyncState") ?? "",
    timestamp: properties.get("SPS-PictureTimestamp") ?? "",
  };
}

/**
 * Answer of GetPropertiesFor with PictureUrl alone: null both for an empty PictureURL and while the placeholder is shown, else PictureURL
 * with `?t=` and the timestamp (facts/sharepoint.md fact 4). The states stay unread.
 */
export function convertLeanProfile(answer: unknown, account: string): ObservedProfile {
  const profile = asObject(answer);
  if (isNothing(profile)) return { kind: "absent" };
  if (!("PictureUrl" in profile)) return incomplete(account);
  const shown = textOf(profile["PictureUrl"]) ?? "";
  const stamp = /[?&]t=(\d+)$/.exec(shown);
  return {
    kind: "present",
    accountName: account,
    pictureUrl: stamp === null ? shown : shown.slice(0, stamp.index),
    placeholderState: null,
    exchangeSyncState: null,
    timestamp: stamp?.[1] ?? null,
  };
}

function isNothing(profile: Readonly<Record<string, unknown>>): boolean {
  return profile["odata.null"] === true || profile["@odata.null"] === true || profile["GetPropertiesFor"] === null;
}

function incomplete(account: string): ObservedProfile {
  const message = `the profile of ${account} came without its properties`;
  return { kind: "unreadable", error: { code: "unusable-answer", message, hint: "run again later" } };
}

function plainGuid(text: string): string {
  return text.replace(/[{}]/g, "").toLowerCase();
}

function wholeNumber(value: unknown): number | null {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? value : null;
  return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : null;
}
