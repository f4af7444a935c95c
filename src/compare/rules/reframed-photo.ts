import { pictureOf, standsByPolicy } from "../../model/picture.js";
import { causeOf } from "../cause.js";
import { isPropagating, photosOf } from "../picture.js";
import { actualPhoto, expectedMaster, pictureRemedy, placeName } from "../words.js";
import { findingOf, type Rule } from "./rule.js";

/** The master in another crop, or another shot of the same sitting: pixels alone cannot tell, so it is shown, not counted. */
export const reframedPhoto: Rule = {
  id: "reframed-photo",
  severity: "warning",
  drift: false,
  title: "Another crop or shot of the master",
  actions: ["upload-photo", "write-thumbnail"],
  check(user) {
    return photosOf(user).flatMap((photo) => {
      if (pictureOf(user, photo).kind !== "reframed" || standsByPolicy(user, photo)) return [];
      if (isPropagating(user, photo)) return [];
      return [
        findingOf(reframedPhoto, user, {
          address: photo.address,
          photo,
          cause: causeOf(user, photo),
          expected: expectedMaster(user),
          actual: actualPhoto(photo),
          summary: `${placeName(photo)} shows the master in another crop, or another shot of the same sitting.`,
          remedy: pictureRemedy(user, "reframed-photo", photo),
        }),
      ];
    });
  },
};
