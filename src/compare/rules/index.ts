import type { ComparedUser, RuleSpec } from "../../model/compared.js";
import type { FindingDraft } from "../../model/finding.js";
import { RULE_IDS, type RuleId, type Severity } from "../../model/rule.js";
import { byText } from "../../model/ids.js";
import { withDecisions } from "../decisions.js";
import { withUnfitToShow } from "../shown.js";
import { consentWithdrawn } from "./consent-withdrawn.js";
import { listEntryWithoutUser } from "./lists.js";
import { MASTER_RULES, type ComparedMaster } from "./masters.js";
import type { Rule } from "./rule.js";
import { RULE_FILES } from "./table.js";
import { orphanThumbnail, writeBlocked } from "./tenant.js";
import { unreadable } from "./unreadable.js";
import { userElsewhere } from "./user-elsewhere.js";

/** Rules that look at one user, in the order of the manual. */
const USER_RULES: readonly Rule[] = RULE_IDS.flatMap((id) => RULE_FILES.filter((rule) => rule.id === id)).filter(
  ({ id }) => id !== consentWithdrawn.id && id !== unreadable.id,
);

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
  const decided = user.consentWithdrawn ? found : withUnfitToShow(user, withDecisions(user, found));
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
