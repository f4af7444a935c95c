import { asks, thumbnailsAskedFor } from "../model/acting.js";
import { storeOf, THUMBNAIL_SIZES, type ThumbnailSize } from "../model/address.js";
import { byText } from "../model/ids.js";
import {
  THUMBNAIL_WRITE_ORDER,
  type DeletePhoto,
  type DeleteThumbnail,
  type PlanAction,
  type SetPictureProperties,
  type UploadPhoto,
  type WriteThumbnail,
} from "../model/plan-action.js";
import type { ComparedUser } from "../model/compared.js";
import type { FindingDraft } from "../model/finding.js";
import type { ComparedPhoto, LibraryFile } from "../model/photo.js";
import { mayBeShown } from "../model/picture.js";
import type { RuleId } from "../model/rule.js";
import type { FindingUser } from "../model/shapes.js";
import { actionSortKey } from "./order.js";
import {
  actionId,
  cloudSource,
  fileActionId,
  isKnown,
  masterSource,
  maxBytesFor,
  pictureBefore,
  picturePrecondition,
} from "./pictures.js";
import { hidePictures, showPictures } from "./properties.js";
import { gravest, triggersOf } from "./triggers.js";

/**
 * The fewest writes that cure the user's automatic findings, in the order in which they are carried out: one photo upload for all cloud
 * stores, only the thumbnails that are wrong, only the properties that differ. Nothing is planned where a store was not read; the profile
 * is what says where SharePoint's pictures of a user lie, so that an unreadable one leaves all of them alone.
 */
export function planUser(user: ComparedUser, findings: readonly FindingDraft[]): readonly PlanAction[] {
  const triggers = triggersOf(user, findings);
  if (triggers.length === 0) return [];
  const actions = user.consentWithdrawn ? removals(user, triggers) : repairs(user, triggers);
  const known = user.sharePoint.profile.kind !== "unreadable";
  return actions
    .filter(({ address }) => known || storeOf(address) !== "sharepoint")
    .map((action) => withDecision(action, triggers))
    .sort((a, b) => byText(actionSortKey(a), actionSortKey(b)));
}

/** Names who decided, where a finding that asks for the action was decided on: one of its own address, else one that speaks for other addresses. */
function withDecision(action: PlanAction, triggers: readonly FindingDraft[]): PlanAction {
  const here = triggers.filter(({ address }) => address === action.address);
  const isOwn = here.some(({ rule }) => rule === action.because);
  const elsewhere = triggers.filter((one) => !isOwn && one.rule === action.because && asksFor(one, action));
  const decided = [...here, ...elsewhere].find((one) => one.decided?.kind === "fix")?.decided;
  return decided === undefined ? action : { ...action, decidedBy: decided.by };
}

/** Properties follow the thumbnails that are written. */
function asksFor(finding: FindingDraft, { action }: PlanAction): boolean {
  return asks(finding, action) || (action === "set-picture-properties" && asks(finding, "write-thumbnail"));
}

function removals(user: ComparedUser, triggers: readonly FindingDraft[]): readonly PlanAction[] {
  const photo = firstCloud(user, triggers, "delete-photo");
  const thumbnails = THUMBNAIL_SIZES.flatMap((size) => {
    const photo = user.sharePoint.photos[size];
    const asked = triggers.filter((one) => one.address === photo.address && asks(one, "delete-thumbnail"));
    if (asked.length === 0) return [];
    const further = (user.sharePoint.furtherFiles ?? []).filter((file) => file.size === size);
    return [
      ...(photo.observed.kind === "present" ? [deleteThumbnail(user, size, asked)] : []),
      ...further.map((file) => deleteFurther(user, file, asked)),
    ];
  });
  const because = gravest(triggers);
  const properties = thumbnails.length > 0 && because !== null ? hidePictures(user, because, true) : null;
  return [
    ...(photo === null ? [] : [deletePhoto(user, photo.photo, photo.because)]),
    ...thumbnails,
    ...(properties === null ? [] : [properties]),
  ];
}

function repairs(user: ComparedUser, triggers: readonly FindingDraft[]): readonly PlanAction[] {
  const cloud = firstCloud(user, triggers, "upload-photo");
  const upload = cloud === null ? null : uploadPhoto(user, cloud.photo, cloud.because, triggers);
  const thumbnails = THUMBNAIL_WRITE_ORDER.flatMap((size) => writeThumbnail(user, size, triggers) ?? []);
  const properties = propertyRepair(user, triggers, thumbnails);
  return [...(upload === null ? [] : [upload]), ...thumbnails, ...(properties === null ? [] : [properties])];
}

/** The cloud photo to act on: the first address that a finding names, with the gravest rule there. */
function firstCloud(
  user: ComparedUser,
  triggers: readonly FindingDraft[],
  action: "upload-photo" | "delete-photo",
): { readonly photo: ComparedPhoto; readonly because: RuleId } | null {
  const asked = triggers.filter((one) => asks(one, action));
  const photo = user.cloud.find((one) => isKnown(one) && asked.some(({ address }) => address === one.address));
  const because = gravest(asked.filter(({ address }) => address === photo?.address));
  return photo === undefined || because === null ? null : { photo, because };
}

function uploadPhoto(
  user: ComparedUser,
  photo: ComparedPhoto,
  because: RuleId,
  triggers: readonly FindingDraft[],
): UploadPhoto | null {
  const source = masterSource(user);
  if (source === null) return null;
  const limits = triggers.map(({ expected }) => expected["atMostBytes"]).filter((limit) => typeof limit === "number");
  const maxBytes = maxBytesFor(user, limits.length === 0 ? null : Math.min(...limits));
  return { ...common("upload-photo", user, photo, because), after: { photo: "present", ...source, maxBytes } };
}

function deletePhoto(user: ComparedUser, photo: ComparedPhoto, because: RuleId): DeletePhoto {
  return { ...common("delete-photo", user, photo, because), after: { photo: "absent" } };
}

function writeThumbnail(
  user: ComparedUser,
  size: ThumbnailSize,
  triggers: readonly FindingDraft[],
): WriteThumbnail | null {
  const photo = user.sharePoint.photos[size];
  if (!user.sharePoint.observed || user.policy.sharePointFix !== "direct" || !isKnown(photo)) return null;
  const asked = triggers.filter((one) => thumbnailsAskedFor(one, user).includes(size));
  const because = gravest(asked);
  const copied = user.cloud.find((one) => asked.some(({ address }) => address === one.address));
  const source = copied === undefined ? masterSource(user) : cloudSource(copied);
  if (because === null || source === null) return null;
  const { folder } = user.sharePoint;
  const side = user.policy.thumbnails[size];
  return {
    ...common("write-thumbnail", user, photo, because),
    after: { photo: "present", ...source, side, folder, name: thumbnailName(user, size) },
  };
}

function propertyRepair(
  user: ComparedUser,
  triggers: readonly FindingDraft[],
  thumbnails: readonly WriteThumbnail[],
): SetPictureProperties | null {
  if (!user.sharePoint.observed || user.policy.sharePointFix === "report-only") return null;
  const own = triggers.filter((one) => one.rule === "profile-property-mismatch" && asks(one, "set-picture-properties"));
  const written = new Set<string>(thumbnails.map(({ address }) => address));
  const forThumbnails = triggers.filter(
    (one) =>
      thumbnails.length > 0 &&
      asks(one, "write-thumbnail") &&
      (written.has(one.address) || thumbnails.some(({ because }) => because === one.rule)),
  );
  const because = gravest(own) ?? gravest(forThumbnails);
  if (because === null) return null;
  const { photos, unfinished } = user.sharePoint;
  const stored = THUMBNAIL_SIZES.filter((size) => photos[size].observed.kind === "present");
  if (stored.length === 0 && thumbnails.length === 0) return hidePictures(user, because, false);
  return showPictures(user, {
    because,
    writesThumbnails: thumbnails.length > 0 || unfinished !== null,
    // What a cut-off run of ours made of it does not count.
    firstSet: stored.every((size) => unfinished?.created.includes(size) === true),
    repairs: own.some(({ expected }) => expected["pictureUrl"] !== undefined),
    mayShow:
      isNamed(user, own) ||
      THUMBNAIL_SIZES.every((size) => written.has(photos[size].address) || mayBeShown(user, size)),
  });
}

/** Somebody named the rule about the properties themselves, whatever it makes visible. */
function isNamed({ policy }: ComparedUser, own: readonly FindingDraft[]): boolean {
  return own.some(({ rule }) => policy.namedRules.includes(rule));
}

function deleteThumbnail(user: ComparedUser, size: ThumbnailSize, asked: readonly FindingDraft[]): DeleteThumbnail {
  const photo = user.sharePoint.photos[size];
  const { folder } = user.sharePoint;
  return {
    ...common("delete-thumbnail", user, photo, gravest(asked) ?? "consent-withdrawn"),
    after: { photo: "absent", folder, name: thumbnailName(user, size) },
  };
}

/** A file beside the set that counts. Its id names it, for the address is that of the other file. */
function deleteFurther(user: ComparedUser, file: LibraryFile, asked: readonly FindingDraft[]): DeleteThumbnail {
  const { folder, name, etag, length } = file;
  const photo = user.sharePoint.photos[file.size];
  return {
    ...common("delete-thumbnail", user, photo, gravest(asked) ?? "consent-withdrawn"),
    id: fileActionId("delete-thumbnail", photo.address, file),
    after: { photo: "absent", folder, name },
    before: { photo: "present", etag, width: null, height: null, bytes: length, sha256: null },
    precondition: { kind: "present", etag, fingerprint: null },
  };
}

function thumbnailName(user: ComparedUser, size: ThumbnailSize): string {
  return `${user.sharePoint.stem}_${size}Thumb.jpg`;
}

function common<A extends Exclude<PlanAction["action"], "set-picture-properties">>(
  action: A,
  user: ComparedUser,
  photo: ComparedPhoto,
  because: RuleId,
) {
  const { id, upn, displayName } = user.user;
  const owner: FindingUser = { id, upn, displayName };
  return {
    id: actionId(action, photo.address),
    action,
    address: photo.address,
    user: owner,
    because,
    before: pictureBefore(photo.observed),
    precondition: picturePrecondition(photo.observed),
  };
}
