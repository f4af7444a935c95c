export const SEVERITIES = ["info", "warning", "error", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

export const RULE_IDS = [
  "missing-photo",
  "missing-thumbnail",
  "stale-photo",
  "reframed-photo",
  "wrong-person",
  "placeholder-image",
  "low-resolution",
  "upscaled-photo",
  "wrong-dimensions",
  "oversized-directory-photo",
  "license-without-mailbox",
  "profile-property-mismatch",
  "stores-disagree",
  "consent-withdrawn",
  "removed-in-tenant",
  "changed-in-tenant",
  "propagation-pending",
  "pinned",
  "orphan-thumbnail",
  "user-without-master",
  "master-without-user",
  "ambiguous-master",
  "duplicate-master",
  "unreadable-master",
  "unsuitable-master",
  "user-elsewhere",
  "list-entry-without-user",
  "master-too-small",
  "write-blocked",
  "unreadable",
] as const;
export type RuleId = (typeof RULE_IDS)[number];

export const CAUSES = ["never-synced", "master-changed", "changed-in-tenant", "unknown"] as const;
export type Cause = (typeof CAUSES)[number];

export const ACTION_KINDS = [
  "upload-photo",
  "delete-photo",
  "write-thumbnail",
  "delete-thumbnail",
  "set-picture-properties",
] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

export function isRuleId(text: string): text is RuleId {
  return (RULE_IDS as readonly string[]).includes(text);
}

/** 0 for info up to 3 for critical. */
export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
