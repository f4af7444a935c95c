import { THUMBNAIL_SIZES, type ThumbnailSize } from "./address.js";
import type { ComparedUser } from "./compared.js";
import type { FindingDraft } from "./finding.js";
import { standsWithoutMaster } from "./picture.js";
import type { ActionKind, RuleId } from "./rule.js";
import { needsThumbnail } from "./wrong-thumbnails.js";

/** Would apply act on this finding: it is automatic, its rule is among those that were named if any was, and nobody decided to leave it. */
export function isActedOn(
  { remedy, rule, decided }: Pick<FindingDraft, "remedy" | "rule" | "decided">,
  namedRules: readonly RuleId[],
): boolean {
  return (
    remedy.kind === "automatic" && (namedRules.length === 0 || namedRules.includes(rule)) && decided?.kind !== "leave"
  );
}

/** The finding asks for this action, at its own address or another of its user. */
export function asks(finding: Pick<FindingDraft, "remedy">, action: ActionKind): boolean {
  return finding.remedy.actions.includes(action);
}

/** The thumbnails that a finding asks to write: that of its address, all that are wrong (no mailbox), or all that may be replaced (stores that disagree). */
export function thumbnailsAskedFor(finding: FindingDraft, user: ComparedUser): readonly ThumbnailSize[] {
  if (!asks(finding, "write-thumbnail")) return [];
  const { photos } = user.sharePoint;
  return THUMBNAIL_SIZES.filter((size) => {
    if (finding.rule === "license-without-mailbox") return needsThumbnail(user, photos[size], size);
    if (finding.rule === "stores-disagree") return !standsWithoutMaster(user, photos[size]);
    return finding.address === photos[size].address;
  });
}
