import { PhotodriftError } from "../model/errors.js";
import type { LibraryFile, StoreError } from "../model/photo.js";
import { historyOf } from "./versions.js";
import type { DirectoryUser } from "../model/user.js";
import { dueProfiles, observeProfiles } from "./observe-profiles.js";
import { createFrontier, mapOrdered, sideBySide, takingTurns } from "./ordered.js";
import type { PhotoLibrary } from "./ports.js";
import type { LibraryRecords, StoredLibraryFile } from "./records/library.js";
import { stopWhenAborted, type AuditSettings, type PortsOf } from "./settings.js";
import type { Places } from "./places.js";
import { previewToKeep } from "./previews.js";
import { READ_ALL_SMALL } from "./read-all-small.js";
import type { Transactions } from "./records.js";
import type { Watch } from "./watch.js";

/** Users whose thumbnails are under way at once; the stores' own gate decides how many downloads run, the others are at their pictures. */
const DOWNLOADS = 16;
/** Thumbnails of one picture are written together; a larger distance in time is suspicious. */
const WRITTEN_TOGETHER_MS = 10 * 60_000;

/** Finds the library and lists it, unless nothing in it changed since the last listing. */
export async function observeLibrary(
  ports: PortsOf<"sharePoint" | "progress", LibraryRecords & Transactions>,
  settings: AuditSettings,
  runId: string,
): Promise<PhotoLibrary> {
  const { records, sharePoint, progress } = ports;
  const library = await sharePoint.locate();
  if (!settings.full && library.changeMark !== "" && records.libraryMark() === library.changeMark) {
    assertFoldersWhole(records, library);
    return library;
  }
  const step = progress.step("SharePoint library", library.itemCount);
  for await (const page of sharePoint.inventory(library)) {
    stopWhenAborted(settings);
    records.transaction(() => records.saveLibraryFiles(runId, page));
    step.tick(page.length);
  }
  records.transaction(() => {
    records.forgetLibraryFilesUnseen(runId);
    records.saveLibraryMark(library.changeMark);
  });
  assertFoldersWhole(records, library);
  step.done();
  return library;
}

/**
 * Thumbnails lie in a folder of the library's root that the list of these folders does not name: it is half a list, and new files would go to
 * the wrong one. Throws PhotodriftError `list-not-whole`.
 */
function assertFoldersWhole(records: LibraryRecords, { folders }: PhotoLibrary): void {
  const listed = new Set(folders.map(foldedPath));
  const isOfRoot = (path: string): boolean => path.split("/").length === ROOT_FOLDER_DEPTH;
  if (!records.libraryFolders().some((path) => isOfRoot(path) && !listed.has(foldedPath(path)))) return;
  throw new PhotodriftError(
    "list-not-whole",
    "the list of the User Photos library's folders is not whole: it lacks one that holds thumbnails",
    "run again; if it stays so, look for a proxy between here and the service that changes answers",
    "incomplete",
  );
}

/** Parts of `/User Photos/Profile Pictures` by its slashes. */
const ROOT_FOLDER_DEPTH = 3;

function foldedPath(path: string): string {
  return path.normalize("NFC").toLowerCase();
}

/** Origin of PictureURL values: what SharePoint says of itself, with its port as it spells it (facts/sharepoint.md 1.5); else `otherwise`. */
export function pictureOriginOf({ webUrl }: Pick<PhotoLibrary, "webUrl">, otherwise: string): string {
  if (webUrl === null) return otherwise;
  const { protocol, hostname, port } = new URL(webUrl);
  return `${protocol}//${hostname}:${port === "" ? (protocol === "http:" ? "80" : "443") : port}`;
}

/**
 * Reads the profiles and downloads the thumbnails whose picture is not known yet, user after user: a profile names the files that are its
 * user's, so each user's thumbnails follow the profile, where it is read in this run; those of all others come first. Users whose files another
 * profile explains are looked at again at the end.
 */
export async function observeSharePointUsers(watch: Watch, places: Places): Promise<void> {
  const frontier = createFrontier();
  const readAll = watch.settings.full || (await hasFewUnreadSmall(watch, places));
  const step = watch.ports.progress.step("SharePoint thumbnails");
  const due = await dueProfiles(watch, places);
  watch.firstAsked.end();
  const [touched] = await sideBySide(
    async () => {
      try {
        const others = await observeProfiles(watch, due, frontier);
        frontier.end();
        return others;
      } catch (error) {
        frontier.fail(error);
        throw error;
      }
    },
    async () => {
      await watch.mastersRead;
      const readUser = async ({ user, place }: { readonly user: DirectoryUser; readonly place: number }) => {
        if (due.has(user.id)) await frontier.passed(place);
        return readThumbnails(watch, places.of(user).stored, { user, readAll, again: false });
      };
      const users = (isDue: boolean) => placed(watch.roster.inScope(), (user) => due.has(user.id) === isDue);
      for (const isDue of [false, true])
        for await (const read of mapOrdered(users(isDue), DOWNLOADS, readUser)) step.tick(read);
    },
  );
  if (touched.size > 0) {
    for (const user of watch.roster.inScope()) {
      if (!touched.has(user.id)) continue;
      step.tick(await readThumbnails(watch, places.of(user).stored, { user, readAll, again: true }));
    }
  }
  step.done();
}

/** Those that are wanted, with their places among all. */
function* placed<T>(
  users: Iterable<T>,
  isWanted: (user: T) => boolean,
): Generator<{ readonly user: T; readonly place: number }> {
  let place = -1;
  for (const user of users) {
    place++;
    if (isWanted(user)) yield { user, place };
  }
}

/** How the thumbnails of one user are read. */
interface Reading {
  readonly user: DirectoryUser;
  /** S and M whatever L shows. */
  readonly readAll: boolean;
  /** In this run they may have been read for somebody else, by whose master no preview seemed worth keeping. */
  readonly again: boolean;
}

/** Returns how many were downloaded. */
async function readThumbnails(watch: Watch, set: readonly StoredLibraryFile[], reading: Reading): Promise<number> {
  stopWhenAborted(watch.settings);
  if (set.length === 0) return 0;
  const large = set.find((stored) => stored.file.size === "L");
  let read = 0;
  let suspicious = reading.readAll || large === undefined;
  if (large !== undefined) {
    const right = await readThumbnail(watch, large, reading);
    suspicious ||= !right.right;
    read += right.read;
  }
  const small = set.filter(({ file }) => file.size !== "L" && (suspicious || isSuspicious(file, large?.file)));
  for (const { read: more } of await Promise.all(small.map((stored) => readThumbnail(watch, stored, reading))))
    read += more;
  return read;
}

/** Of the users in scope; where there are few in the whole library, nobody's are looked up. */
async function hasFewUnreadSmall({ ports, roster }: Watch, places: Places): Promise<boolean> {
  if (ports.records.countUnreadSmall() <= READ_ALL_SMALL) return true;
  let count = 0;
  for await (const user of takingTurns(roster.inScope())) {
    for (const { file, signatureSha } of places.of(user).stored) {
      if (file.size !== "L" && signatureSha === null && ++count > READ_ALL_SMALL) return false;
    }
  }
  return true;
}

/** Metadata says that S or M was not made together with L: another time, or no smaller than L. */
function isSuspicious(file: LibraryFile, large: LibraryFile | undefined): boolean {
  if (large === undefined || file.modifiedAt === null || large.modifiedAt === null) return true;
  if (Math.abs(Date.parse(file.modifiedAt) - Date.parse(large.modifiedAt)) > WRITTEN_TOGETHER_MS) return true;
  if (file.length === null || large.length === null) return false;
  return file.length === 0 || file.length >= large.length;
}

interface Read {
  /** Downloads. */
  readonly read: number;
  readonly right: boolean;
}

async function readThumbnail(watch: Watch, stored: StoredLibraryFile, reading: Reading): Promise<Read> {
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

async function downloadThumbnail(
  { ports, roster, judge }: Watch,
  stored: StoredLibraryFile,
  { user }: Reading,
): Promise<Read> {
  const { records, images } = ports;
  const { uniqueId } = stored.file;
  const master = roster.masterPhoto(user);
  try {
    const download = await ports.sharePoint.download(stored.file);
    if (download === null) throw gone(stored.file);
    const signature = await images.sign(download.bytes);
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

/** What a store did not give; a folder of masters that is lost meanwhile is no store's fault. */
export function isOfStore(error: unknown): error is PhotodriftError {
  return error instanceof PhotodriftError && !error.code.startsWith("source-");
}

export function asStoreError(error: PhotodriftError): StoreError {
  return { code: error.code, message: error.message, hint: error.hint };
}
