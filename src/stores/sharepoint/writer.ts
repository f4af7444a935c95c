import { PhotodriftError } from "../../model/errors.js";
import type { SharePointWriter } from "../../run/ports.js";
import { isFileAbsence, isFolderAbsence, isProfileAbsence } from "../answers/absence.js";
import { readBody } from "../answers/described.js";
import { fileDownloadFlaw } from "../answers/image.js";
import { writtenFile } from "../answers/library.js";
import { propertyValue, propertyWritten } from "../answers/profiles.js";
import { HttpFailure, OutcomeUnknown } from "../http/failures.js";
import { accountName, NEEDS_PROFILES, type Purpose, type SharePoint } from "./api.js";
import { coalesced } from "./coalesce.js";
import { lookAtFile } from "./look.js";
import { type SPFI, SPInstance } from "./pnp.js";
import { askTogether, BATCH, refusalOf, restIfRefused } from "./together.js";

const NEEDS_FILES = "Sites.FullControl.All (or Sites.ReadWrite.All) of SharePoint";
const TRIES = 3;
/** A thumbnail has a few kilobytes. */
const MAX_IMAGE_BYTES = 16 * 1024 * 1024;

/** Writes thumbnails and profile properties. A write whose answer was lost is looked at before it is sent again. */
export function createSharePointWriter(sharePoint: SharePoint): SharePointWriter {
  const write = (asks: string, needs: string): Purpose => ({ asks, needs, purpose: "write", repeat: "if-refused" });

  const setTogether = coalesced(sharePoint.door, BATCH, (properties: readonly Property[]) =>
    setInBatch(sharePoint, write("set picture properties", NEEDS_PROFILES), properties),
  );

  return {
    async putThumbnail(folder, name, jpeg) {
      const purpose = write(`write ${folder}/${name}`, NEEDS_FILES);
      return await lookingFirst(sharePoint, {
        async attempt() {
          // The client sends a Buffer as it is; its type names browser kinds only (facts/dependencies.md 1.3).
          const content = jpeg as unknown as ArrayBuffer;
          const file = await sharePoint
            .ask("sharepointMy", purpose, writtenFile(name, jpeg.length), (sp) =>
              sp.web.getFolderByServerRelativePath(folder).files.addUsingPath(name, content, { Overwrite: true }),
            )
            .catch(folderMissing(folder));
          return { etag: file.ETag ?? null };
        },
        async look() {
          const found = await lookAtFile(sharePoint, folder, name);
          if (found?.length !== jpeg.length) return null;
          const web = sharePoint.on("sharepointMy", {
            asks: `read ${folder}/${name} back`,
            maxBytes: MAX_IMAGE_BYTES,
            flaw: (response) => fileDownloadFlaw(found, response),
          }).web;
          const stored = await web.getFileByServerRelativePath(`${folder}/${name}`).getBuffer();
          return Buffer.from(stored).equals(jpeg) ? { etag: found.etag } : null;
        },
      });
    },

    async deleteThumbnail(folder, name, etag) {
      const purpose = write(`delete ${folder}/${name}`, NEEDS_FILES);
      await lookingFirst(sharePoint, {
        async attempt() {
          try {
            const web = sharePoint.on("sharepointMy", purpose).web;
            await web.getFileByServerRelativePath(`${folder}/${name}`).delete(etag ?? "*");
          } catch (error) {
            if (!(error instanceof HttpFailure && isFileAbsence(error.status, error.said))) throw error;
          }
          return true;
        },
        look: async () => ((await lookAtFile(sharePoint, folder, name)) === null ? true : null),
      });
    },

    async setProperty(upn, name, value) {
      const fate = await setTogether({ upn, name, value });
      if (fate === "set") return;
      const account = accountName(upn);
      const purpose = write(`set ${name} of ${upn}`, NEEDS_PROFILES);
      const steps = {
        async attempt() {
          await sharePoint
            .ask("sharepointAdmin", purpose, propertyWritten, ({ profiles }) =>
              profiles.setSingleValueProfileProperty(account, name, value),
            )
            .catch(profileMissing(upn));
          return true;
        },
        look: async () => ((await readProperty(sharePoint, account, name)) === value ? true : null),
      };
      // The batch may have set it without saying so.
      if (fate === "unknown" && (await steps.look()) === true) return;
      await lookingFirst(sharePoint, steps);
    },
  };
}

interface Property {
  readonly upn: string;
  readonly name: string;
  readonly value: string;
}

/** What is known of a property after a batch: set, not set (a refusal, or it was not sent), or nobody said. */
type Fate = "set" | "not-set" | "unknown";

/** Sets properties of several users in one batch; whatever is not proved to be set is for the caller to settle by itself. */
async function setInBatch(
  sharePoint: SharePoint,
  purpose: Purpose,
  properties: readonly Property[],
): Promise<readonly Fate[]> {
  if (properties.length < 2) return properties.map(() => "not-set");
  const calls = properties.map(
    ({ upn, name, value }) =>
      ({ profiles }: SPFI) =>
        profiles.setSingleValueProfileProperty(accountName(upn), name, value),
  );
  try {
    const parts = await askTogether(sharePoint, "sharepointAdmin", purpose, calls);
    restIfRefused(sharePoint, "sharepointAdmin", parts);
    return parts.map((part): Fate => {
      if (part.kind === "answered") return readBody(propertyWritten, part.text).kind === "read" ? "set" : "unknown";
      const status = refusalOf(part.error)?.status ?? 500;
      return status < 500 ? "not-set" : "unknown";
    });
  } catch (error) {
    if (sharePoint.door.signal?.aborted === true) throw error;
    const refused = error instanceof HttpFailure && error.status < 500;
    return properties.map((): Fate => (refused ? "not-set" : "unknown"));
  }
}

/**
 * Attempts a write. Where its answer was lost, looks whether it was done, and only then attempts it again; a locked or just edited file is
 * tried again after a rest (facts/sharepoint.md 3.3).
 */
async function lookingFirst<T>(
  sharePoint: SharePoint,
  steps: { attempt(): Promise<T>; look(): Promise<T | null> },
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await steps.attempt();
    } catch (error) {
      const busy = error instanceof HttpFailure && (error.status === 423 || error.status === 409);
      const lost = error instanceof OutcomeUnknown;
      if ((!busy && !lost) || tries >= TRIES) throw error;
      await sharePoint.door.rest(tries, busy ? 1000 : 0);
      if (!lost) continue;
      const done = await steps.look();
      if (done !== null) return done;
    }
  }
}

function readProperty(sharePoint: SharePoint, account: string, name: string): Promise<string> {
  const purpose = { asks: `read ${name} back`, needs: NEEDS_PROFILES };
  const path = `_api/SP.UserProfiles.PeopleManager/GetUserProfilePropertyFor(accountName=@v,propertyName='${name}')`;
  return sharePoint.ask("sharepointAdmin", purpose, propertyValue, (sp) => {
    const query = SPInstance([sp.web, sharePoint.origin("sharepointAdmin")], path);
    query.query.set("@v", `'${account.replaceAll("'", "''")}'`);
    return query();
  });
}

/** A folder that is not there never comes by waiting. */
function folderMissing(folder: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof HttpFailure) || !isFolderAbsence(error.status, error.said)) throw error;
    throw new PhotodriftError(
      "photo-folder-missing",
      `${error.message}: there is no folder ${folder}`,
      "check tenant.userPhotosFolder, or leave it out to have the folder found",
    );
  };
}

function profileMissing(upn: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof HttpFailure) || !isProfileAbsence(error.said)) throw error;
    throw new PhotodriftError(
      "profile-missing",
      `${upn} has no SharePoint profile: ${error.message}`,
      "profiles are made when the user is licensed and imported: run again tomorrow",
      "incomplete",
    );
  };
}
