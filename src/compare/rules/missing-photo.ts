import { pictureOf } from "../../model/picture.js";
import { causeOf } from "../cause.js";
import { hasUsableMaster } from "../picture.js";
import { actualPhoto, expectedMaster, pictureRemedy, placeName } from "../words.js";
import { findingOf, type Rule } from "./rule.js";

/** A licensed user with a usable master has no cloud photo. One that we put there and somebody took away is removed-in-tenant. */
export const missingPhoto: Rule = {
  id: "missing-photo",
  severity: "error",
  drift: true,
  title: "No photo in the cloud",
  actions: ["upload-photo"],
  check(user) {
    if (!hasUsableMaster(user) || user.cloud.some((photo) => pictureOf(user, photo).kind !== "absent")) return [];
    const photo = user.cloud[0];
    if (photo === undefined || photo.lastApplied !== null) return [];
    return [
      findingOf(missingPhoto, user, {
        address: photo.address,
        photo,
        cause: causeOf(user, photo),
        expected: expectedMaster(user),
        actual: actualPhoto(photo),
        summary: `${placeName(photo)} has no photo; the master is ready.`,
        remedy: pictureRemedy(user, "missing-photo", photo),
      }),
    ];
  },
};
