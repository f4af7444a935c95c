import { entraAddress, exchangeAddress, profileAddress, thumbnailAddress, thumbnailSizeOf } from "../model/address.js";
import type { PictureSource, PlanAction } from "../model/plan-action.js";
import { actionId, fileActionId, MAX_BYTES } from "./pictures.js";

/**
 * Why an action of a plan file can be no action of any plan that this program makes, or null: every address is that of its own user, file
 * names are those of thumbnails of that size, pictures come from the source folder or from the user's own cloud photo, and nothing is
 * forced or restored (that is `undo`'s, which never comes out of a file).
 */
export function boundsProblem(action: PlanAction): string | null {
  if (action.restores !== undefined) return "restores what only undo may restore";
  if (action.precondition.kind === "none") return "has no precondition";
  const place = placeProblem(action);
  if (place !== null) return place;
  if (action.action !== "upload-photo" && action.action !== "write-thumbnail") return null;
  if (action.action === "upload-photo" && action.after.maxBytes > MAX_BYTES) return "allows more bytes than any store";
  return sourceProblem(action.after.source, action);
}

function placeProblem(action: PlanAction): string | null {
  const { user, address } = action;
  if (user === null) return orphanProblem(action);
  if (!hasOwnId(action)) return "has the id of another action";
  switch (action.action) {
    case "upload-photo":
    case "delete-photo":
      return isCloudAddress(address, user.upn) ? null : "is not at the cloud photo of its user";
    case "set-picture-properties":
      if (action.precondition.kind !== "properties") return "has the precondition of a picture";
      return address === profileAddress(user.upn)
        ? valueProblem(action.after.properties)
        : "is not at its user's profile";
    case "write-thumbnail":
    case "delete-thumbnail": {
      const size = thumbnailSizeOf(address);
      if (size === null || address !== thumbnailAddress(user.upn, size)) return "is not at a thumbnail of its user";
      return stemOfName(action.after.name, size) === null ? "names a file that is no thumbnail of that size" : null;
    }
  }
}

/** Several files of one size may be taken away of whoever withdrew consent: those beside the one that counts are named by their ids. */
function hasOwnId(action: PlanAction): boolean {
  const { id, action: kind, address, because } = action;
  if (id === actionId(kind, address)) return true;
  return (
    kind === "delete-thumbnail" && because === "consent-withdrawn" && id === fileActionId(kind, address, action.after)
  );
}

function orphanProblem(action: PlanAction): string | null {
  if (action.action !== "delete-thumbnail" || action.because !== "orphan-thumbnail") return "belongs to no user";
  const { folder, name } = action.after;
  const size = thumbnailSizeOf(action.address);
  const stem = size === null ? null : stemOfName(name, size);
  if (size === null || stem === null) return "names a file that is no thumbnail of that size";
  if (action.address.toLowerCase() !== thumbnailAddress(stem, size).toLowerCase()) return "is not at the file it names";
  return action.id === fileActionId("delete-thumbnail", action.address, { folder, name })
    ? null
    : "has the id of another action";
}

/** The stem of a thumbnail's file name, or null where the name is none of that size. */
export function stemOfName(name: string, size: string): string | null {
  const match = /^([^/\\%:*?"<>|]+)_([SML])Thumb\.jpg$/i.exec(name);
  const stem = match?.[1] ?? "";
  return match?.[2]?.toUpperCase() === size && !/^\.|\.\.|\p{Cc}/u.test(stem) ? stem : null;
}

function isCloudAddress(address: string, upn: string): boolean {
  return address === entraAddress(upn) || address === exchangeAddress(upn);
}

function valueProblem(values: Extract<PlanAction, { action: "set-picture-properties" }>["after"]["properties"]) {
  const flags = [values["SPS-PicturePlaceholderState"], values["SPS-PictureExchangeSyncState"]];
  if (flags.some((flag) => flag !== undefined && flag !== "0" && flag !== "1")) return "sets a state that there is not";
  const timestamp = values["SPS-PictureTimestamp"];
  return timestamp === undefined || /^\d{1,15}$/.test(timestamp) ? null : "sets a timestamp that is none";
}

function sourceProblem(source: PictureSource, action: PlanAction): string | null {
  switch (source.kind) {
    case "master":
      return isInside(source.file) ? null : "takes its picture from outside of the source folder";
    case "cloud-photo":
      if (action.action !== "write-thumbnail") return "copies the cloud photo onto itself";
      return action.user !== null && isCloudAddress(source.address, action.user.upn)
        ? null
        : "copies another user's picture";
    case "backup":
      return "takes its picture from a backup, which only undo may";
  }
}

/** A path relative to a folder that stays in it. */
function isInside(file: string): boolean {
  return file !== "" && !/^[/\\]|^[a-z]:|\0/i.test(file) && !file.split(/[/\\]/).includes("..");
}
