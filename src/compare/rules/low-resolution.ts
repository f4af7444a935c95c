import { isOurCurrentWrite, pictureOf } from "../../model/picture.js";
import { causeOf } from "../cause.js";
import { actualPhoto, expectedMaster, pictureRemedy, placeName } from "../words.js";
import { findingOf, type Rule } from "./rule.js";

/** Right picture, fewer pixels than it should have, and the master has more. Thumbnails under their size are wrong-dimensions. */
export const lowResolution: Rule = {
  id: "low-resolution",
  severity: "warning",
  drift: true,
  title: "Fewer pixels than it should have",
  actions: ["upload-photo", "write-thumbnail"],
  check(user) {
    return user.cloud.flatMap((photo) => {
      const { observed } = photo;
      if (observed.kind !== "present" || observed.width === null || observed.height === null) return [];
      if (pictureOf(user, photo).kind !== "right" || isOurCurrentWrite(user, photo)) return [];
      const side = Math.min(observed.width, observed.height);
      const master = user.masterPhoto?.kind === "usable" ? user.masterPhoto : null;
      if (master === null || side >= user.policy.lowResolutionBelow) return [];
      if (Math.min(master.crop.width, master.crop.height) <= side) return [];
      return [
        findingOf(lowResolution, user, {
          address: photo.address,
          photo,
          cause: causeOf(user, photo),
          expected: { ...expectedMaster(user), atLeast: user.policy.lowResolutionBelow },
          actual: actualPhoto(photo),
          summary: `${placeName(photo)} has the right picture at ${observed.width} x ${observed.height} pixels; the master has ${master.signature.width} x ${master.signature.height}.`,
          remedy: pictureRemedy(user, "low-resolution", photo),
        }),
      ];
    });
  },
};
