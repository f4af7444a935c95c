import type { ComparedUser } from "../../model/compared.js";
import type { Remedy } from "../../model/finding.js";
import type { ComparedPhoto } from "../../model/photo.js";
import { pictureOf, standsWithoutMaster } from "../../model/picture.js";
import { cloudPhotoOf } from "../picture.js";
import { actualPhoto, placeName, remedyByPolicy, remedyWithoutThumbnails, whyItStands } from "../words.js";
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
    const notCopied = whyNotCopied(user, cloud);
    return [
      findingOf(storesDisagree, user, {
        address: cloud.address,
        photo: cloud,
        cause: "unknown",
        expected: { samePictureAs: large.address },
        actual: {
          cloud: actualPhoto(cloud),
          sharePoint: actualPhoto(large),
          ...(notCopied === null ? {} : { notCopied }),
        },
        summary: "No master, and the cloud photo and SharePoint's thumbnail show different pictures.",
        remedy: remedyOf(user, notCopied),
      }),
    ];
  },
};

/** Why the cloud photo is nothing to copy, or the thumbnail nothing to replace, or null: neither a name nor a decision makes another's face the user's. */
function whyNotCopied(user: ComparedUser, cloud: ComparedPhoto): string | null {
  const large = user.sharePoint.photos.L;
  const picture = pictureOf(user, cloud);
  if (picture.kind === "wrong-person") return `${placeName(cloud)} shows ${picture.identity.displayName}`;
  if (picture.kind === "placeholder") return `${placeName(cloud)} holds a placeholder`;
  if (cloud.observed.kind !== "present" || cloud.observed.signature === null) return `${placeName(cloud)} was not read`;
  if (!standsWithoutMaster(user, large)) return null;
  return `${placeName(large)} ${whyItStands(user, large)}`;
}

function remedyOf(user: ComparedUser, notCopied: string | null): Remedy {
  if (notCopied !== null) return { kind: "manual", actions: [], cure: `Add a master: ${notCopied}.` };
  const withheld = remedyWithoutThumbnails(user);
  if (withheld !== null) return withheld;
  return user.policy.namedRules.includes("stores-disagree")
    ? remedyByPolicy(user, "stores-disagree", ["write-thumbnail"])
    : { kind: "manual", actions: [], cure: "Add a master, or copy the cloud photo with --rule stores-disagree." };
}
