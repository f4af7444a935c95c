import { PhotodriftError } from "../../model/errors.js";
import type { SharePointWriter } from "../../run/ports.js";
import { asObject, HttpFailure, OutcomeUnknown, textOf } from "../http/failures.js";
import { accountName, NEEDS_PROFILES, type Purpose, type SharePoint } from "./api.js";
import { lookAtFile } from "./look.js";
import { SPInstance } from "./pnp.js";

const NEEDS_FILES = "Sites.FullControl.All (or Sites.ReadWrite.All) of SharePoint";
const TRIES = 3;

/** Writes thumbnails and profile properties. A write whose answer was lost is looked at before it is sent again. */
export function createSharePointWriter(sharePoint: SharePoint): SharePointWriter {
  const write = (asks: string, needs: string): Purpose => ({ asks, needs, purpose: "write", repeat: "if-refused" });

  return {
    async putThumbnail(folder, name, jpeg) {
      const purpose = write(`write ${folder}/${name}`, NEEDS_FILES);
      return await lookingFirst(sharePoint, {
        async attempt() {
          const files = sharePoint.on("sharepointMy", purpose).web.getFolderByServerRelativePath(folder).files;
          // The client sends a Buffer as it is; its type names browser kinds only (facts/dependencies.md 1.3).
          const content = jpeg as unknown as ArrayBuffer;
          const file = asObject(
            await files.addUsingPath(name, content, { Overwrite: true }).catch(folderMissing(folder)),
          );
          return { etag: textOf(file["ETag"]) };
        },
        async look() {
          const found = await lookAtFile(sharePoint, folder, name);
          if (found?.length !== jpeg.length) return null;
          const web = sharePoint.on("sharepointMy", { asks: `read ${folder}/${name} back` }).web;
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
            if (!(error instanceof HttpFailure && error.status === 404)) throw error;
          }
          return true;
        },
        look: async () => ((await lookAtFile(sharePoint, folder, name)) === null ? true : null),
      });
    },

    async setProperty(upn, name, value) {
      const account = accountName(upn);
      const purpose = write(`set ${name} of ${upn}`, NEEDS_PROFILES);
      await lookingFirst(sharePoint, {
        async attempt() {
          const { profiles } = sharePoint.on("sharepointAdmin", purpose);
          await profiles.setSingleValueProfileProperty(account, name, value).catch(profileMissing(upn));
          return true;
        },
        look: async () => ((await readProperty(sharePoint, account, name)) === value ? true : null),
      });
    },
  };
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

async function readProperty(sharePoint: SharePoint, account: string, name: string): Promise<string | null> {
  const sp = sharePoint.on("sharepointAdmin", { asks: `read ${name} back`, needs: NEEDS_PROFILES });
  const path = `_api/SP.UserProfiles.PeopleManager/GetUserProfilePropertyFor(accountName=@v,propertyName='${name}')`;
  const query = SPInstance([sp.web, sharePoint.origin("sharepointAdmin")], path);
  query.query.set("@v", `'${account.replaceAll("'", "''")}'`);
  // The client has taken the value out of its envelope already, except in the verbose form.
  const answer: unknown = await query();
  return textOf(answer) ?? textOf(asObject(answer)["GetUserProfilePropertyFor"]);
}

/** A folder that is not there never comes by waiting. */
function folderMissing(folder: string): (error: unknown) => never {
  return (error) => {
    const missing =
      error instanceof HttpFailure &&
      (error.status === 404 || (error.status === 409 && /folder/i.test(error.serviceMessage)));
    if (!missing) throw error;
    throw new PhotodriftError(
      "photo-folder-missing",
      `${error.message}: there is no folder ${folder}`,
      "check tenant.userPhotosFolder, or leave it out to have the folder found",
    );
  };
}

function profileMissing(upn: string): (error: unknown) => never {
  return (error) => {
    if (
      !(error instanceof HttpFailure) ||
      !/User Profile Error 1000|UserNotFound|UserProfileNotFound/i.test(error.message)
    ) {
      throw error;
    }
    throw new PhotodriftError(
      "profile-missing",
      `${upn} has no SharePoint profile: ${error.message}`,
      "profiles are made when the user is licensed and imported: run again tomorrow",
      "incomplete",
    );
  };
}
