import type { PhotoAddress } from "../../model/address.js";
import type { ComparedUser, RuleSpec } from "../../model/compared.js";
import type { ComparedPhoto } from "../../model/photo.js";
import type { FindingDraft, JsonValue, Remedy } from "../../model/finding.js";
import type { Cause } from "../../model/rule.js";

/** One drift rule: what it is called, how grave it is, and what it sees in one user. */
export interface Rule extends RuleSpec {
  readonly check: (user: ComparedUser) => readonly FindingDraft[];
}

export interface FindingParts {
  readonly address: PhotoAddress;
  readonly photo?: ComparedPhoto;
  readonly cause: Cause;
  readonly expected: { readonly [key: string]: JsonValue };
  readonly actual: { readonly [key: string]: JsonValue };
  readonly summary: string;
  readonly remedy: Remedy;
  readonly drift?: boolean;
  readonly severity?: RuleSpec["severity"];
}

/** Builds a finding of a rule for a user; severity overrides are applied by the table. */
export function findingOf(spec: RuleSpec, user: ComparedUser, parts: FindingParts): FindingDraft {
  return {
    rule: spec.id,
    severity: parts.severity ?? spec.severity,
    drift: parts.drift ?? spec.drift,
    user: { id: user.user.id, upn: user.user.upn, displayName: user.user.displayName },
    address: parts.address,
    attribution: parts.photo?.attribution ?? null,
    cause: parts.cause,
    expected: parts.expected,
    actual: parts.actual,
    summary: parts.summary,
    remedy: parts.remedy,
  };
}
