import { byText } from "../model/ids.js";
import { severityRank, type ActionKind, type RuleId } from "../model/rule.js";
import type { ComparedUser } from "../model/compared.js";
import type { FindingDraft } from "../model/finding.js";

/** The findings that may be acted on: automatic ones and, where rules are named, only those. */
export function triggersOf(user: ComparedUser, findings: readonly FindingDraft[]): readonly FindingDraft[] {
  const named = user.policy.namedRules;
  return findings.filter(
    ({ remedy, rule, decided }) =>
      remedy.kind === "automatic" && (named.length === 0 || named.includes(rule)) && decided?.kind !== "leave",
  );
}

export function asks(finding: FindingDraft, action: ActionKind): boolean {
  return finding.remedy.actions.includes(action);
}

/** The rule of the gravest finding; null for none. */
export function gravest(findings: readonly FindingDraft[]): RuleId | null {
  const [first] = [...findings].sort(
    (a, b) => severityRank(b.severity) - severityRank(a.severity) || byText(a.rule, b.rule),
  );
  return first?.rule ?? null;
}
