import { profileAddress } from "../../model/address.js";
import type { ComparedUser } from "../../model/compared.js";
import type { FindingDraft, JsonValue, Remedy } from "../../model/finding.js";
import type { ObservedProfile } from "../../model/photo.js";
import { siteOfPicture } from "../geography.js";
import { canonicalPictureUrl } from "../picture-url.js";
import { hasUsableMaster, thumbnailsOf } from "../picture.js";
import { remedyByPolicy, REPORT_ONLY } from "../words.js";
import { findingOf, type Rule } from "./rule.js";

/** PictureURL, placeholder state or sync state contradict the files (facts/sharepoint.md section 2). */
export const profilePropertyMismatch: Rule = {
  id: "profile-property-mismatch",
  severity: "error",
  drift: true,
  title: "Profile properties contradict the files",
  actions: ["set-picture-properties"],
  check(user) {
    const { sharePoint } = user;
    const { profile } = sharePoint;
    if (!sharePoint.observed) return [];
    if (profile.kind !== "present") return profile.kind === "not-read" ? unannounced(user) : [];
    // What was not read contradicts nothing.
    if (thumbnailsOf(user).some((photo) => photo.observed.kind === "unreadable")) return [];
    const files = thumbnailsOf(user).some((photo) => photo.observed.kind === "present");
    const faults = files ? faultsWithFiles(user, profile) : faultsWithoutFiles(user, profile);
    if (faults.length === 0) return unannounced(user);
    const expected: { [key: string]: JsonValue } = files
      ? { pictureUrl: sharePoint.pictureUrl, placeholderState: "0" }
      : { pictureUrl: "" };
    if (files && !user.user.licences.mailbox) expected["exchangeSyncState"] = "0";
    return [
      findingOf(profilePropertyMismatch, user, {
        address: profileAddress(user.user.upn),
        cause: "unknown",
        expected,
        actual: {
          pictureUrl: profile.pictureUrl,
          placeholderState: profile.placeholderState,
          exchangeSyncState: profile.exchangeSyncState,
        },
        summary: `SharePoint profile: ${faults.join("; ")}.`,
        remedy: remedyOf(user),
      }),
    ];
  },
};

type PresentProfile = Extract<ObservedProfile, { readonly kind: "present" }>;

function faultsWithFiles(user: ComparedUser, profile: PresentProfile): readonly string[] {
  const { pictureUrl, placeholderState, exchangeSyncState } = profile;
  const faults: string[] = [];
  if (pictureUrl === "" && placeholderState !== "1") faults.push("PictureURL is empty although thumbnails exist");
  if (pictureUrl !== "" && canonicalPictureUrl(pictureUrl) !== canonicalPictureUrl(user.sharePoint.pictureUrl))
    faults.push(misdirected(user, pictureUrl));
  if (placeholderState === "1") faults.push("the placeholder state hides the picture");
  if (!user.user.licences.mailbox && exchangeSyncState === "1")
    faults.push("the sync state waits for a mailbox that the user does not have");
  return faults;
}

function faultsWithoutFiles(user: ComparedUser, { pictureUrl }: PresentProfile): readonly string[] {
  return pictureUrl !== "" && !hasUsableMaster(user) ? ["PictureURL names a file that does not exist"] : [];
}

/** New thumbnails of ours whose last step never came: no client looks for them before the timestamp changes. */
function unannounced(user: ComparedUser): readonly FindingDraft[] {
  if (user.sharePoint.unfinished === null) return [];
  return [
    findingOf(profilePropertyMismatch, user, {
      address: profileAddress(user.user.upn),
      cause: "unknown",
      expected: { timestamp: "of the new pictures" },
      actual: { timestamp: user.sharePoint.profile.kind === "present" ? user.sharePoint.profile.timestamp : null },
      summary: "SharePoint profile: a run of photodrift was cut off before it announced the new pictures.",
      remedy: remedyOf(user),
    }),
  ];
}

function remedyOf(user: ComparedUser): Remedy {
  if (user.policy.sharePointFix === "report-only") return REPORT_ONLY;
  return remedyByPolicy(user, "profile-property-mismatch", ["set-picture-properties"]);
}

/** After a rename of the tenant PictureURL names the right file by a former host. */
function misdirected(user: ComparedUser, pictureUrl: string): string {
  const site = siteOfPicture({
    pictureUrl,
    personalSiteHost:
      user.sharePoint.profile.kind === "present" ? (user.sharePoint.profile.personalSiteHost ?? null) : null,
    expectedUrl: user.sharePoint.pictureUrl,
    hasFiles: true,
  });
  if (site.kind !== "other-host") return "PictureURL names another file";
  return `PictureURL names the right file on another host, ${site.host}: only the host differs, as after a rename of the tenant`;
}
