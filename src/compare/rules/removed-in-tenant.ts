import { pictureOf } from "../../model/picture.js";
import { hasUsableMaster, isPropagating, photosOf } from "../picture.js";
import { actualPhoto, expectedMaster, pictureRemedy, placeName } from "../words.js";
import { findingOf, type Rule } from "./rule.js";

/** We put a photo there, someone took it away. Putting it back is a decision, never automatic unless named. */
export const removedInTenant: Rule = {
  id: "removed-in-tenant",
  severity: "warning",
  drift: true,
  title: "Photo was taken away in the tenant",
  actions: ["upload-photo", "write-thumbnail"],
  check(user) {
    if (!hasUsableMaster(user)) return [];
    return photosOf(user).flatMap((photo) => {
      if (photo.lastApplied === null || pictureOf(user, photo).kind !== "absent") return [];
      if (photo.store === "sharepoint" && !user.user.licences.sharePoint) return [];
      if (isPropagating(user, photo)) return [];
      return [
        findingOf(removedInTenant, user, {
          address: photo.address,
          photo,
          cause: "changed-in-tenant",
          expected: expectedMaster(user),
          actual: { ...actualPhoto(photo), lastAppliedAt: photo.lastApplied.at },
          summary: `${placeName(photo)} had our photo of ${photo.lastApplied.at.slice(0, 10)}; somebody took it away.`,
          remedy: pictureRemedy(user, "removed-in-tenant", photo),
        }),
      ];
    });
  },
};
