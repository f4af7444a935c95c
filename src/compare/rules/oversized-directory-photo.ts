import { causeOf } from "../cause.js";
import { actualPhoto, expectedMaster, pictureRemedy } from "../words.js";
import { hasUsableMaster } from "../picture.js";
import { findingOf, type Rule } from "./rule.js";

/** Directory limit in bytes, and the limit over which a directory photo never reaches a mailbox (KB 3062745). */
const DIRECTORY_LIMIT = 100 * 1024;
const MAILBOX_SYNC_LIMIT = 10 * 1024;

/** An Entra photo beyond 100 KB, or beyond 10 KB where directory sync is its only way to the mailbox. Told only of photos known to be Entra's. */
export const oversizedDirectoryPhoto: Rule = {
  id: "oversized-directory-photo",
  severity: "warning",
  drift: true,
  title: "Directory photo too large",
  actions: ["upload-photo"],
  check(user) {
    return user.cloud.flatMap((photo) => {
      if (photo.store !== "entra" || photo.observed.kind !== "present" || photo.observed.byteLength === null) return [];
      const bytes = photo.observed.byteLength;
      const mustReachMailbox =
        user.user.onPremisesSync === true &&
        user.user.licences.mailbox &&
        user.cloud.some((other) => other.store === "exchange" && other.observed.kind === "absent");
      const limit = mustReachMailbox ? MAILBOX_SYNC_LIMIT : DIRECTORY_LIMIT;
      if (bytes <= limit) return [];
      return [
        findingOf(oversizedDirectoryPhoto, user, {
          address: photo.address,
          photo,
          cause: causeOf(user, photo),
          expected: { ...expectedMaster(user), atMostBytes: limit },
          actual: actualPhoto(photo),
          summary: `The directory photo has ${Math.ceil(bytes / 1024)} KB, more than the ${limit / 1024} KB ${
            mustReachMailbox ? "that directory sync takes to the mailbox" : "that the directory takes"
          }.`,
          remedy: hasUsableMaster(user)
            ? pictureRemedy(user, "oversized-directory-photo", photo)
            : { kind: "manual", actions: [], cure: "Replace the photo by one of at most 100 KB." },
        }),
      ];
    });
  },
};
