import { pictureOf } from "../../model/picture.js";
import { causeOf } from "../cause.js";
import { hasUsableMaster, isPropagating, thumbnailsOf } from "../picture.js";
import { actualPhoto, expectedMaster, pictureRemedy, placeName } from "../words.js";
import { findingOf, type Rule } from "./rule.js";

/** SharePoint lacks one of S, M, L, for a user who should have them or has some of them. */
export const missingThumbnail: Rule = {
  id: "missing-thumbnail",
  severity: "error",
  drift: true,
  title: "Thumbnail missing in SharePoint",
  actions: ["write-thumbnail"],
  check(user) {
    if (!user.user.licences.sharePoint) return [];
    const thumbnails = thumbnailsOf(user);
    const missing = thumbnails.filter(
      (photo) => pictureOf(user, photo).kind === "absent" && photo.lastApplied === null && !isPropagating(user, photo),
    );
    const some = thumbnails.some((photo) => photo.observed.kind === "present");
    if (!hasUsableMaster(user) && (!some || user.masterPhoto !== null)) return [];
    return missing.map((photo) =>
      findingOf(missingThumbnail, user, {
        address: photo.address,
        photo,
        cause: causeOf(user, photo),
        expected: expectedMaster(user),
        actual: actualPhoto(photo),
        summary: `${placeName(photo)} does not exist.`,
        remedy: pictureRemedy(user, "missing-thumbnail", photo),
      }),
    );
  },
};
