import type { ThumbnailStem } from "../model/config.js";
import type { LibraryFile } from "../model/photo.js";
import type { DirectoryUser } from "../model/user.js";
import { folderOfPictureUrl, stemOfPictureUrl } from "./picture-url.js";

/** The stem that upload tools write: lower-case UPN with `@` and `.` as `_` (facts/sharepoint.md 1.4). */
export function upnStem(upn: string): string {
  return upn.toLowerCase().replace(/[@.]/g, "_");
}

/** Stems under which a user's thumbnails may stand, most trusted first: SharePoint's own object id, then the UPN form. */
export function stemsOf(user: Pick<DirectoryUser, "id" | "upn">): readonly string[] {
  return [user.id.toLowerCase(), upnStem(user.upn)];
}

/** Where a user's thumbnails are, or would be written. */
export interface ThumbnailPlace {
  readonly folder: string;
  readonly stem: string;
  readonly files: readonly LibraryFile[];
}

/**
 * Chooses the set of thumbnails that is the user's: the one that PictureURL names, else object id, else UPN; the set with more files wins
 * within one stem. A PictureURL that names another user's stem is not believed.
 * @param isForeignStem tells whether a stem belongs to somebody else
 */
export function placeOf(
  user: Pick<DirectoryUser, "id" | "upn">,
  pictureUrl: string,
  filesOfStem: (stem: string) => readonly LibraryFile[],
  isForeignStem: (stem: string) => boolean,
  defaults: { readonly folder: string; readonly stem: ThumbnailStem },
): ThumbnailPlace {
  const own = stemsOf(user);
  const named = stemOfPictureUrl(pictureUrl);
  const candidates = named === null || own.includes(named) || isForeignStem(named) ? [] : [named];
  if (named !== null && own.includes(named)) candidates.push(named);
  for (const stem of own) if (!candidates.includes(stem)) candidates.push(stem);
  const namedFolder = folderOfPictureUrl(pictureUrl);
  for (const stem of candidates) {
    const place = bestFolder(stem, filesOfStem(stem), stem === named ? namedFolder : null, defaults.folder);
    if (place !== null) return place;
  }
  const fallback = defaults.stem === "upn" ? upnStem(user.upn) : user.id.toLowerCase();
  const believed = candidates[0] === named && defaults.stem === "keep" ? named : fallback;
  return { folder: defaults.folder, stem: believed, files: [] };
}

function bestFolder(
  stem: string,
  files: readonly LibraryFile[],
  namedFolder: string | null,
  defaultFolder: string,
): ThumbnailPlace | null {
  const byFolder = new Map<string, LibraryFile[]>();
  for (const file of files) {
    const list = byFolder.get(file.folder);
    if (list === undefined) byFolder.set(file.folder, [file]);
    else list.push(file);
  }
  let best: ThumbnailPlace | null = null;
  let bestRank = -1;
  for (const [folder, list] of byFolder) {
    const rank =
      (folder.toLowerCase() === namedFolder ? 100 : 0) + list.length * 10 + (folder === defaultFolder ? 1 : 0);
    if (rank > bestRank) {
      best = { folder, stem, files: list };
      bestRank = rank;
    }
  }
  return best;
}

/** PictureURL as SharePoint spells it: the M file, blanks as %20 (facts/sharepoint.md 1.5). `origin` e.g. https://contoso-my.sharepoint.com:443. */
export function pictureUrlOf(origin: string, folder: string, stem: string): string {
  const path = `${folder}/${stem}_MThumb.jpg`.split("/").map(encodeURIComponent).join("/");
  return `${origin}${path}`;
}
