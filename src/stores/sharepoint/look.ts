import type { LibraryFile } from "../../model/photo.js";
import { asObject, HttpFailure, textOf } from "../http/failures.js";
import { NEEDS_FILES, type SharePoint } from "./api.js";
import { convertItem } from "./convert.js";

/** One file as the inventory gives it, or null when there is none. Errors: those of the door, HttpFailure. */
export async function lookAtFile(sharePoint: SharePoint, folder: string, name: string): Promise<LibraryFile | null> {
  const web = sharePoint.on("sharepointMy", { asks: `look at ${folder}/${name}`, needs: NEEDS_FILES }).web;
  try {
    const query = web.getFileByServerRelativePath(`${folder}/${name}`);
    const file = asObject(await query.select("Name", "UniqueId", "ETag", "Length", "TimeLastModified")());
    // Some services answer a missing file with an empty object and Exists: false.
    if (file["odata.null"] === true || textOf(file["UniqueId"]) === null) return null;
    const item = { FileLeafRef: name, FileDirRef: folder, UniqueId: file["UniqueId"], File: file };
    return convertItem(item);
  } catch (error) {
    if (error instanceof HttpFailure && error.status === 404) return null;
    throw error;
  }
}
