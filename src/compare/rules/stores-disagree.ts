import { cloudPhotoOf } from "../picture.js";
import { actualPhoto, remedyByPolicy, remedyWithoutThumbnails } from "../words.js";
import type { ComparedUser } from "../../model/compared.js";
import type { Remedy } from "../../model/finding.js";
import { findingOf, type Rule } from "./rule.js";

/** No master decides, but the stores show different pictures. */
export const storesDisagree: Rule = {
  id: "stores-disagree",
  severity: "warning",
  drift: true,
  title: "Stores show different pictures",
  actions: ["write-thumbnail"],
  check(user) {
    const cloud = cloudPhotoOf(user);
    if (user.masterPhoto !== null || user.storesAgree !== false || cloud === null) return [];
    const large = user.sharePoint.photos.L;
    return [
      findingOf(storesDisagree, user, {
        address: cloud.address,
        photo: cloud,
        cause: "unknown",
        expected: { samePictureAs: large.address },
        actual: { cloud: actualPhoto(cloud), sharePoint: actualPhoto(large) },
        summary: "No master, and the cloud photo and SharePoint's thumbnail show different pictures.",
        remedy: remedyOf(user),
      }),
    ];
  },
};

function remedyOf(user: ComparedUser): Remedy {
  const withheld = remedyWithoutThumbnails(user);
  if (withheld !== null) return withheld;
  return user.policy.namedRules.includes("stores-disagree")
    ? remedyByPolicy(user, "stores-disagree", ["write-thumbnail"])
    : { kind: "manual", actions: [], cure: "Add a master, or copy the cloud photo with --rule stores-disagree." };
}
