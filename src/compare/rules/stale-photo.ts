import { pictureOf, standsByPolicy } from "../../model/picture.js";
import { causeOf } from "../cause.js";
import { isPropagating, photosOf } from "../picture.js";
import { isRetouched } from "../photo/index.js";
import { actualPhoto, expectedMaster, pictureRemedy, placeName } from "../words.js";
import { findingOf, type Rule } from "./rule.js";

const WHY = {
  "own-retired": "shows an older master of this user",
  mirrored: "shows the master mirrored",
  recoloured: "shows the master in other colours or tones",
  unknown: "shows another picture than the master",
} as const;

const RETOUCHED = "shows the master with a part of it retouched otherwise";

/** The store shows another picture than the master: a retired master, the master mirrored or recoloured, or one nobody here knows. */
export const stalePhoto: Rule = {
  id: "stale-photo",
  severity: "error",
  drift: true,
  title: "Another picture than the master",
  actions: ["upload-photo", "write-thumbnail"],
  check(user) {
    return photosOf(user).flatMap((photo) => {
      const picture = pictureOf(user, photo);
      if (picture.kind !== "stale" || standsByPolicy(user, photo)) return [];
      if (isPropagating(user, photo)) return [];
      return [
        findingOf(stalePhoto, user, {
          address: photo.address,
          photo,
          cause: causeOf(user, photo),
          expected: expectedMaster(user),
          actual: { ...actualPhoto(photo), shows: picture.why },
          summary: `${placeName(photo)} ${photo.verdict !== null && isRetouched(photo.verdict) ? RETOUCHED : WHY[picture.why]}.`,
          remedy: pictureRemedy(user, "stale-photo", photo),
        }),
      ];
    });
  },
};
