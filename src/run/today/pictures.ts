import { canonicalPictureUrl, stemOfPictureUrl } from "../../compare/picture-url.js";
import { ALL_RULES } from "../../compare/rules/index.js";
import { pictureUrlOf } from "../../compare/stem.js";
import { thumbnailSizeOf } from "../../model/address.js";
import type { StoreError } from "../../model/photo.js";
import type {
  DeletePhoto,
  DeleteThumbnail,
  PlanAction,
  SetPictureProperties,
  UploadPhoto,
  WriteThumbnail,
} from "../../model/plan-action.js";
import type { RuleId } from "../../model/rule.js";
import type { DirectoryUser } from "../../model/user.js";
import { stemOfName } from "../../plan/index.js";
import { MAKE_ANEW, type Today, why } from "./today.js";

type Content = Exclude<PlanAction, DeletePhoto>;

/** Why an action's rule cannot ask for it, or null: no audit plans it so. */
export function ruleObjection(action: PlanAction): StoreError | null {
  const { because, action: kind } = action;
  const actions = ALL_RULES.find(({ id }) => id === because)?.actions ?? [];
  const asked =
    actions.includes(kind) ||
    (kind === "set-picture-properties" && (actions.includes("write-thumbnail") || because === "consent-withdrawn"));
  if (!asked || (action.user !== null && because === "orphan-thumbnail")) return contradicts(action);
  if (kind !== "upload-photo" && kind !== "write-thumbnail") return null;
  const absent = action.precondition.kind === "absent";
  if (FOR_NOTHING.includes(because)) return absent ? null : contradicts(action);
  return absent && !FOR_BOTH.includes(because) ? contradicts(action) : null;
}

/** Rules about a picture that is not there, and rules about either. */
const FOR_NOTHING: readonly RuleId[] = ["missing-photo", "missing-thumbnail", "removed-in-tenant"];
const FOR_BOTH: readonly RuleId[] = ["license-without-mailbox", "stores-disagree"];

function contradicts({ because, action }: PlanAction): StoreError {
  return why("rule-contradicts", `${because} never asks for ${action} there.`, MAKE_ANEW);
}

/** Rules of pictures that users or administrators chose: policy.authority may let those stand. */
const CHOSEN: readonly RuleId[] = [
  "stale-photo",
  "reframed-photo",
  "license-without-mailbox",
  "oversized-directory-photo",
  "stores-disagree",
];

/**
 * Why a picture that stands must not be replaced under policy.authority, or null. Whose choice it is cannot be told from a plan: only one
 * of this state file, made under the same authority, is believed to have asked.
 */
export function authorityObjection(action: PlanAction, today: Today): StoreError | null {
  const { authority, made } = today;
  const shows = action.action === "upload-photo" || action.action === "write-thumbnail";
  if (authority === "source" || !shows || action.precondition.kind !== "present") return null;
  if (made.here && (made.authority === authority || made.authority === "fill" || !CHOSEN.includes(action.because)))
    return null;
  return why("authority", `policy.authority is ${authority}: the picture may be somebody's choice.`, MAKE_ANEW);
}

/** Why the content or place of a user's action is not what today's configuration and source folder make of it, or null. */
export function contentObjection(action: PlanAction, user: DirectoryUser, today: Today): StoreError | null {
  if (action.action === "delete-photo") return null;
  return placeObjection(action, user, today) ?? pictureObjection(action, user, today);
}

function placeObjection(action: Content, user: DirectoryUser, today: Today): StoreError | null {
  switch (action.action) {
    case "upload-photo":
      return null;
    case "write-thumbnail":
    case "delete-thumbnail": {
      const isTheirs = (stem: string): boolean => today.stemsOf(user).includes(stem);
      return fileObjection(action, today, isTheirs, `is no thumbnail of ${user.upn}`);
    }
    case "set-picture-properties":
      return propertiesObjection(action, user, today);
  }
}

function propertiesObjection(action: SetPictureProperties, user: DirectoryUser, today: Today): StoreError | null {
  const { PictureURL: url } = action.after.properties;
  if (url !== undefined && url !== "" && !isOwnPicture(url, user, today))
    return notHere("PictureURL names no thumbnail of the user");
  return hides(action) && !today.consentWithdrawn(user) && today.hasThumbnails(user)
    ? why("picture-there", "The user has thumbnails, which the plan would hide.", MAKE_ANEW)
    : null;
}

function pictureObjection(action: Content, user: DirectoryUser, today: Today): StoreError | null {
  if (action.action !== "upload-photo" && action.action !== "write-thumbnail") return null;
  return sideObjection(action, today) ?? sourceObjection(action, user, today);
}

function sideObjection(action: UploadPhoto | WriteThumbnail, { stores }: Today): StoreError | null {
  const size = thumbnailSizeOf(action.address);
  if (action.action !== "write-thumbnail" || size === null) return null;
  const wanted = stores.sharepoint.thumbnails[size];
  return action.after.side === wanted ? null : why("other-size", `Thumbnails ${size} are of ${wanted} px.`, MAKE_ANEW);
}

function sourceObjection(
  { after: { source }, because }: UploadPhoto | WriteThumbnail,
  user: DirectoryUser,
  today: Today,
): StoreError | null {
  const master = today.masterOf(user);
  if (source.kind !== "master") {
    return because === "stores-disagree" && master === null
      ? null
      : why("other-master", "The picture is not the user's master.", MAKE_ANEW);
  }
  if (master?.file !== source.file) {
    const now = master === null ? "none that may be uploaded" : master.file;
    return why("other-master", `${source.file} is not the master of ${user.upn}, which is now ${now}.`, MAKE_ANEW);
  }
  const { left, top, width, height } = master.crop;
  const { crop } = source;
  const same = crop.left === left && crop.top === top && crop.width === width && crop.height === height;
  return same ? null : why("other-crop", `Another square is cut out of ${source.file} now.`, MAKE_ANEW);
}

function isThumbnailFolder(folder: string, { folders }: Today): boolean {
  return "code" in folders || folders.includes(folder);
}

function isOwnPicture(url: string, user: DirectoryUser, today: Today): boolean {
  const stem = stemOfPictureUrl(url);
  if (stem === null || !today.stemsOf(user).includes(stem)) return false;
  const { folders, origins } = today;
  if ("code" in folders) return true;
  const wanted = canonicalPictureUrl(url);
  return origins.some((origin) =>
    folders.some((folder) => canonicalPictureUrl(pictureUrlOf(origin, folder, stem)) === wanted),
  );
}

/** The properties hide a picture that was shown. */
export function hides(action: PlanAction): boolean {
  if (action.action !== "set-picture-properties") return false;
  const { PictureURL: url, "SPS-PicturePlaceholderState": placeholder } = action.after.properties;
  return url === "" || placeholder === "1";
}

/** The same of a file that belongs to nobody. */
export function orphanObjection(action: PlanAction, today: Today): StoreError | null {
  if (action.action !== "delete-thumbnail") return notHere("it belongs to no user");
  return fileObjection(action, today, (stem) => today.isOrphan(stem), "may be somebody's");
}

/** Why a file may not be touched: it lies elsewhere, or its stem is not one that `may` be. */
function fileObjection(
  { after: { folder, name }, address }: WriteThumbnail | DeleteThumbnail,
  today: Today,
  may: (stem: string) => boolean,
  otherwise: string,
): StoreError | null {
  const stem = stemOfName(name, thumbnailSizeOf(address) ?? "")?.toLowerCase();
  if (!isThumbnailFolder(folder, today)) return notHere(`${folder} is no folder of thumbnails`);
  return stem !== undefined && may(stem) ? null : notHere(`${name} ${otherwise}`);
}

function notHere(what: string): StoreError {
  return why("not-writable", `The plan may not write there: ${what}.`, MAKE_ANEW);
}
