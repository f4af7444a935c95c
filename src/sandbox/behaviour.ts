import sharp from "sharp";
import { findItem, freshEtag, LIBRARY_ROOT, putItem, storedBytes } from "./library.js";
import { imageOf, keptRendition } from "./pictures.js";
import { hash32 } from "./random.js";
import type { SandboxUser, StoredImage, StoredPhoto, Tenant } from "./tenant.js";

/**
 * What the services do with photos over time. Sources: facts/graph-entra-exchange.md sections 2 and 7, facts/sharepoint.md section 8.
 */

const HOUR = 3_600_000;
const MAX_UPLOAD = 4 * 1024 * 1024;
/** Users without a mailbox: larger uploads are answered with a bare 404 (reported 2020, facts 2.1). */
export const DIRECTORY_LIMIT = 100 * 1024;
/** Exchange takes directory photos up to this size only, and once (KB 3062745, facts section 7). */
export const FORWARD_LIMIT = 10 * 1024;
const LARGEST_SIDE = 648;
/** The least side the service is taken to accept; where it really draws the line is unknown. */
const LEAST_SIDE = 24;
/** SharePoint pulls at most this often, and within this time of a change (facts/sharepoint.md section 8). */
const PULL_EVERY = 24 * HOUR;
const PULL_WITHIN = 72;
const FORWARD_AFTER = 30 * 60_000;
const SECONDS_TO_1970 = 62_135_596_800;
const THUMBNAIL_SIDES = { S: 48, M: 72, L: 200 } as const;

/** Memory of the services, kept apart from the plain state of the tenant. */
interface ServiceMemory {
  readonly startedAt: number;
  /** Users whose directory photo has reached, or need no longer reach, the mailbox. */
  readonly forwarded: WeakSet<SandboxUser>;
  readonly pulledAt: WeakMap<SandboxUser, number>;
}

const memories = new WeakMap<Tenant, ServiceMemory>();

function memoryOf(tenant: Tenant): ServiceMemory {
  let memory = memories.get(tenant);
  if (memory === undefined) {
    memory = { startedAt: tenant.now(), forwarded: new WeakSet(), pulledAt: new WeakMap() };
    for (const user of tenant.users.values()) if (user.mailboxPhoto !== null) memory.forwarded.add(user);
    memories.set(tenant, memory);
  }
  return memory;
}

/** A refusal; an empty `code` is a bare status without body. */
export type UploadAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly status: number; readonly code: string; readonly message: string };

/** Marks the beginning of the services' time: what the tenant holds now is old to them. */
export function startServices(tenant: Tenant): void {
  memoryOf(tenant);
}

function refuse(status: number, code: string, message: string): UploadAnswer {
  return { ok: false, status, code, message };
}

/**
 * Puts a photo for a user through the photo API. It is stored as a new JPEG of at most 648 px, aspect kept, without metadata, under a new
 * etag even for identical bytes. A mailbox user's photo serves directory and mailbox at once.
 */
export async function uploadCloudPhoto(tenant: Tenant, user: SandboxUser, bytes: Buffer): Promise<UploadAnswer> {
  // The body of this refusal is not documented (facts 2.3).
  if (tenant.switches.photoUpdateSource === "onPremises")
    return refuse(403, "ErrorAccessDenied", "Photo updates through cloud services are disabled for this organization.");
  if (bytes.length > MAX_UPLOAD) return refuse(413, "BadRequest", "Maximum request length exceeded.");
  if (!user.hasMailbox && bytes.length > DIRECTORY_LIMIT) return refuse(404, "", "");
  const pixels = await sharp(bytes)
    .metadata()
    .then(({ autoOrient }) => autoOrient)
    .catch(() => null);
  if (pixels === null) return refuse(400, "BadRequest", "The photo is not a valid image.");
  if (Math.min(pixels.width, pixels.height) < LEAST_SIDE) return refuse(400, "BadRequest", "The photo is too small.");
  let jpeg: Buffer;
  try {
    jpeg = await sharp(bytes)
      .autoOrient()
      .flatten({ background: "#ffffff" })
      .toColourspace("srgb")
      .resize(LARGEST_SIDE, LARGEST_SIDE, { fit: "inside", withoutEnlargement: true })
      .jpeg({ quality: 87 })
      .toBuffer();
  } catch {
    return refuse(400, "BadRequest", "The photo is not a valid image.");
  }
  memoryOf(tenant).forwarded.add(user);
  user.entraPhoto = storedBytes(jpeg, tenant.now());
  if (user.hasMailbox) user.mailboxPhoto = storedBytes(jpeg, tenant.now());
  return { ok: true };
}

/** Takes the photo away in directory and mailbox; false when there was none. SharePoint keeps its copies. */
export function removeCloudPhoto(tenant: Tenant, user: SandboxUser): boolean {
  const existed = user.entraPhoto !== null || user.mailboxPhoto !== null;
  memoryOf(tenant).forwarded.add(user);
  user.entraPhoto = null;
  user.mailboxPhoto = null;
  return existed;
}

const photoNumbers = new WeakMap<StoredPhoto, number>();
let photosSeen = 0;

/**
 * A photo at a size: aspect kept, the longer side `side` px, never enlarged; null: as it is stored. Kept while there is room, so that
 * many requests for one size make it once.
 */
export async function renditionOf(photo: StoredPhoto, side: number | null): Promise<StoredImage> {
  const whole = await photo.image();
  if (side === null || Math.max(whole.width, whole.height) <= side) return whole;
  let number = photoNumbers.get(photo);
  if (number === undefined) photoNumbers.set(photo, (number = ++photosSeen));
  return keptRendition(`${String(number)}:${String(side)}`, async () => {
    const { data, info } = await sharp(whole.bytes)
      .resize(side, side, { fit: "inside", kernel: "lanczos3", fastShrinkOnLoad: false })
      .jpeg({ quality: 86 })
      .toBuffer({ resolveWithObject: true });
    return { bytes: data, width: info.width, height: info.height };
  });
}

/** Folder and stem of a user's thumbnails: those PictureURL names, else the object id in the first folder. */
function thumbnailPlace(tenant: Tenant, user: SandboxUser): { readonly folder: string; readonly stem: string } {
  const match = /\/User(?: |%20)Photos\/([^/]+)\/(.+)_[SML]Thumb\.jpg/i.exec(user.profile?.pictureUrl ?? "");
  const folder = match === null ? tenant.library.folders[0]?.name : decodeURIComponent(match[1] ?? "");
  return { folder: `${LIBRARY_ROOT}/${folder ?? "Profile Pictures"}`, stem: match?.[2] ?? user.id };
}

/** SharePoint's spelling of PictureURL: with port, blanks encoded (facts/sharepoint.md 1.5). */
function pictureUrl(tenant: Tenant, folder: string, stem: string): string {
  const path = `${folder}/${stem}_MThumb.jpg`.split("/").map(encodeURIComponent).join("/");
  return `https://${tenant.name}-my.sharepoint.com:443${path}`;
}

async function pull(tenant: Tenant, user: SandboxUser, photo: StoredPhoto): Promise<void> {
  const { folder, stem } = thumbnailPlace(tenant, user);
  for (const [size, side] of Object.entries(THUMBNAIL_SIDES)) {
    const { bytes } = await renditionOf(photo, side);
    putItem(tenant, folder, `${stem}_${size}Thumb.jpg`, bytes);
  }
  if (user.profile === null) return;
  user.profile.pictureUrl = pictureUrl(tenant, folder, stem);
  user.profile.placeholderState = "0";
  user.profile.exchangeSyncState = "1";
  user.profile.timestamp = String(Math.floor(tenant.now() / 1000) + SECONDS_TO_1970);
}

/**
 * The user opens SharePoint: it pulls the mailbox photo and overwrites the three thumbnails, unless the sync state is 0, the last pull is
 * less than 24 h old, or the thumbnails are newer than the photo. Resolves to whether it pulled.
 */
export async function visit(tenant: Tenant, user: SandboxUser): Promise<boolean> {
  const { mailboxPhoto, profile } = user;
  if (!tenant.switches.sharePointPull || mailboxPhoto === null || profile === null) return false;
  if (!user.hasMailbox || profile.exchangeSyncState === "0") return false;
  const { pulledAt } = memoryOf(tenant);
  const now = tenant.now();
  if (now - (pulledAt.get(user) ?? Number.NEGATIVE_INFINITY) < PULL_EVERY) return false;
  const { folder, stem } = thumbnailPlace(tenant, user);
  const large = findItem(tenant, `${folder}/${stem}_LThumb.jpg`);
  pulledAt.set(user, now);
  if (large !== undefined && large.photo.modifiedAt >= mailboxPhoto.modifiedAt) return false;
  await pull(tenant, user, mailboxPhoto);
  return true;
}

/** Hours after a change at which this user happens to visit SharePoint: 1 to 72, always the same for the same user. */
export function visitDelay(user: SandboxUser): number {
  return 1 + (hash32(user.id) % PULL_WITHIN);
}

/**
 * Lets everything happen that the virtual clock made due: directory photos of at most 10 KB reach mailboxes without one, once; users
 * visit SharePoint within 72 h of a change made while the tenant was running. Seeded drift stays: those users do not visit.
 */
export async function advance(tenant: Tenant): Promise<void> {
  const memory = memoryOf(tenant);
  const now = tenant.now();
  for (const user of tenant.users.values()) {
    const { entraPhoto } = user;
    if (entraPhoto !== null && user.mailboxPhoto === null && user.hasMailbox && !memory.forwarded.has(user)) {
      if (now - entraPhoto.modifiedAt < FORWARD_AFTER) continue;
      memory.forwarded.add(user);
      const { bytes } = await entraPhoto.image();
      if (bytes.length <= FORWARD_LIMIT)
        user.mailboxPhoto = { image: entraPhoto.image, etag: freshEtag(), modifiedAt: entraPhoto.modifiedAt };
    }
    const { mailboxPhoto } = user;
    if (mailboxPhoto === null || mailboxPhoto.modifiedAt < memory.startedAt) continue;
    if (now >= mailboxPhoto.modifiedAt + visitDelay(user) * HOUR) await visit(tenant, user);
  }
}

/**
 * A regression as of October 2021 (sp-dev-docs#7392): SharePoint overwrites the thumbnails of every `every`-th user who has some with a
 * silhouette. Resolves to the number of users it hit.
 */
export async function blankThumbnails(tenant: Tenant, every = 1): Promise<number> {
  let seen = 0;
  let hit = 0;
  for (const user of tenant.users.values()) {
    if (user.profile === null) continue;
    const { folder, stem } = thumbnailPlace(tenant, user);
    if (findItem(tenant, `${folder}/${stem}_LThumb.jpg`) === undefined || seen++ % every !== 0) continue;
    for (const [size, side] of Object.entries(THUMBNAIL_SIDES)) {
      const source = { kind: "placeholder", placeholder: "silhouette", seed: 0 } as const;
      const { bytes } = await imageOf({ source, width: side, height: side, fit: "centre", quality: 90 });
      putItem(tenant, folder, `${stem}_${size}Thumb.jpg`, bytes);
    }
    hit++;
  }
  return hit;
}
