import type { LibraryFile } from "../../model/photo.js";
import { isFileAbsence } from "../answers/absence.js";
import { oneFile } from "../answers/library.js";
import { HttpFailure } from "../http/failures.js";
import { readBody } from "../answers/described.js";
import { serviceError } from "../answers/service-error.js";
import { NEEDS_FILES, type SharePoint } from "./api.js";
import { convertFile } from "./convert.js";
import type { SPFI } from "./pnp.js";
import { askTogether, isNoBatch, isUnparsed, refusalOf, restIfRefused } from "./together.js";
import { asError } from "../../model/caught.js";

/** Unpacked bytes of an answer about one file. */
const MAX_BYTES = 256 * 1024;

/**
 * One file as the inventory gives it, or null when the service says in its own words that there is none. Errors: those of the door,
 * HttpFailure, `unusable-answer`.
 */
export async function lookAtFile(sharePoint: SharePoint, folder: string, name: string): Promise<LibraryFile | null> {
  const purpose = { asks: `look at ${folder}/${name}`, needs: NEEDS_FILES, maxBytes: MAX_BYTES };
  try {
    const found = await sharePoint.ask("sharepointMy", purpose, oneFile(name), (sp) => question(sp, { folder, name }));
    return found === null ? null : convertFile(found, folder, name);
  } catch (error) {
    if (error instanceof HttpFailure && isFileAbsence(error.status, error.said)) return null;
    throw error;
  }
}

/** A file to look at. */
export interface Where {
  readonly folder: string;
  readonly name: string;
}

/**
 * Looks at many files in one batch. What a part does not prove is looked at singly, and so is every file where a part is about another one: a
 * "not there" of that batch may be another's too. Answers stand in the order of the questions; an Error where one cannot be told. Throws where
 * the batch fails as a whole, unless the host offers none or its answer cannot be taken apart.
 */
export async function lookTogether(
  sharePoint: SharePoint,
  files: readonly Where[],
): Promise<readonly (LibraryFile | null | Error)[]> {
  const seen = files.length > 1 ? await partsOf(sharePoint, files) : files.map(() => undefined);
  return Promise.all(
    files.map(async ({ folder, name }, at) => {
      const found = seen[at];
      if (found !== undefined) return found;
      return lookAtFile(sharePoint, folder, name).catch(asError);
    }),
  );
}

/** What the parts of one batch prove; undefined where they prove nothing. */
async function partsOf(
  sharePoint: SharePoint,
  files: readonly Where[],
): Promise<readonly (LibraryFile | null | undefined)[]> {
  const purpose = { asks: "look at thumbnails", needs: NEEDS_FILES, maxBytes: files.length * MAX_BYTES };
  const calls = files.map((where) => (sp: SPFI) => question(sp, where));
  const parts = await askTogether(sharePoint, "sharepointMy", purpose, calls).catch((error: unknown) => {
    if (isNoBatch(error) || isUnparsed(error)) return null;
    throw error;
  });
  if (parts === null) return files.map(() => undefined);
  restIfRefused(sharePoint, "sharepointMy", parts);
  const readings = files.map(({ name }, at) => {
    const part = parts[at];
    return part?.kind === "answered" ? readBody(oneFile(name), part.text) : null;
  });
  if (readings.some((reading) => reading?.kind === "not-read")) return files.map(() => undefined);
  return files.map(({ folder, name }, at) => {
    const [part, reading] = [parts[at], readings[at]];
    if (reading?.kind === "read") return reading.value === null ? null : convertFile(reading.value, folder, name);
    const refusal = part?.kind === "failed" ? refusalOf(part.error) : null;
    return refusal !== null && isFileAbsence(refusal.status, serviceError(refusal.body)) ? null : undefined;
  });
}

function question(sp: SPFI, { folder, name }: Where): Promise<unknown> {
  return sp.web
    .getFileByServerRelativePath(`${folder}/${name}`)
    .select("Name", "UniqueId", "ETag", "Length", "TimeLastModified")();
}
