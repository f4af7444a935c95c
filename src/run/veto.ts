import type { PlanAction, StoreError } from "../model/index.js";

/**
 * What must not be done whatever a saved plan says, because it was forbidden after the plan was made: a picture for a user who has withdrawn
 * consent since, and anything for a user who has been pinned since (but what consent demands).
 * @param consentWithdrawn object ids
 * @param pinned object ids
 */
export function createVeto(
  consentWithdrawn: ReadonlySet<string>,
  pinned: ReadonlySet<string>,
): (action: PlanAction) => StoreError | null {
  return (action) => {
    const id = action.user?.id;
    if (id === undefined) return null;
    if (consentWithdrawn.has(id) && showsPicture(action)) {
      return {
        code: "consent-withdrawn",
        message: "The user withdrew consent; no picture is written.",
        hint: "Run photodrift audit: what is left of the user's pictures is reported as consent-withdrawn.",
      };
    }
    if (pinned.has(id) && action.because !== "consent-withdrawn") {
      return { code: "pinned", message: "The user is pinned and left alone.", hint: "See policy.pins." };
    }
    return null;
  };
}

function showsPicture(action: PlanAction): boolean {
  if (action.action === "upload-photo" || action.action === "write-thumbnail") return true;
  return action.action === "set-picture-properties" && (action.after.properties.PictureURL ?? "") !== "";
}
