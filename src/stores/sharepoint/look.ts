import type { LibraryFile } from "../../model/photo.js";
import { isFileAbsence } from "../answers/absence.js";
import { oneFile } from "../answers/library.js";
import { HttpFailure } from "../http/failures.js";
import { NEEDS_FILES, type SharePoint } from "./api.js";
import { convertFile } from "./convert.js";

/** Unpacked bytes of an answer about one file. */
const MAX_BYTES = 256 * 1024;

/**
 * One file as the inventory gives it, or null when the service says in its own words that there is none. Errors: those of the door,
 * HttpFailure, `unusable-answer`.
 */
export async function lookAtFile(sharePoint: SharePoint, folder: string, name: string): Promise<LibraryFile | null> {
  const purpose = { asks: `look at ${folder}/${name}`, needs: NEEDS_FILES, maxBytes: MAX_BYTES };
  try {
    const found = await sharePoint.ask("sharepointMy", purpose, oneFile(name), (sp) =>
      sp.web
        .getFileByServerRelativePath(`${folder}/${name}`)
        .select("Name", "UniqueId", "ETag", "Length", "TimeLastModified")(),
    );
    return found === null ? null : convertFile(found, folder, name);
  } catch (error) {
    if (error instanceof HttpFailure && isFileAbsence(error.status, error.said)) return null;
    throw error;
  }
}
