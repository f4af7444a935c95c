import { isAutomatic } from "../../compare/words.js";
import { storeOf } from "../../model/address.js";
import type { StoreError } from "../../model/photo.js";
import type { PlanAction } from "../../model/plan-action.js";
import type { DirectoryUser } from "../../model/user.js";
import { authorityObjection, contentObjection, orphanObjection, ruleObjection } from "./pictures.js";
import { MAKE_ANEW, why, type Today } from "./today.js";

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
  const contradiction = ruleObjection(action) ?? authorityObjection(action, today);
  if (contradiction !== null) return contradiction;
  if (action.user === null) return orphanObjection(action, today);
  const user = today.userOf(action.user.id);
  if (user === null) return why("user-not-found", "The directory has no such user.", MAKE_ANEW);
  if (user.upn !== action.user.upn) {
    return why("user-renamed", `The user is called ${user.upn} now.`, MAKE_ANEW);
  }
  return userObjection(action, user, today) ?? contentObjection(action, user, today);
}

function storeObjection(action: PlanAction, { stores }: Today): StoreError | null {
  const store = storeOf(action.address);
  if (store === "source" || !stores[store].enabled) {
    return why("store-off", `The ${store} store is off in the configuration.`, "Switch it on under `stores`.");
  }
  const { fix } = stores.sharepoint;
  const forbids =
    (action.action === "write-thumbnail" && fix !== "direct") ||
    (action.action === "set-picture-properties" && fix === "report-only") ||
    (action.action === "delete-thumbnail" && action.user === null && fix === "report-only");
  return forbids
    ? why("fix-mode", `stores.sharepoint.fix is ${fix}.`, "Set it to direct to let photodrift write.")
    : null;
}

function userObjection(action: PlanAction, user: DirectoryUser, today: Today): StoreError | null {
  const saidNo = today.consentWithdrawn(user);
  const removes = action.action === "delete-photo" || action.action === "delete-thumbnail";
  if (removes && !saidNo) {
    return why("consent-given", "Pictures are taken away only of users on the consent list.", MAKE_ANEW);
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
