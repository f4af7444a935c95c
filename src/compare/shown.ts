import { isActedOn, thumbnailsAskedFor } from "../model/acting.js";
import { THUMBNAIL_SIZES } from "../model/address.js";
import type { ComparedUser } from "../model/compared.js";
import type { FindingDraft } from "../model/finding.js";
import { mayBeShown } from "../model/picture.js";
import { canonicalPictureUrl } from "./picture-url.js";

/**
 * Properties that make thumbnails visible are set automatically only where each of them may be shown, or is put right in the same plan
 * (`mayBeShown` says which and why); else only when the rule is named, and the finding says for which thumbnails.
 */
export function withUnfitToShow(user: ComparedUser, drafts: readonly FindingDraft[]): readonly FindingDraft[] {
  return drafts.map((draft) => {
    if (draft.rule !== "profile-property-mismatch" || draft.remedy.kind !== "automatic") return draft;
    if (user.policy.namedRules.includes(draft.rule) || !makesVisible(user)) return draft;
    const { namedRules } = user.policy;
    const written = drafts.filter((one) => isActedOn(one, namedRules)).flatMap((one) => thumbnailsAskedFor(one, user));
    const unfit = THUMBNAIL_SIZES.filter((size) => !written.includes(size) && !mayBeShown(user, size));
    if (unfit.length === 0) return draft;
    const which = unfit.length === 1 ? `thumbnail ${unfit.join("")} is` : `thumbnails ${unfit.join(", ")} are`;
    const summary = `${draft.summary.replace(/\.$/, "")}; ${which} not known to show the user.`;
    return { ...draft, summary, remedy: { ...draft.remedy, kind: "when-named" } };
  });
}

/** There are thumbnails, and the properties hide them or lead elsewhere. */
function makesVisible({ sharePoint: { photos, profile, pictureUrl } }: ComparedUser): boolean {
  if (profile.kind !== "present" || Object.values(photos).every(({ observed }) => observed.kind !== "present")) {
    return false;
  }
  return (
    profile.placeholderState === "1" || canonicalPictureUrl(profile.pictureUrl) !== canonicalPictureUrl(pictureUrl)
  );
}
