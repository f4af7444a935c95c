import { stableId } from "../model/ids.js";
import type { ComparedUser } from "../model/compared.js";
import type { ComparedPhoto, LibraryFile, ObservedPhoto } from "../model/photo.js";
import type { PictureBefore, PictureSource, Precondition } from "../model/plan-action.js";
import type { ActionKind } from "../model/rule.js";

/** Largest JPEG for the directory (it takes 100 KB), and for a mailbox: twenty of these fit into one `$batch` (facts/graph 2.1, 4). */
const MAX_BYTES_DIRECTORY = 100_000;
const MAX_BYTES_MAILBOX = 120_000;
/** No plan allows more. */
export const MAX_BYTES = MAX_BYTES_MAILBOX;

/** Same action at the same address: same id. */
export function actionId(action: ActionKind, address: string): string {
  return `a${stableId(`${action} ${address}`)}`;
}

/** The same where several files stand at one address, in two folders or under two stems: the id names the file itself. */
export function fileActionId(
  action: ActionKind,
  address: string,
  { folder, name }: Pick<LibraryFile, "folder" | "name">,
): string {
  return actionId(action, `${address} ${folder}/${name}`);
}

export function pictureBefore(observed: ObservedPhoto): PictureBefore {
  if (observed.kind !== "present") return { photo: "absent" };
  return {
    photo: "present",
    etag: observed.etag,
    width: observed.width,
    height: observed.height,
    bytes: observed.byteLength,
    sha256: observed.signature?.sha256 ?? null,
  };
}

export function picturePrecondition(observed: ObservedPhoto): Precondition {
  if (observed.kind !== "present") return { kind: "absent" };
  return { kind: "present", etag: observed.etag, fingerprint: observed.signature?.sha256 ?? null };
}

/** The master as the source of a write, or null where there is none to upload. */
export function masterSource(
  user: ComparedUser,
): { readonly sourceSha256: string; readonly source: PictureSource } | null {
  const master = user.masterPhoto;
  if (master?.kind !== "usable") return null;
  return { sourceSha256: master.signature.sha256, source: { kind: "master", file: master.file, crop: master.crop } };
}

/** The cloud photo as the source of thumbnails for a user without master. */
export function cloudSource(
  photo: ComparedPhoto,
): { readonly sourceSha256: string | null; readonly source: PictureSource } | null {
  const { observed } = photo;
  if (observed.kind !== "present" || observed.width === null || observed.height === null) return null;
  const { address } = photo;
  const { etag, width, height } = observed;
  return {
    sourceSha256: observed.signature?.sha256 ?? null,
    source: { kind: "cloud-photo", address, etag, width, height },
  };
}

export function maxBytesFor(user: ComparedUser, atMost: number | null): number {
  const limit = user.user.licences.mailbox ? MAX_BYTES_MAILBOX : MAX_BYTES_DIRECTORY;
  return atMost === null ? limit : Math.min(limit, atMost);
}

/** The photo was looked at, so that something may be written there. */
export function isKnown(photo: ComparedPhoto): boolean {
  return photo.observed.kind === "present" || photo.observed.kind === "absent";
}
