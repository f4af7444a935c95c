import { isActedOn } from "../model/acting.js";
import { byText } from "../model/ids.js";
import { severityRank, type RuleId } from "../model/rule.js";
import type { ComparedUser } from "../model/compared.js";
import type { FindingDraft } from "../model/finding.js";

/** The findings that may be acted on: automatic ones and, where rules are named, only those. */
export function triggersOf(user: ComparedUser, findings: readonly FindingDraft[]): readonly FindingDraft[] {
  return findings.filter((finding) => isActedOn(finding, user.policy.namedRules));
}

/** The rule of the gravest finding; null for none. */
export function gravest(findings: readonly FindingDraft[]): RuleId | null {
  const [first] = [...findings].sort(
    (a, b) => severityRank(b.severity) - severityRank(a.severity) || byText(a.rule, b.rule),
  );
  return first?.rule ?? null;
}
