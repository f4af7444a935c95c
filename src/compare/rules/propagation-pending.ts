import { hasUsableMaster, isPropagating, pictureOf, thumbnailsOf } from "../picture.js";
import { actualPhoto, expectedMaster, placeName } from "../words.js";
import { findingOf, type Rule } from "./rule.js";

/** SharePoint still shows the previous photo, within policy.propagation of the change: it may heal by itself. */
export const propagationPending: Rule = {
  id: "propagation-pending",
  severity: "info",
  drift: false,
  title: "SharePoint has not caught up yet",
  actions: [],
  check(user) {
    if (!isPropagating(user) || !hasUsableMaster(user) || !user.user.licences.sharePoint) return [];
    return thumbnailsOf(user)
      .filter((photo) => ["absent", "stale", "reframed", "placeholder"].includes(pictureOf(user, photo).kind))
      .map((photo) =>
        findingOf(propagationPending, user, {
          address: photo.address,
          photo,
          cause: "master-changed",
          expected: { ...expectedMaster(user), cloudChangedAt: user.cloudChangedAt },
          actual: actualPhoto(photo),
          summary: `${placeName(photo)} has not caught up with the photo of ${(user.cloudChangedAt ?? "").slice(0, 16).replace("T", " ")} yet.`,
          remedy: { kind: "waits", actions: [] },
        }),
      );
  },
};
