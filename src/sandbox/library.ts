import { createHash, randomBytes, randomUUID } from "node:crypto";
import sharp from "sharp";
import type { LibraryItem, StoredImage, StoredPhoto, Tenant } from "./tenant.js";

export const LIBRARY_ROOT = "/User Photos";

/** Types of entries in SharePoint's change log (SPChangeType). */
export const CHANGE = { add: 1, change: 2, remove: 3, rename: 4 } as const;

/** An etag that no other photo ever had: eight bytes, upper-case hexadecimal. */
export function freshEtag(): string {
  return randomBytes(8).toString("hex").toUpperCase();
}

/** Bytes as they were sent, measured when somebody asks; what is no image has no pixels. */
export function storedBytes(bytes: Buffer, at: number): StoredPhoto {
  let measured: Promise<StoredImage> | null = null;
  const measure = async (): Promise<StoredImage> => {
    try {
      const { width, height } = await sharp(bytes).metadata();
      return { bytes, width, height };
    } catch {
      return { bytes, width: 0, height: 0 };
    }
  };
  return { image: () => (measured ??= measure()), etag: freshEtag(), modifiedAt: at };
}

/** Finds a file by server-relative path, in any case. */
export function findItem(tenant: Tenant, path: string): LibraryItem | undefined {
  return tenant.library.items.get(path.toLowerCase());
}

export function findItemById(tenant: Tenant, uniqueId: string): LibraryItem | undefined {
  return tenant.library.itemsById.get(uniqueId.toLowerCase());
}

/** Lists a file whose path no other has. */
export function keepItem({ library }: Tenant, item: LibraryItem): void {
  library.items.set(pathOf(item).toLowerCase(), item);
  library.itemsById.set(item.uniqueId, item);
}

export function pathOf(item: LibraryItem): string {
  return `${item.folder}/${item.name}`;
}

/** The folder of the library with this server-relative path, in any case, or null. */
export function findFolder(tenant: Tenant, path: string): { readonly name: string; readonly uniqueId: string } | null {
  const wanted = path.toLowerCase().replace(/\/+$/, "");
  return tenant.library.folders.find(({ name }) => `${LIBRARY_ROOT}/${name}`.toLowerCase() === wanted) ?? null;
}

/** `"{GUID},version"`, quotes included (facts/sharepoint.md 3.1). */
export function fileEtag(item: LibraryItem): string {
  return `"{${item.uniqueId.toUpperCase()}},${String(item.version)}"`;
}

function record(tenant: Tenant, type: 1 | 2 | 3 | 4, item: LibraryItem): void {
  const { library } = tenant;
  const at = tenant.now();
  const token = (library.changes.at(-1)?.token ?? 0) + 1;
  library.changes.push({ token, type, itemId: item.id, uniqueId: item.uniqueId, at });
  if (type === CHANGE.remove) library.lastDeletedAt = Math.max(at, library.lastDeletedAt + 1000);
  else library.lastModifiedAt = Math.max(at, library.lastModifiedAt + 1000);
}

/** Creates or replaces a file. The folder exists already. */
export function putItem(tenant: Tenant, folder: string, name: string, bytes: Buffer): LibraryItem {
  const key = `${folder}/${name}`.toLowerCase();
  const known = tenant.library.items.get(key);
  const photo = storedBytes(bytes, tenant.now());
  if (known !== undefined) {
    known.photo = photo;
    known.length = bytes.length;
    known.version++;
    record(tenant, CHANGE.change, known);
    return known;
  }
  const item: LibraryItem = {
    id: tenant.library.nextItemId++,
    uniqueId: randomUUID(),
    name,
    folder,
    photo,
    length: bytes.length,
    version: 1,
  };
  keepItem(tenant, item);
  record(tenant, CHANGE.add, item);
  return item;
}

export function removeItem(tenant: Tenant, item: LibraryItem): void {
  if (!tenant.library.items.delete(pathOf(item).toLowerCase())) return;
  tenant.library.itemsById.delete(item.uniqueId);
  record(tenant, CHANGE.remove, item);
}

/** Length in bytes; makes the image when the length is not known yet. */
export async function lengthOf(item: LibraryItem): Promise<number> {
  item.length ??= (await item.photo.image()).bytes.length;
  return item.length;
}

/** A GUID that stays the same for the same text, e.g. the id of a site. */
export function namedGuid(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
