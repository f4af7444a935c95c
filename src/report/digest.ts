import type { Finding, FindingUser, Remedy } from "../model/finding.js";
import { byText } from "../model/ids.js";
import type { ReportSource } from "../model/report.js";
import { workloadCounter, type Workload } from "../model/workload.js";
import { SEVERITIES, severityRank, type ActionKind, type RuleId, type Severity } from "../model/rule.js";
import type { Outcome, OutcomeKind } from "../model/run.js";

/** The findings of one user, or of one file or thumbnail set that belongs to no user. */
export interface Group {
  readonly user: FindingUser | null;
  readonly findings: readonly Finding[];
}

/** One line of the table by rule: the findings of one rule at one severity. */
export interface RuleTally {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly drift: boolean;
  readonly findings: number;
  /** Kind of remedy -> an example, how often, and all actions. */
  readonly remedies: ReadonlyMap<Remedy["kind"], RemedyTally>;
}

export interface RemedyTally {
  readonly findings: number;
  readonly example: Finding;
  readonly actions: ReadonlySet<ActionKind>;
}

/** A short list of a long one: the first of the most severe, and how many there are in all. */
export interface Excerpt<T> {
  readonly shown: readonly T[];
  readonly total: number;
}

export interface Digest {
  /** Most severe first, then most frequent. */
  readonly rules: readonly RuleTally[];
  /** Users with drift. */
  readonly drifted: Excerpt<Group>;
  /** Users without drift who have a warning or worse. */
  readonly doubtful: Excerpt<Group>;
  /** Master files, and thumbnails that belong to no user, with a warning or worse. */
  readonly files: Excerpt<Group>;
  /** Outcomes by kind, and those that failed or turned out stale. */
  readonly outcomes: ReadonlyMap<OutcomeKind, number>;
  readonly troubled: Excerpt<Outcome>;
  /** Whose turn it is about how much. */
  readonly work: Workload;
}

/** Where a finding without user belongs: the three thumbnails of one file stem are one place. */
export function placeWithoutUser(finding: Finding | undefined): string {
  return (finding?.address ?? "").replace(/\/[SML]Thumb$/, "").replace(/^source\//, "");
}

/** Neighbouring findings of one user (or of one place without user) as one group; holds one group at a time. */
export function* grouped(findings: Iterable<Finding>): Iterable<Group> {
  let key = "";
  let group: Finding[] = [];
  for (const finding of findings) {
    const next = finding.user === null ? `place ${placeWithoutUser(finding)}` : `user ${finding.user.id}`;
    if (next !== key && group.length > 0) {
      yield { user: group[0]?.user ?? null, findings: group };
      group = [];
    }
    key = next;
    group.push(finding);
  }
  if (group.length > 0) yield { user: group[0]?.user ?? null, findings: group };
}

/** The gravest severity; `info` where there is no finding. */
export function worst(findings: readonly Finding[]): Severity {
  return findings.reduce<Severity>((a, f) => (severityRank(f.severity) > severityRank(a) ? f.severity : a), "info");
}

/** What the formats for people show, in one pass over the findings; memory grows with `limit`, not with the tenant. */
export function digest(source: ReportSource, limit: number): Digest {
  const rules = new Map<string, RuleTally>();
  const drifted = excerpt<Group>(limit);
  const doubtful = excerpt<Group>(limit);
  const files = excerpt<Group>(limit);
  const work = workloadCounter();
  for (const group of grouped(source.findings())) {
    for (const finding of group.findings) {
      tally(rules, finding);
      work.add(finding);
    }
    const severity = worst(group.findings);
    const drift = group.findings.some((f) => f.drift);
    if (group.user !== null && drift) drifted.add(severity, group);
    else if (severity !== "info") (group.user === null ? files : doubtful).add(severity, group);
  }
  const outcomes = new Map<OutcomeKind, number>();
  const troubled = excerpt<Outcome>(limit);
  for (const outcome of source.outcomes()) {
    outcomes.set(outcome.kind, (outcomes.get(outcome.kind) ?? 0) + 1);
    if (outcome.kind === "failed") troubled.add("error", outcome);
    if (outcome.kind === "stale") troubled.add("warning", outcome);
  }
  return {
    rules: [...rules.values()].sort(
      (a, b) =>
        severityRank(b.severity) - severityRank(a.severity) || b.findings - a.findings || byText(a.rule, b.rule),
    ),
    drifted: drifted.result(),
    doubtful: doubtful.result(),
    files: files.result(),
    outcomes,
    troubled: troubled.result(),
    work: work.result(),
  };
}

function tally(rules: Map<string, RuleTally>, finding: Finding): void {
  const { rule, severity, remedy } = finding;
  const key = `${rule} ${severity}`;
  const known = rules.get(key);
  const remedies = new Map(known?.remedies);
  const alike = remedies.get(remedy.kind);
  remedies.set(remedy.kind, {
    findings: (alike?.findings ?? 0) + 1,
    example: alike?.example ?? finding,
    actions: new Set([...(alike?.actions ?? []), ...remedy.actions]),
  });
  const drift = (known?.drift ?? false) || finding.drift;
  rules.set(key, { rule, severity, drift, findings: (known?.findings ?? 0) + 1, remedies });
}

/** Keeps the first `limit` of each severity, so that the most severe are at hand in the end without a sort of all. */
function excerpt<T>(limit: number): { add(severity: Severity, item: T): void; result(): Excerpt<T> } {
  const kept = SEVERITIES.map((): T[] => []);
  let total = 0;
  return {
    add(severity, item) {
      total++;
      const row = kept[severityRank(severity)];
      if (row && row.length < limit) row.push(item);
    },
    result: () => ({ shown: kept.reverse().flat().slice(0, limit), total }),
  };
}

/** A rule with all its findings. */
export type RuleRow = Pick<RuleTally, "rule" | "severity" | "drift" | "findings">;

/** One row a rule, whatever the severities of its findings: the gravest stands for it, and all are counted. Most severe first. */
export function oneRowARule(tallies: readonly RuleTally[]): readonly RuleRow[] {
  const rows = new Map<RuleId, RuleRow>();
  for (const { rule, severity, drift, findings } of tallies) {
    const before = rows.get(rule);
    if (before === undefined) rows.set(rule, { rule, severity, drift, findings });
    else rows.set(rule, { ...before, drift: before.drift || drift, findings: before.findings + findings });
  }
  return [...rows.values()];
}
