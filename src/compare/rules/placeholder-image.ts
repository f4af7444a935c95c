import { pictureOf } from "../../model/picture.js";
import { causeOf } from "../cause.js";
import { isPropagating, photosOf } from "../picture.js";
import { actualPhoto, expectedMaster, pictureRemedy, placeName } from "../words.js";
import { findingOf, type Rule } from "./rule.js";

/** The stored image is a silhouette, initials, blank or a single colour, or one picture that stands on several accounts. */
export const placeholderImage: Rule = {
  id: "placeholder-image",
  severity: "error",
  drift: true,
  title: "Placeholder instead of a photo",
  actions: ["upload-photo", "write-thumbnail"],
  check(user) {
    return photosOf(user).flatMap((photo) => {
      const picture = pictureOf(user, photo);
      if (picture.kind !== "placeholder") return [];
      if (isPropagating(user, photo)) return [];
      const what =
        picture.accounts === null
          ? "holds a placeholder, not a photo"
          : `shows a picture that stands on ${picture.accounts} accounts`;
      return [
        findingOf(placeholderImage, user, {
          address: photo.address,
          photo,
          cause: causeOf(user, photo),
          expected: expectedMaster(user),
          actual: { ...actualPhoto(photo), accounts: picture.accounts },
          summary: `${placeName(photo)} ${what}.`,
          remedy: pictureRemedy(user, "placeholder-image", photo),
        }),
      ];
    });
  },
};
