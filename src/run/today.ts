import { canonicalPictureUrl, stemOfPictureUrl } from "../compare/picture-url.js";
import { pictureUrlOf } from "../compare/stem.js";
import { isAutomatic } from "../compare/words.js";
import {
  storeOf,
  thumbnailSizeOf,
  type Config,
  type DirectoryUser,
  type PlanAction,
  type RuleId,
  type StoreError,
} from "../model/index.js";
import { stemOfName } from "../plan/index.js";

/** What configuration, lists and tenant say at the moment of applying a saved plan. */
export interface Today {
  readonly stores: Config["stores"];
  /** Rules of policy.autoApply. */
  readonly autoApply: readonly RuleId[];
  /** Rules named when the plan was made, and now. */
  readonly named: readonly RuleId[];
  /** The tenant's user of this object id, or null. */
  userOf(id: string): DirectoryUser | null;
  consentWithdrawn(user: DirectoryUser): boolean;
  pinned(user: DirectoryUser): boolean;
  /** Why the user is out of scope, or null. */
  outOfScope(user: DirectoryUser): string | null;
  /** The located folders of thumbnails, server-relative; the error where SharePoint did not tell them. */
  readonly folders: readonly string[] | StoreError;
  /** Origins under which PictureURL may name them. */
  readonly origins: readonly string[];
  /** Lower-case stems that thumbnails of this user may have. */
  stemsOf(user: DirectoryUser): readonly string[];
  /** True when the directory is known and nobody of it can claim files of this lower-case stem. */
  isOrphan(stem: string): boolean;
}

/**
 * Why an action of a saved plan must not be done today, or null. A plan proves what was wanted when it was made; what configuration, lists
 * and tenant forbid now, or never allowed at that address, is left out.
 */
export function objectionTo(action: PlanAction, today: Today): StoreError | null {
  const store = storeObjection(action, today);
  if (store !== null) return store;
  const { because } = action;
  if (
    action.decidedBy === undefined &&
    !isAutomatic(because, { autoApply: today.autoApply, namedRules: today.named })
  ) {
    return why("rule-not-allowed", `policy.autoApply does not list ${because}.`, `Name it: --rule ${because}.`);
  }
  if (action.user === null) return orphanObjection(action, today);
  const user = today.userOf(action.user.id);
  if (user === null) return why("user-not-found", "The directory has no such user.", ANEW);
  if (user.upn.toLowerCase() !== action.user.upn.toLowerCase()) {
    return why("user-renamed", `The user is called ${user.upn} now.`, ANEW);
  }
  return userObjection(action, user, today) ?? placeObjection(action, user, today);
}

const ANEW = "Make a new plan: photodrift audit --plan FILE.";

function why(code: string, message: string, hint: string): StoreError {
  return { code, message, hint };
}

function storeObjection(action: PlanAction, { stores }: Today): StoreError | null {
  const store = storeOf(action.address);
  if (store === "source" || !stores[store].enabled) {
    return why("store-off", `The ${store} store is off in the configuration.`, "Switch it on under `stores`.");
  }
  const { fix } = stores.sharepoint;
  const forbids =
    (action.action === "write-thumbnail" && fix !== "direct") ||
    (action.action === "set-picture-properties" && fix === "report-only");
  return forbids
    ? why("fix-mode", `stores.sharepoint.fix is ${fix}.`, "Set it to direct to let photodrift write.")
    : null;
}

function userObjection(action: PlanAction, user: DirectoryUser, today: Today): StoreError | null {
  const saidNo = today.consentWithdrawn(user);
  const removes = action.action === "delete-photo" || action.action === "delete-thumbnail";
  if (removes && !saidNo) {
    return why("consent-given", "Pictures are taken away only of users on the consent list.", ANEW);
  }
  if (saidNo && shows(action)) {
    return why("consent-withdrawn", "The user withdrew consent.", "Nothing is uploaded for this user.");
  }
  if (saidNo) return null;
  if (today.pinned(user)) {
    return why("pinned", "The user is pinned.", "Take the user off the pin list to change the photo.");
  }
  const out = today.outOfScope(user);
  return out === null ? null : why("out-of-scope", `The user is out of scope: ${out}.`, "Widen `scope`.");
}

/** True for an action after which a picture is shown that was not shown before. */
export function shows(action: PlanAction): boolean {
  if (action.action !== "set-picture-properties") {
    return action.action === "upload-photo" || action.action === "write-thumbnail";
  }
  const { PictureURL: url = "", "SPS-PicturePlaceholderState": placeholder } = action.after.properties;
  return url !== "" || placeholder === "0";
}

/** Why nobody can tell whether the action stays within the thumbnails' folders, or null. */
export function undecidable(action: PlanAction, { folders }: Today): StoreError | null {
  return "code" in folders && storeOf(action.address) === "sharepoint" ? folders : null;
}

function isThumbnailFolder(folder: string, { folders }: Today): boolean {
  return "code" in folders || folders.includes(folder);
}

function placeObjection(action: PlanAction, user: DirectoryUser, today: Today): StoreError | null {
  switch (action.action) {
    case "upload-photo":
    case "delete-photo":
      return null;
    case "write-thumbnail":
    case "delete-thumbnail": {
      const { folder, name } = action.after;
      const stem = stemOfName(name, thumbnailSizeOf(action.address) ?? "")?.toLowerCase();
      if (!isThumbnailFolder(folder, today)) return notHere(`${folder} is no folder of thumbnails`);
      return stem !== undefined && today.stemsOf(user).includes(stem)
        ? null
        : notHere(`${name} is no thumbnail of ${user.upn}`);
    }
    case "set-picture-properties": {
      const url = action.after.properties.PictureURL ?? "";
      return url === "" || isOwnPicture(url, user, today) ? null : notHere("PictureURL names no thumbnail of the user");
    }
  }
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

function orphanObjection(action: PlanAction, today: Today): StoreError | null {
  if (action.action !== "delete-thumbnail") return notHere("it belongs to no user");
  const { folder, name } = action.after;
  const stem = stemOfName(name, thumbnailSizeOf(action.address) ?? "")?.toLowerCase();
  if (!isThumbnailFolder(folder, today)) return notHere(`${folder} is no folder of thumbnails`);
  return stem !== undefined && today.isOrphan(stem) ? null : notHere(`${name} may be somebody's`);
}

function notHere(what: string): StoreError {
  return why("not-writable", `The plan may not write there: ${what}.`, ANEW);
}
