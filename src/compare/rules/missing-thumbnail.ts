import { pictureOf } from "../../model/picture.js";
import type { ComparedUser } from "../../model/compared.js";
import type { ComparedPhoto } from "../../model/photo.js";
import { causeOf } from "../cause.js";
import { hasUsableMaster, isPropagating, thumbnailsOf } from "../picture.js";
import { actualPhoto, expectedMaster, pictureRemedy, placeName } from "../words.js";
import { findingOf, type Rule } from "./rule.js";

/** SharePoint lacks one of S, M, L, or has a file there that is no picture, for a user who should have them or has some of them. */
export const missingThumbnail: Rule = {
  id: "missing-thumbnail",
  severity: "error",
  drift: true,
  title: "Thumbnail missing in SharePoint",
  actions: ["write-thumbnail"],
  check(user) {
    if (!user.user.licences.sharePoint) return [];
    const thumbnails = thumbnailsOf(user);
    const some = thumbnails.some((photo) => photo.observed.kind === "present");
    const wanted = hasUsableMaster(user) || (some && user.masterPhoto === null);
    return thumbnails.flatMap((photo) => {
      const summary = lackAt(user, photo, wanted);
      if (summary === null) return [];
      return [
        findingOf(missingThumbnail, user, {
          address: photo.address,
          photo,
          cause: causeOf(user, photo),
          expected: expectedMaster(user),
          actual: actualPhoto(photo),
          summary,
          remedy: pictureRemedy(user, "missing-thumbnail", photo),
        }),
      ];
    });
  },
};

/** What lacks at a place, as a sentence, or null. @param wanted a thumbnail should be there; a file that is none is told anyway */
function lackAt(user: ComparedUser, photo: ComparedPhoto, wanted: boolean): string | null {
  const picture = pictureOf(user, photo);
  if (picture.kind === "broken") return `${placeName(photo)} is a file that is no picture: ${picture.why}.`;
  const lacks = wanted && picture.kind === "absent" && photo.lastApplied === null && !isPropagating(user, photo);
  return lacks ? `${placeName(photo)} does not exist.` : null;
}
