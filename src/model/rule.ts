/** From the least to the gravest. */
export const SEVERITIES = ["info", "warning", "error", "critical"] as const;
/** How grave a finding is. */
export type Severity = (typeof SEVERITIES)[number];

/**
 * Every rule, in the order of the manual, with what is wrong in its findings in the words of people who look at faces. The check itself is
 * the file in `compare/rules/` that names the id.
 */
export const RULE_WORDS = {
  "missing-photo": "no photo, though there is a portrait",
  "missing-thumbnail": "a SharePoint picture is missing",
  "stale-photo": "an outdated or unknown picture",
  "reframed-photo": "another crop or another shot",
  "wrong-person": "somebody else's face",
  "placeholder-image": "a placeholder instead of a face",
  "low-resolution": "a picture with too few pixels",
  "upscaled-photo": "a blurred, enlarged picture",
  "wrong-dimensions": "a squeezed or too small picture",
  "oversized-directory-photo": "a directory photo that is too large",
  "license-without-mailbox": "SharePoint gets no picture without a mailbox",
  "profile-property-mismatch": "the profile points to the wrong picture",
  "stores-disagree": "different pictures in different places",
  "consent-withdrawn": "a photo of somebody who said no",
  "removed-in-tenant": "a photo that somebody took away",
  "changed-in-tenant": "a photo the person changed",
  "propagation-pending": "a picture still on its way",
  pinned: "kept as it is, on purpose",
  "orphan-thumbnail": "pictures of nobody in the tenant",
  "user-without-master": "no portrait in the folder",
  "master-without-user": "a portrait that fits nobody",
  "ambiguous-master": "a portrait that could be several people's",
  "duplicate-master": "one portrait for two people",
  "unreadable-master": "a portrait file that cannot be read",
  "unsuitable-master": "a portrait file without a face",
  "user-elsewhere": "a profile in another geography",
  "list-entry-without-user": "a row of a list that names nobody",
  "master-too-small": "a portrait that is too small",
  "write-blocked": "the tenant forbids photo changes",
  unreadable: "a picture that could not be read",
} as const;

/** The id of a rule. */
export type RuleId = keyof typeof RULE_WORDS;
/** Every rule, in the order of the table of rules. */
export const RULE_IDS = Object.keys(RULE_WORDS) as [RuleId, ...RuleId[]];

export const CAUSES = ["never-synced", "master-changed", "changed-in-tenant", "unknown"] as const;
/** How a finding came about, as far as it can be told. */
export type Cause = (typeof CAUSES)[number];

export const ACTION_KINDS = [
  "upload-photo",
  "delete-photo",
  "write-thumbnail",
  "delete-thumbnail",
  "set-picture-properties",
] as const;
/** A kind of write. */
export type ActionKind = (typeof ACTION_KINDS)[number];

/** True of the words that name a rule, in exactly this spelling. */
export function isRuleId(text: string): text is RuleId {
  return (RULE_IDS as readonly string[]).includes(text);
}

/** 0 for info up to 3 for critical. */
export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
