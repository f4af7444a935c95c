import { isOurCurrentWrite, pictureOf } from "../../model/picture.js";
import { causeOf } from "../cause.js";
import { photosOf } from "../picture.js";
import { actualPhoto, expectedMaster, pictureRemedy, placeName } from "../words.js";
import { findingOf, type Rule } from "./rule.js";

/** The pixels are there but the detail is not: an enlarged small image, and the master is sharper. */
export const upscaledPhoto: Rule = {
  id: "upscaled-photo",
  severity: "warning",
  drift: true,
  title: "Enlarged from a small image",
  actions: ["upload-photo", "write-thumbnail"],
  check(user) {
    return photosOf(user).flatMap((photo) => {
      const picture = pictureOf(user, photo);
      if (picture.kind !== "right" || picture.verdict?.upscaled !== true || isOurCurrentWrite(user, photo)) return [];
      return [
        findingOf(upscaledPhoto, user, {
          address: photo.address,
          photo,
          cause: causeOf(user, photo),
          expected: expectedMaster(user),
          actual: actualPhoto(photo),
          summary: `${placeName(photo)} has the right picture with the detail of a much smaller one.`,
          remedy: pictureRemedy(user, "upscaled-photo", photo),
        }),
      ];
    });
  },
};
