import type { LibraryFile } from "../../model/photo.js";
import type { PhotoLibrary } from "../../run/ports.js";
import { libraryPage, type LibraryRow } from "../answers/library.js";
import { notWhole, type Page, wholeList } from "../answers/pages.js";
import { createSeenItems } from "../answers/seen-keys.js";
import { HttpFailure } from "../http/failures.js";
import { NEEDS_FILES, type SharePoint } from "./api.js";
import { convertRow } from "./convert.js";
import { itemCountNow, LIBRARY_URL } from "./library.js";
import { SPQueryable } from "./pnp.js";

/** Rows a page: the most that SharePoint gives, and below its list view threshold. */
const PAGE = 5000;
/** Unpacked bytes of a page: 5,000 rows have about two megabytes. */
const MAX_PAGE_BYTES = 32 * 1024 * 1024;

/** With the file expanded its real etag comes along; the plain form is the fallback where expanding is refused. */
const EXPANDED = ["Id", "FileLeafRef", "FileDirRef", "UniqueId", "File/ETag", "File/Length", "File/TimeLastModified"];
const PLAIN = ["Id", "FileLeafRef", "FileDirRef", "File_x0020_Size", "Modified", "UniqueId"];

const PURPOSE = { asks: "list the User Photos library", needs: NEEDS_FILES, maxBytes: MAX_PAGE_BYTES };

/**
 * Every thumbnail of the library in pages of list items: the folder's own `files` end with an error above 5,000
 * (facts/sharepoint.md fact 2). Next links are followed to the letter. The rows are counted against the library's ItemCount, which counts
 * folders, files in folders and files of any kind, as the rows do (learn.microsoft.com SPList.ItemCount); where files went while the list
 * was read, its count of now decides. Errors: `list-not-whole` where rows are missing or the list does not end: nothing that came
 * before is then a listing.
 */
export async function* listThumbnails(
  sharePoint: SharePoint,
  library: PhotoLibrary,
): AsyncGenerator<readonly LibraryFile[]> {
  let rows = 0;
  const list = {
    asks: PURPOSE.asks,
    origin: sharePoint.origin("sharepointMy"),
    key: (row: LibraryRow) => String(row.Id ?? row.ID ?? row.UniqueId),
    seen: createSeenItems(),
    mostRows: 2 * library.itemCount + PAGE,
    repeated: "contradiction",
  } as const;
  const page = (link: string | null): Promise<Page<LibraryRow>> =>
    link === null ? firstPage(sharePoint) : nextPage(sharePoint, link);
  for await (const got of wholeList(list, page)) {
    rows += got.length;
    yield got.map(convertRow).filter((file): file is LibraryFile => file !== null);
  }
  if (rows >= library.itemCount) return;
  const now = await itemCountNow(sharePoint);
  if (rows < now) throw notWhole(PURPOSE.asks, `it has ${String(now)} items, and ${String(rows)} rows came`);
}

async function firstPage(sharePoint: SharePoint): Promise<Page<LibraryRow>> {
  const rows = (fields: readonly string[], expand: readonly string[]): Promise<Page<LibraryRow>> =>
    sharePoint.ask("sharepointMy", PURPOSE, libraryPage, (sp) => {
      const query = sp.web
        .getList(LIBRARY_URL)
        .items.select(...fields)
        .top(PAGE);
      return expand.length === 0 ? query() : query.expand(...expand)();
    });
  try {
    return await rows(EXPANDED, ["File"]);
  } catch (error) {
    if (!(error instanceof HttpFailure) || ![400, 501].includes(error.status)) throw error;
    return await rows(PLAIN, []);
  }
}

function nextPage(sharePoint: SharePoint, link: string): Promise<Page<LibraryRow>> {
  return sharePoint.ask("sharepointMy", PURPOSE, libraryPage, (sp) => SPQueryable([sp.web, link])());
}
