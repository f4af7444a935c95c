import { PhotodriftError } from "../../model/errors.js";
import { begun } from "../../model/parallel.js";
import type { PhotoLibrary } from "../../run/ports.js";
import { isListAbsence } from "../answers/absence.js";
import { libraryCount, libraryFolders, libraryList, type LibraryListAnswer, webAddress } from "../answers/library.js";
import { HttpFailure } from "../http/failures.js";
import type { WireResponse } from "../http/types.js";
import { NEEDS_FILES, type SharePoint } from "./api.js";
import { isHousekeeping } from "./convert.js";

/** The library is addressed by URL, which no language changes; its title may be localized (facts/sharepoint.md 1.1). */
export const LIBRARY_URL = "/User Photos";

/** A change this recent may share its second with a later one: dates alone cannot tell them apart. */
const RECENT_MS = 60_000;

/** Unpacked bytes of an answer about the library or its folders. */
const MAX_BYTES = 1024 * 1024;

const FIELDS = ["Id", "Title", "BaseTemplate", "ItemCount", "LastItemModifiedDate", "LastItemDeletedDate"];

/**
 * Finds the User Photos library and its folder of thumbnails, whose name depends on the tenant's language. One folder is it; of several
 * the fullest one is written to; `wanted` overrides. Errors: `photo-library-missing`, `photo-folder-missing`, and those of the door.
 */
export async function locateLibrary(sharePoint: SharePoint, wanted: string | undefined): Promise<PhotoLibrary> {
  let answered: WireResponse | null = null;
  const purpose = { asks: "find the User Photos library", needs: NEEDS_FILES, maxBytes: MAX_BYTES };
  const read = (fields: readonly string[], expand: readonly string[]): Promise<LibraryListAnswer> =>
    sharePoint.ask("sharepointMy", { ...purpose, onAnswer: (answer) => (answered = answer) }, libraryList, (sp) => {
      const query = sp.web.getList(LIBRARY_URL).select(...FIELDS, ...fields);
      return expand.length === 0 ? query() : query.expand(...expand)();
    });
  const found = begun(readFolders(sharePoint));
  const list = await read(["CurrentChangeToken", "ParentWeb/Url"], ["ParentWeb"]).catch(async (error: unknown) => {
    // Whether the token and the web may be selected is not established (facts/sharepoint.md 1.3).
    if (error instanceof HttpFailure && (error.status === 400 || error.status === 501)) return await read([], []);
    throw missingLibrary(error, sharePoint);
  });
  const folders = await found;
  const folder = chooseFolder(folders, wanted);
  const inFolders = folders.reduce((sum, each) => sum + each.itemCount, 0);
  return {
    folder: folder.path,
    folders: [folder.path, ...folders.map((each) => each.path).filter((path) => path !== folder.path)],
    changeMark: changeMarkOf(list, (answered as WireResponse | null)?.headers["date"]),
    itemCount: Math.max(list.ItemCount, inFolders),
    webUrl: list.ParentWeb?.Url ?? (await readWebUrl(sharePoint)),
  };
}

/** How many items the library has now, folders included. */
export async function itemCountNow(sharePoint: SharePoint): Promise<number> {
  const purpose = { asks: "count the User Photos library", needs: NEEDS_FILES, maxBytes: MAX_BYTES };
  const { ItemCount } = await sharePoint.ask("sharepointMy", purpose, libraryCount, (sp) =>
    sp.web.getList(LIBRARY_URL).select("ItemCount")(),
  );
  return ItemCount;
}

/** The address by which SharePoint knows the My Site host, or null where it does not say. */
async function readWebUrl(sharePoint: SharePoint): Promise<string | null> {
  const purpose = { asks: "read the address of the My Site host", needs: NEEDS_FILES, maxBytes: MAX_BYTES };
  try {
    const { Url } = await sharePoint.ask("sharepointMy", purpose, webAddress, (sp) => sp.web.select("Url")());
    return Url;
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    return null;
  }
}

interface Folder {
  readonly name: string;
  readonly path: string;
  readonly itemCount: number;
}

async function readFolders(sharePoint: SharePoint): Promise<readonly Folder[]> {
  const purpose = { asks: "list the folders of the User Photos library", needs: NEEDS_FILES, maxBytes: MAX_BYTES };
  const { value } = await sharePoint.ask("sharepointMy", purpose, libraryFolders, (sp) =>
    sp.web.getList(LIBRARY_URL).rootFolder.folders.select("Name", "ServerRelativeUrl", "ItemCount", "UniqueId")(),
  );
  return value
    .map(({ Name: name, ServerRelativeUrl: path, ItemCount: itemCount }) => ({ name, path, itemCount }))
    .filter(({ name, path }) => !isHousekeeping(name) && path !== "");
}

function chooseFolder(folders: readonly Folder[], wanted: string | undefined): Folder {
  const names = folders.map((each) => each.name).join(", ");
  if (wanted !== undefined && wanted !== "") {
    const found = folders.find((each) => folded(each.name) === folded(wanted));
    if (found !== undefined) return found;
    throw new PhotodriftError(
      "photo-folder-missing",
      `the User Photos library has no folder "${wanted}"${names === "" ? "" : ` (it has: ${names})`}`,
      "correct tenant.userPhotosFolder, or leave it out to have the folder found",
    );
  }
  const fullest = [...folders].sort((a, b) => b.itemCount - a.itemCount)[0];
  if (fullest !== undefined) return fullest;
  throw new PhotodriftError(
    "photo-folder-missing",
    "the User Photos library has no folder for thumbnails yet",
    "let one user upload a photo on the SharePoint profile page, which makes the folder; or switch the store off with stores.sharepoint: false",
  );
}

function folded(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

/** Equal marks mean that nothing changed. Where the last change is too recent to be told by its second, the change token is added. */
function changeMarkOf(list: LibraryListAnswer, date: string | undefined): string {
  const { Id, LastItemModifiedDate: modified, LastItemDeletedDate: deleted, ItemCount } = list;
  const mark = [Id, modified, deleted, String(ItemCount)].join(";");
  const now = date === undefined ? Date.now() : Date.parse(date);
  const settled = [modified, deleted].every((time) => now - Date.parse(time) > RECENT_MS);
  if (settled) return mark;
  const token = list.CurrentChangeToken?.StringValue;
  return token === undefined ? "" : `${mark};${token}`;
}

function missingLibrary(error: unknown, sharePoint: SharePoint): unknown {
  if (!(error instanceof HttpFailure) || !isListAbsence(error.status, error.said)) return error;
  return new PhotodriftError(
    "photo-library-missing",
    `${new URL(sharePoint.origin("sharepointMy")).host} has no User Photos library`,
    "check tenant.name or tenant.endpoints.sharepointMy: it must be the My Site host ({name}-my.sharepoint.com)",
  );
}
