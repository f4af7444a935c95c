import { pictureOf } from "../../model/picture.js";
import { hasUsableMaster, isPropagating, thumbnailsOf } from "../picture.js";
import { actualPhoto, expectedMaster, placeName } from "../words.js";
import { findingOf, type Rule } from "./rule.js";

/** SharePoint still shows the previous photo, within policy.propagation of a change that we did not make: it may heal by itself. */
export const propagationPending: Rule = {
  id: "propagation-pending",
  severity: "info",
  drift: false,
  title: "SharePoint has not caught up yet",
  actions: [],
  check(user) {
    if (!hasUsableMaster(user) || !user.user.licences.sharePoint) return [];
    const changedAt = user.cloudChange?.at ?? "";
    return thumbnailsOf(user)
      .filter((photo) => ["absent", "stale", "reframed", "placeholder"].includes(pictureOf(user, photo).kind))
      .filter((photo) => isPropagating(user, photo))
      .map((photo) =>
        findingOf(propagationPending, user, {
          address: photo.address,
          photo,
          cause: "master-changed",
          expected: { ...expectedMaster(user), cloudChangedAt: changedAt },
          actual: actualPhoto(photo),
          summary: `${placeName(photo)} has not caught up with the photo of ${changedAt.slice(0, 16).replace("T", " ")} yet.`,
          remedy: { kind: "waits", actions: [] },
        }),
      );
  },
};
