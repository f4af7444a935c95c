import { ownerKey, type PlanAction } from "../model/plan-action.js";
import { thumbnailSizeOf } from "../model/address.js";

/**
 * Place of an action among those of its user. Pictures come before the properties that name them, the large thumbnail first; what takes
 * pictures away comes after the properties have let go of them. A user who is done by half is never worse off than before.
 */
export function stepOf(action: PlanAction): number {
  switch (action.action) {
    case "upload-photo":
      return 10;
    case "delete-photo":
      return 11;
    case "write-thumbnail":
      return 20 + sizeStep(action);
    case "set-picture-properties":
      return 30;
    case "delete-thumbnail":
      return 40 + sizeStep(action);
  }
}

/** Text by which the actions of a plan are sorted: by user (lower-case UPN), then by step; files of nobody last. */
export function actionSortKey(action: PlanAction): string {
  return `${ownerKey(action)}\u0001${String(stepOf(action))}\u0001${action.address}`;
}

function sizeStep(action: PlanAction): number {
  return { L: 0, M: 1, S: 2 }[thumbnailSizeOf(action.address) ?? "S"];
}
