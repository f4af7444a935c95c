import { PhotodriftError } from "../../model/errors.js";
import type { LibraryFile } from "../../model/photo.js";
import { asObject, HttpFailure, textOf } from "../http/failures.js";
import { NEEDS_FILES, type SharePoint } from "./api.js";
import { convertItem } from "./convert.js";
import { LIBRARY_URL } from "./library.js";
import { JSONParse, SPQueryable } from "./pnp.js";

/** Rows a page: the most that SharePoint gives, and below its list view threshold. */
const PAGE = 5000;

/** With the file expanded its real etag comes along; the plain form is the fallback where expanding is refused. */
const EXPANDED = ["Id", "FileLeafRef", "FileDirRef", "UniqueId", "File/ETag", "File/Length", "File/TimeLastModified"];
const PLAIN = ["Id", "FileLeafRef", "FileDirRef", "File_x0020_Size", "Modified", "UniqueId"];

/**
 * Every thumbnail of the library in pages of list items: the folder's own `files` end with an error above 5,000
 * (facts/sharepoint.md fact 2). Next links are followed to the letter.
 */
export async function* listThumbnails(sharePoint: SharePoint): AsyncGenerator<readonly LibraryFile[]> {
  let page = await firstPage(sharePoint);
  let link = "";
  for (;;) {
    const rows = page["value"];
    if (!Array.isArray(rows)) throw unusable("a page came without its rows");
    yield (rows as readonly unknown[]).map(convertItem).filter((file): file is LibraryFile => file !== null);
    const next = textOf(page["odata.nextLink"]) ?? textOf(page["@odata.nextLink"]);
    if (next === null) return;
    if (next === link) throw unusable("a page names itself as the next one");
    link = next;
    page = await nextPage(sharePoint, link);
  }
}

type Page = Readonly<Record<string, unknown>>;

const PURPOSE = { asks: "list the User Photos library", needs: NEEDS_FILES };

async function firstPage(sharePoint: SharePoint): Promise<Page> {
  const items = () => sharePoint.on("sharepointMy", PURPOSE).web.getList(LIBRARY_URL).items;
  try {
    const query = items()
      .select(...EXPANDED)
      .expand("File")
      .top(PAGE);
    return asObject(await query.using(JSONParse())());
  } catch (error) {
    if (!(error instanceof HttpFailure) || ![400, 501].includes(error.status)) throw error;
    const query = items()
      .select(...PLAIN)
      .top(PAGE);
    return asObject(await query.using(JSONParse())());
  }
}

async function nextPage(sharePoint: SharePoint, link: string): Promise<Page> {
  const sp = sharePoint.on("sharepointMy", PURPOSE);
  return asObject(await SPQueryable([sp.web, link]).using(JSONParse())());
}

function unusable(what: string): PhotodriftError {
  return new PhotodriftError("unusable-answer", `cannot ${PURPOSE.asks}: ${what}`, "run again later", "incomplete");
}
