import { photosOf } from "../picture.js";
import { actualPhoto, placeName, remedyByPolicy } from "../words.js";
import { findingOf, type Rule } from "./rule.js";

/** A user on the consent list still has a photo anywhere. Stronger than every other rule: the table drops the others for this user. */
export const consentWithdrawn: Rule = {
  id: "consent-withdrawn",
  severity: "error",
  drift: true,
  title: "Photo in spite of withdrawn consent",
  actions: ["delete-photo", "delete-thumbnail"],
  check(user) {
    if (!user.consentWithdrawn) return [];
    return photosOf(user)
      .filter((photo) => photo.observed.kind === "present")
      .map((photo) =>
        findingOf(consentWithdrawn, user, {
          address: photo.address,
          photo,
          cause: "unknown",
          expected: { photo: "absent" },
          actual: actualPhoto(photo),
          summary: `Consent was withdrawn, but ${placeName(photo)} still holds a photo.`,
          remedy: remedyByPolicy(user, "consent-withdrawn", [
            photo.store === "sharepoint" ? "delete-thumbnail" : "delete-photo",
          ]),
        }),
      );
  },
};
