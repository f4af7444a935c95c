import type { LibraryFile, StoredBytes } from "../../model/photo.js";
import type { SharePointReader } from "../../run/ports.js";
import { isFileAbsence } from "../answers/absence.js";
import { fileDownloadFlaw, isWholeFile } from "../answers/image.js";
import { HttpFailure } from "../http/failures.js";
import type { CostMeter } from "../http/meter.js";
import type { WireResponse } from "../http/types.js";
import { NEEDS_FILES, type SharePoint } from "./api.js";
import { listThumbnails } from "./inventory.js";
import { locateLibrary } from "./library.js";
import { coalesced } from "./coalesce.js";
import { lookTogether, type Where } from "./look.js";
import { createProfileReader } from "./profiles.js";
import { createQuota } from "./quota.js";
import { BATCH } from "./together.js";

const MAX_IMAGE_BYTES = 16 * 1024 * 1024;

/** The User Photos library on the My Site host and user profiles on the admin host. */
export function createSharePointReader(
  sharePoint: SharePoint,
  meter: CostMeter,
  userPhotosFolder: string | undefined,
): SharePointReader {
  const profiles = createProfileReader(sharePoint, createQuota(sharePoint.door.timer, sharePoint.door.signal));
  const look = coalesced(sharePoint.door, BATCH, (files: readonly Where[]) => lookTogether(sharePoint, files));
  return {
    locate() {
      // Whoever locates the library reads profiles next.
      sharePoint.soon("sharepointAdmin");
      return locateLibrary(sharePoint, userPhotosFolder);
    },
    inventory: (library) => listThumbnails(sharePoint, library),
    async look(folder, name) {
      const found = await look({ folder, name });
      if (found instanceof Error) throw found;
      return found;
    },

    async download(file) {
      let etag: string | null = null;
      const answers: Answered[] = [];
      const web = sharePoint.on("sharepointMy", {
        asks: `read ${file.folder}/${file.name}`,
        needs: NEEDS_FILES,
        maxBytes: MAX_IMAGE_BYTES,
        flaw(response) {
          const flaw = fileDownloadFlaw(file, response);
          answers.push({ response, flaw });
          return flaw;
        },
        onAnswer: (answer) => (etag = answer.headers["etag"] ?? null),
      }).web;
      const source =
        file.uniqueId === ""
          ? web.getFileByServerRelativePath(`${file.folder}/${file.name}`)
          : web.getFileById(file.uniqueId);
      try {
        const bytes = Buffer.from(await source.getBuffer());
        meter.imageDownloaded();
        return { bytes, etag, flaw: null };
      } catch (error) {
        if (error instanceof HttpFailure && isFileAbsence(error.status, error.said)) return null;
        const stored = wholeThough(file, answers.at(-1));
        if (stored === null) throw error;
        meter.imageDownloaded();
        return stored;
      }
    },

    profiles: (users) => profiles.read(users),
  };
}

interface Answered {
  readonly response: WireResponse;
  readonly flaw: string | null;
}

/** What the last of several answers gave, where it is the file itself, byte for byte as long as it is stored, and no picture; else null. */
function wholeThough(file: LibraryFile, last: Answered | undefined): StoredBytes | null {
  if (last === undefined || last.flaw === null || !isWholeFile(file, last.response)) return null;
  const { body, headers } = last.response;
  return { bytes: body, etag: headers["etag"] ?? null, flaw: last.flaw };
}
