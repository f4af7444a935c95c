import { PhotodriftError } from "../model/errors.js";
import type { LibraryFile } from "../model/photo.js";
import type { DirectoryUser } from "../model/user.js";
import type { StoredLibraryFile } from "./records/library.js";
import { previewToKeep } from "./previews.js";
import { signStored } from "./sign-stored.js";
import { withStanding } from "./standing.js";
import { asStoreError, isOfStore } from "./store-error.js";
import { historyOf } from "./versions.js";
import type { Watch } from "./watch.js";

/** How the thumbnails of one user are read. */
export interface Reading {
  readonly user: DirectoryUser;
  /** S and M whatever L shows. */
  readonly readAll: boolean;
  /** In this run they may have been read for somebody else, by whose master no preview seemed worth keeping. */
  readonly again: boolean;
}

export interface Read {
  /** Downloads. */
  readonly read: number;
  readonly right: boolean;
}

export async function readThumbnail(watch: Watch, stored: StoredLibraryFile, reading: Reading): Promise<Read> {
  return (await knownThumbnail(watch, stored, reading)) ?? downloadThumbnail(watch, stored, reading);
}

/** The thumbnail as an earlier reading of the same etag left it, or null where it has to be downloaded. */
async function knownThumbnail(
  { ports, settings, roster, judge }: Watch,
  stored: StoredLibraryFile,
  { user, again }: Reading,
): Promise<Read | null> {
  const { records, images } = ports;
  if (stored.signatureSha === null || (settings.full && !again)) return null;
  const known = records.signature(stored.signatureSha);
  if (known?.version !== images.signatureVersion) return null;
  const master = roster.masterPhoto(user);
  const verdict = master?.kind === "usable" ? await judge.verdict(master, known, historyOf(roster, user)) : null;
  const shown = !again || records.hasPreview(known.sha256) || !judge.isWorthShowing(verdict, known);
  return shown ? { read: 0, right: verdict === null || verdict.kind === "same" } : null;
}

async function downloadThumbnail(watch: Watch, stored: StoredLibraryFile, { user }: Reading): Promise<Read> {
  const { ports, roster, judge, runId } = watch;
  const { records, images } = ports;
  const { uniqueId, size, folder, name } = stored.file;
  const of = { userId: user.id, what: `${size} bytes` } as const;
  const master = roster.masterPhoto(user);
  try {
    const download = await ports.sharePoint.download(stored.file);
    if (download === null) throw gone(stored.file);
    const signed = await signStored(images, `${folder}/${name}`, download);
    const error = withStanding(records, runId, of, signed.kind === "no-picture" ? signed.error : null);
    if (signed.kind === "no-picture") {
      records.saveLibraryReading(uniqueId, { signatureSha: null, error });
      return { read: 1, right: false };
    }
    const { signature } = signed;
    const verdict = master?.kind === "usable" ? await judge.verdict(master, signature, historyOf(roster, user)) : null;
    const shown = judge.isWorthShowing(verdict, signature);
    const preview = shown ? await previewToKeep(images, download.bytes, signature, judge.keepsAll) : null;
    records.transaction(() => {
      records.saveSignature(signature);
      if (preview !== null) records.savePreview(signature.sha256, preview);
      records.saveLibraryReading(uniqueId, { signatureSha: signature.sha256, error: null });
    });
    return { read: 1, right: verdict === null || (verdict.kind === "same" && !verdict.distorted) };
  } catch (error) {
    if (!isOfStore(error)) throw error;
    records.saveLibraryReading(uniqueId, { signatureSha: null, error: asStoreError(error) });
    return { read: 1, right: false };
  }
}

function gone(file: LibraryFile): PhotodriftError {
  return new PhotodriftError(
    "thumbnail-gone",
    `${file.name} was listed a moment ago and is gone now.`,
    "Run the audit again.",
    "incomplete",
  );
}
