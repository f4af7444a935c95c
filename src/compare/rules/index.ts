import type { ComparedUser, RuleSpec } from "../../model/compared.js";
import type { FindingDraft } from "../../model/finding.js";
import type { RuleId, Severity } from "../../model/rule.js";
import { byText } from "../../model/ids.js";
import { withDecisions } from "../decisions.js";
import { changedInTenant } from "./changed-in-tenant.js";
import { consentWithdrawn } from "./consent-withdrawn.js";
import { licenseWithoutMailbox } from "./license-without-mailbox.js";
import { listEntryWithoutUser } from "./lists.js";
import { lowResolution } from "./low-resolution.js";
import { MASTER_RULES, type ComparedMaster } from "./masters.js";
import { missingPhoto } from "./missing-photo.js";
import { missingThumbnail } from "./missing-thumbnail.js";
import { oversizedDirectoryPhoto } from "./oversized-directory-photo.js";
import { placeholderImage } from "./placeholder-image.js";
import { profilePropertyMismatch } from "./profile-property-mismatch.js";
import { propagationPending } from "./propagation-pending.js";
import { reframedPhoto } from "./reframed-photo.js";
import { removedInTenant } from "./removed-in-tenant.js";
import type { Rule } from "./rule.js";
import { stalePhoto } from "./stale-photo.js";
import { storesDisagree } from "./stores-disagree.js";
import { orphanThumbnail, writeBlocked } from "./tenant.js";
import { unreadable } from "./unreadable.js";
import { upscaledPhoto } from "./upscaled-photo.js";
import { userElsewhere } from "./user-elsewhere.js";
import { userWithoutMaster } from "./user-without-master.js";
import { wrongDimensions } from "./wrong-dimensions.js";
import { wrongPerson } from "./wrong-person.js";

/** Rules that look at one user. */
export const USER_RULES: readonly Rule[] = [
  missingPhoto,
  missingThumbnail,
  stalePhoto,
  reframedPhoto,
  wrongPerson,
  placeholderImage,
  lowResolution,
  upscaledPhoto,
  wrongDimensions,
  oversizedDirectoryPhoto,
  licenseWithoutMailbox,
  profilePropertyMismatch,
  storesDisagree,
  removedInTenant,
  changedInTenant,
  propagationPending,
  userWithoutMaster,
  userElsewhere,
];

/** A finding that stands in for the drift of a pinned user or an accepted picture. */
export const pinned: RuleSpec = {
  id: "pinned",
  severity: "info",
  drift: false,
  title: "Left alone: pinned or accepted",
  actions: [],
};

/** Every rule of the program, in the order of the manual. */
export const ALL_RULES: readonly RuleSpec[] = [
  ...USER_RULES,
  consentWithdrawn,
  pinned,
  orphanThumbnail,
  ...MASTER_RULES,
  listEntryWithoutUser,
  writeBlocked,
  unreadable,
];

/** All findings of one user: consent beats everything, pins and accepted pictures turn drift into a note, severities are overridden. */
export function checkUser(user: ComparedUser): readonly FindingDraft[] {
  // Without the user's plans nobody knows which stores there are: nothing but that is said.
  if (user.user.licences.unknown !== undefined) return withOverrides(unreadable.check(user), user.policy.severity);
  const found = user.consentWithdrawn
    ? [...consentWithdrawn.check(user), ...userElsewhere.check(user)]
    : USER_RULES.flatMap((rule) => rule.check(user)).map((finding) => leftAlone(user, finding) ?? finding);
  const decided = user.consentWithdrawn ? found : withDecisions(user, found);
  return withOverrides(sorted(onePinned([...decided, ...unreadable.check(user)])), user.policy.severity);
}

/** All findings of one file of the source folder. */
export function checkMaster(
  master: ComparedMaster,
  severity: Readonly<Partial<Record<RuleId, Severity>>>,
): readonly FindingDraft[] {
  return withOverrides(
    MASTER_RULES.map((rule) => rule.check(master)).filter((finding) => finding !== null),
    severity,
  );
}

/** Applies policy.severity. */
export function withOverrides(
  findings: readonly FindingDraft[],
  severity: Readonly<Partial<Record<RuleId, Severity>>>,
): readonly FindingDraft[] {
  return findings.map((finding) => {
    const override = severity[finding.rule];
    return override === undefined ? finding : { ...finding, severity: override };
  });
}

function leftAlone(user: ComparedUser, finding: FindingDraft): FindingDraft | null {
  if (!finding.drift && finding.rule !== "reframed-photo") return null;
  const photos = [...user.cloud, ...Object.values(user.sharePoint.photos)];
  const accepted = photos.some((photo) => photo.address === finding.address && photo.accepted);
  if (!user.pinned && !accepted) return null;
  return {
    ...finding,
    rule: pinned.id,
    severity: pinned.severity,
    drift: pinned.drift,
    actual: { ...finding.actual, rule: finding.rule },
    summary: `${user.pinned ? "Pinned" : "Accepted"}: ${finding.summary}`,
    remedy: { kind: "none", actions: [] },
  };
}

/** One note an address is enough. */
function onePinned(findings: readonly FindingDraft[]): readonly FindingDraft[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    if (finding.rule !== pinned.id) return true;
    if (seen.has(finding.address)) return false;
    seen.add(finding.address);
    return true;
  });
}

function sorted(findings: readonly FindingDraft[]): readonly FindingDraft[] {
  return [...findings].sort((a, b) => byText(a.address, b.address) || byText(a.rule, b.rule));
}
