import { pictureOf, standsByPolicy } from "../../model/picture.js";
import { profileAddress, THUMBNAIL_SIZES } from "../../model/address.js";
import type { ComparedUser } from "../../model/compared.js";
import type { Remedy } from "../../model/finding.js";
import { needsThumbnail } from "../../model/wrong-thumbnails.js";
import { hasUsableMaster, thumbnailsOf } from "../picture.js";
import { remedyByPolicy, remedyWithoutThumbnails } from "../words.js";
import { findingOf, type Rule } from "./rule.js";
import { wrongDimensions } from "./wrong-dimensions.js";
import { upscaledPhoto } from "./upscaled-photo.js";

/** SharePoint licence, no mailbox: SharePoint will never pull this photo. Drift while its thumbnails are not right, else only a note. */
export const licenseWithoutMailbox: Rule = {
  id: "license-without-mailbox",
  severity: "warning",
  drift: true,
  title: "SharePoint licence without a mailbox",
  actions: ["write-thumbnail", "set-picture-properties"],
  check(user) {
    const { licences } = user.user;
    if (!licences.sharePoint || licences.mailbox || !user.sharePoint.observed || !hasUsableMaster(user)) return [];
    const judged = thumbnailsOf(user).filter((photo) => !photo.accepted && !standsByPolicy(user, photo));
    const wrong = judged.filter((photo) => {
      const kind = pictureOf(user, photo).kind;
      return kind !== "right" && kind !== "unjudged" && kind !== "unknown" && kind !== "reframed";
    }).length;
    const degraded = [...wrongDimensions.check(user), ...upscaledPhoto.check(user)].filter((finding) =>
      judged.some(({ address }) => address === finding.address),
    ).length;
    const drift = wrong + degraded > 0;
    return [
      findingOf(licenseWithoutMailbox, user, {
        address: profileAddress(user.user.upn),
        cause: "unknown",
        drift,
        severity: drift ? "warning" : "info",
        expected: { mailbox: true },
        actual: { mailbox: false, thumbnailsWrong: wrong + degraded },
        summary: drift
          ? "No mailbox: SharePoint will never pull this photo by itself, and its thumbnails are not right."
          : "No mailbox: SharePoint will never pull this photo by itself; its thumbnails are right.",
        remedy: drift ? remedyOf(user) : { kind: "none", actions: [] },
      }),
    ];
  },
};

function remedyOf(user: ComparedUser): Remedy {
  const { photos } = user.sharePoint;
  if (!THUMBNAIL_SIZES.some((size) => needsThumbnail(user, photos[size], size))) {
    const cure = "What is wrong with these thumbnails a person decides: each has a finding of its own, with its rule.";
    return { kind: "manual", actions: [], cure };
  }
  return (
    remedyWithoutThumbnails(user) ??
    remedyByPolicy(user, "license-without-mailbox", ["write-thumbnail", "set-picture-properties"])
  );
}
