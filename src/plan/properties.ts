import { profileAddress } from "../model/address.js";
import { canonicalPictureUrl } from "../model/picture-url.js";
import type { ComparedUser } from "../model/compared.js";
import type { ObservedProfile } from "../model/photo.js";
import type { PicturePropertyName, PropertyValues, SetPictureProperties } from "../model/plan-action.js";
import type { RuleId } from "../model/rule.js";
import { actionId } from "./pictures.js";

/** Seconds from 0001-01-01 to 1970-01-01: SPS-PictureTimestamp counts from there (facts/sharepoint.md section 2). */
const SECONDS_TO_1970 = 62_135_596_800;

export interface PropertyReason {
  readonly because: RuleId;
  /** Thumbnails are written in the same plan. */
  readonly writesThumbnails: boolean;
  /** None of the user's thumbnails existed before. */
  readonly firstSet: boolean;
  /** A finding about the properties themselves asks for it. */
  readonly repairs: boolean;
  /** What becomes visible may be shown. */
  readonly mayShow: boolean;
}

/**
 * The properties that thumbnails need in order to be shown, only those that differ: placeholder off, the pull from a mailbox off where there
 * is none, PictureURL, and a new timestamp when anything else is written. What makes pictures visible is left out where they may not be shown.
 * Null when nothing differs or the profile was not readable.
 */
export function showPictures(user: ComparedUser, reason: PropertyReason): SetPictureProperties | null {
  const profile = writable(user.sharePoint.profile);
  if (profile === null) return null;
  const wanted: { [name in PicturePropertyName]?: string } = {};
  const unknownCounts = reason.firstSet || reason.repairs;
  if (differs(profile["SPS-PicturePlaceholderState"], "0", "1", reason.firstSet, unknownCounts)) {
    wanted["SPS-PicturePlaceholderState"] = "0";
  }
  if (
    !user.user.licences.mailbox &&
    differs(profile["SPS-PictureExchangeSyncState"], "0", "1", reason.firstSet, unknownCounts)
  ) {
    wanted["SPS-PictureExchangeSyncState"] = "0";
  }
  const { pictureUrl, photos } = user.sharePoint;
  const present = profile.PictureURL ?? null;
  // PictureURL names the M file: nothing points to a picture that could not be read.
  const mayShow = reason.mayShow && photos.M.observed.kind !== "unreadable";
  if (!mayShow) delete wanted["SPS-PicturePlaceholderState"];
  else if (present === null ? unknownCounts : canonicalPictureUrl(present) !== canonicalPictureUrl(pictureUrl)) {
    wanted.PictureURL = pictureUrl;
  }
  if (reason.writesThumbnails || Object.keys(wanted).length > 0) {
    wanted["SPS-PictureTimestamp"] = String(Math.floor(user.now / 1000) + SECONDS_TO_1970);
  }
  return propertyAction(user, reason.because, profile, wanted);
}

/** The properties let go of the pictures before these are taken away, or name one that does not exist. */
export function hidePictures(user: ComparedUser, because: RuleId, placeholder: boolean): SetPictureProperties | null {
  const profile = writable(user.sharePoint.profile);
  if (profile === null) return null;
  const wanted: { [name in PicturePropertyName]?: string } = {};
  if (placeholder && profile["SPS-PicturePlaceholderState"] !== "1") wanted["SPS-PicturePlaceholderState"] = "1";
  if (profile.PictureURL !== "") wanted.PictureURL = "";
  return propertyAction(user, because, profile, wanted);
}

function propertyAction(
  user: ComparedUser,
  because: RuleId,
  profile: PropertyValues,
  wanted: { readonly [name in PicturePropertyName]?: string },
): SetPictureProperties | null {
  const names = Object.keys(wanted) as PicturePropertyName[];
  if (names.length === 0) return null;
  const before = Object.fromEntries(names.map((name) => [name, profile[name] ?? null]));
  const { "SPS-PictureTimestamp": _, ...guarded } = before;
  const address = profileAddress(user.user.upn);
  const { id, upn, displayName } = user.user;
  return {
    id: actionId("set-picture-properties", address),
    action: "set-picture-properties",
    address,
    user: { id, upn, displayName },
    because,
    before: { properties: before },
    after: { properties: wanted },
    precondition: { kind: "properties", values: guarded },
  };
}

/** Values by property, unknown ones null; null for a profile that is not there or could not be read. */
function writable(profile: ObservedProfile): PropertyValues | null {
  if (profile.kind === "not-read") return {};
  if (profile.kind !== "present") return null;
  // Without a full reading an empty PictureURL may only be hidden by the placeholder state.
  const hidden = profile.pictureUrl === "" && profile.timestamp === null && profile.exchangeSyncState === null;
  return {
    "SPS-PicturePlaceholderState": profile.placeholderState,
    "SPS-PictureExchangeSyncState": profile.exchangeSyncState,
    PictureURL: hidden ? null : profile.pictureUrl,
    "SPS-PictureTimestamp": profile.timestamp,
  };
}

/** `bad` always counts; anything but `wanted` counts for a first set; an unknown value only where `unknownCounts`. */
function differs(
  value: string | null | undefined,
  wanted: string,
  bad: string,
  firstSet: boolean,
  unknownCounts: boolean,
): boolean {
  if (value === null || value === undefined) return unknownCounts;
  return value === bad || (firstSet && value !== wanted);
}
