import { pictureOf } from "../../model/picture.js";
import { causeOf } from "../cause.js";
import { photosOf } from "../picture.js";
import { actualPhoto, expectedMaster, pictureRemedy, placeName } from "../words.js";
import { findingOf, type Rule } from "./rule.js";

/** The store shows another user's master, current or retired. */
export const wrongPerson: Rule = {
  id: "wrong-person",
  severity: "critical",
  drift: true,
  title: "Somebody else's photo",
  actions: ["upload-photo", "write-thumbnail"],
  check(user) {
    return photosOf(user).flatMap((photo) => {
      const picture = pictureOf(user, photo);
      if (picture.kind !== "wrong-person") return [];
      const { identity } = picture;
      return [
        findingOf(wrongPerson, user, {
          address: photo.address,
          photo,
          cause: causeOf(user, photo),
          expected: expectedMaster(user),
          actual: {
            ...actualPhoto(photo),
            shows: { upn: identity.upn, master: identity.file, retired: identity.retired },
          },
          summary: `${placeName(photo)} shows the ${identity.retired ? "older " : ""}master of ${identity.displayName} (${identity.upn}).`,
          remedy: pictureRemedy(user, "wrong-person", photo),
        }),
      ];
    });
  },
};
