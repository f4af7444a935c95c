import { z } from "zod";
import type { Brand } from "./ids.js";

/** Files that the User Photos library has of a user: small, medium, large. */
export const THUMBNAIL_SIZES = ["S", "M", "L"] as const;
/** SharePoint's three thumbnails: S 48 px, M 72 px, L 200 px (minimum sides). */
export type ThumbnailSize = (typeof THUMBNAIL_SIZES)[number];
/** The sides that SharePoint makes by itself, in pixels. */
export const USUAL_THUMBNAILS: Readonly<Record<ThumbnailSize, number>> = { S: 48, M: 72, L: 200 };
/** Where a photo can stand: two stores of the cloud, and SharePoint. */
export const STORE_NAMES = ["entra", "exchange", "sharepoint"] as const;
/** One of the stores. */
export type StoreName = (typeof STORE_NAMES)[number];

/**
 * Where a picture or its properties live: `entra/<upn>`, `exchange/<upn>`, `sharepoint/<upn>/SThumb` (`MThumb`, `LThumb`),
 * `sharepoint/<upn>/profile`; for files of the source folder `source/<relative path>`. The one key in findings, plans, outcomes and logs.
 * Thumbnails that belong to no user stand under their file stem instead of a UPN.
 */
export type PhotoAddress = Brand<string, "PhotoAddress">;

/** `entra/UPN`, the UPN as the directory spells it. */
export function entraAddress(upn: string): PhotoAddress {
  return `entra/${upn}` as PhotoAddress;
}

/** `exchange/UPN`, the UPN as the directory spells it. */
export function exchangeAddress(upn: string): PhotoAddress {
  return `exchange/${upn}` as PhotoAddress;
}

/** `sharepoint/UPN/LThumb`; of a file of nobody, the stem of its name takes the place of the UPN. */
export function thumbnailAddress(upnOrStem: string, size: ThumbnailSize): PhotoAddress {
  return `sharepoint/${upnOrStem}/${size}Thumb` as PhotoAddress;
}

/** `sharepoint/UPN/profile`, the UPN as the directory spells it. */
export function profileAddress(upn: string): PhotoAddress {
  return `sharepoint/${upn}/profile` as PhotoAddress;
}

/** An address of a store as a document spells it; files of the source folder are none. */
export const storeAddressSchema = z
  .string()
  .max(4096)
  .regex(/^(entra|exchange|sharepoint)\//)
  .transform((text) => text as PhotoAddress);

/** Any address, those of the source folder too. */
export const addressSchema = z
  .string()
  .regex(/^(entra|exchange|sharepoint|source)\//)
  .transform((text) => text as PhotoAddress);

/** @param file path relative to the source folder, with forward slashes */
export function sourceAddress(file: string): PhotoAddress {
  return `source/${file}` as PhotoAddress;
}

/** The store that an address begins with; `source` for files of the source folder. */
export function storeOf(address: PhotoAddress): StoreName | "source" {
  const store = address.slice(0, address.indexOf("/"));
  return store === "entra" || store === "exchange" || store === "sharepoint" ? store : "source";
}

/** The UPN that an address of a store names; null for files of the source folder, and for thumbnails of nobody: their stems hold no @. */
export function userOf(address: PhotoAddress): string | null {
  if (storeOf(address) === "source") return null;
  const name = address.split("/", 2)[1] ?? "";
  return name.includes("@") ? name : null;
}

/** The thumbnail size an address names, or null when it names no thumbnail. */
export function thumbnailSizeOf(address: PhotoAddress): ThumbnailSize | null {
  const match = /^sharepoint\/.*\/([SML])Thumb$/.exec(address);
  return match ? (match[1] as ThumbnailSize) : null;
}

/** Where at one user an address points: the store for cloud photos, the size for thumbnails, `profile` for the properties. */
export type Slot = "entra" | "exchange" | ThumbnailSize | "profile";

/** The slot of a user's address; null for addresses of the source folder. */
export function slotOf(address: PhotoAddress): Slot | null {
  const store = storeOf(address);
  if (store === "source") return null;
  if (store !== "sharepoint") return store;
  return thumbnailSizeOf(address) ?? "profile";
}
