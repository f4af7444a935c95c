import { readFile } from "node:fs/promises";
import { findItem, freshEtag, LIBRARY_ROOT, putItem, removeItem, storedBytes } from "../library.js";
import { imageOf } from "../pictures.js";
import type { LibraryItem, SandboxUser, StoredPhoto, Tenant } from "../tenant.js";
import { findUser } from "../tenant.js";

export const PLACES = ["entra", "exchange", "S", "M", "L"] as const;
export type Place = (typeof PLACES)[number];

const SIDES = { S: 48, M: 72, L: 200 } as const;

/**
 * Puts a picture at one place of a user as if somebody else had: a file's path, `none`, `placeholder` or `copy-of:<upn>` (the same place of
 * that user). Bytes of a file are stored as they are. Throws Error with what is wrong.
 */
export async function placePhoto(tenant: Tenant, user: SandboxUser, place: Place, value: string): Promise<void> {
  const photo = value === "none" ? null : await photoFrom(tenant, place, value);
  if (place === "entra") user.entraPhoto = photo;
  else if (place === "exchange") user.mailboxPhoto = photo;
  else placeThumbnail(tenant, user, place, photo);
}

async function photoFrom(tenant: Tenant, place: Place, value: string): Promise<StoredPhoto> {
  const now = tenant.now();
  if (value === "placeholder") {
    const side = place === "entra" || place === "exchange" ? 648 : SIDES[place];
    const source = { kind: "placeholder", placeholder: "silhouette", seed: 1 } as const;
    return {
      image: () => imageOf({ source, width: side, height: side, fit: "centre" }),
      etag: freshEtag(),
      modifiedAt: now,
    };
  }
  if (value.startsWith("copy-of:")) {
    const other = findUser(tenant, value.slice("copy-of:".length));
    if (!other) throw new Error(`no user "${value.slice("copy-of:".length)}"`);
    const photo = photoAt(tenant, other, place);
    if (!photo) throw new Error(`${other.upn} has no photo at ${place}`);
    return { image: photo.image, etag: freshEtag(), modifiedAt: now };
  }
  return storedBytes(await readFile(value), now);
}

/** The photo a user has at a place, or null. */
export function photoAt(tenant: Tenant, user: SandboxUser, place: Place): StoredPhoto | null {
  if (place === "entra") return user.entraPhoto;
  if (place === "exchange") return user.mailboxPhoto;
  return thumbnailOf(tenant, user, place)?.photo ?? null;
}

/** The library item of a user's thumbnail: by the stem in PictureURL, by object id, or by UPN (facts/sharepoint.md 1.4). */
export function thumbnailOf(tenant: Tenant, user: SandboxUser, size: keyof typeof SIDES): LibraryItem | undefined {
  for (const path of thumbnailPaths(tenant, user, size)) {
    const item = findItem(tenant, path);
    if (item) return item;
  }
  return undefined;
}

function thumbnailPaths(tenant: Tenant, user: SandboxUser, size: keyof typeof SIDES): string[] {
  const folders = tenant.library.folders.map((folder) => `${LIBRARY_ROOT}/${folder.name}`);
  const stems = [pictureStem(user), user.id, user.upn.toLowerCase().replace(/[@.]/g, "_")].filter(
    (stem) => stem !== null,
  );
  return stems.flatMap((stem) => folders.map((folder) => `${folder}/${stem}_${size}Thumb.jpg`));
}

function pictureStem(user: SandboxUser): string | null {
  return /\/([^/]+)_[SML]Thumb\.jpg/i.exec(user.profile?.pictureUrl ?? "")?.[1] ?? null;
}

/** Puts the photo into the library as another program's upload would; null takes the file away. */
function placeThumbnail(tenant: Tenant, user: SandboxUser, size: keyof typeof SIDES, photo: StoredPhoto | null): void {
  const known = thumbnailOf(tenant, user, size);
  if (photo === null) {
    if (known) removeItem(tenant, known);
    return;
  }
  const folder = known?.folder ?? `${LIBRARY_ROOT}/${tenant.library.folders[0]?.name ?? "Profile Pictures"}`;
  const name = known?.name ?? `${pictureStem(user) ?? user.id}_${size}Thumb.jpg`;
  const item = putItem(tenant, folder, name, Buffer.alloc(0));
  item.photo = photo;
  item.length = null;
}
