import type { Finding, FindingUser, Remedy } from "../model/finding.js";
import { byText } from "../model/ids.js";
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
  /** Pictures that an undo put back and the service stores in other bytes than before. */
  readonly encodedAnew: number;
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
  const groups = grouping();
  for (const finding of findings) {
    const whole = groups.add(finding);
    if (whole !== null) yield whole;
  }
  const last = groups.end();
  if (last !== null) yield last;
}

/** Takes findings one by one and gives the group that ended with each. */
function grouping(): { add(finding: Finding): Group | null; end(): Group | null } {
  let key = "";
  let group: Finding[] = [];
  function end(): Group | null {
    if (group.length === 0) return null;
    const whole = { user: group[0]?.user ?? null, findings: group };
    group = [];
    return whole;
  }
  return {
    add(finding) {
      const next = finding.user === null ? `place ${placeWithoutUser(finding)}` : `user ${finding.user.id}`;
      const whole = next === key ? null : end();
      key = next;
      group.push(finding);
      return whole;
    },
    end,
  };
}

/** The gravest severity; `info` where there is no finding. */
export function worst(findings: readonly Finding[]): Severity {
  return findings.reduce<Severity>((a, f) => (severityRank(f.severity) > severityRank(a) ? f.severity : a), "info");
}

/** What the formats for people show of the findings; memory grows with the limit, not with the tenant. */
export interface FindingTally {
  add(finding: Finding): void;
  /** After the last finding. @param limit at most that of the tally */
  result(limit: number): Pick<Digest, "rules" | "drifted" | "doubtful" | "files" | "work">;
}

/** The same of the outcomes. */
export interface OutcomeTally {
  add(outcome: Outcome): void;
  result(limit: number): Pick<Digest, "outcomes" | "encodedAnew" | "troubled">;
}

/** @param most groups of each severity that are kept */
export function findingTally(most: number): FindingTally {
  const rules = new Map<string, CountedRule>();
  const [drifted, doubtful, files] = [excerpt<Group>(most), excerpt<Group>(most), excerpt<Group>(most)];
  const work = workloadCounter();
  const groups = grouping();
  function note(group: Group | null): void {
    if (group === null) return;
    const severity = worst(group.findings);
    const drift = group.findings.some((f) => f.drift);
    if (group.user !== null && drift) drifted.add(severity, group);
    else if (severity !== "info") (group.user === null ? files : doubtful).add(severity, group);
  }
  return {
    add(finding) {
      note(groups.add(finding));
      tally(rules, finding);
      work.add(finding);
    },
    result(limit) {
      note(groups.end());
      return {
        rules: [...rules.values()].sort(
          (a, b) =>
            severityRank(b.severity) - severityRank(a.severity) || b.findings - a.findings || byText(a.rule, b.rule),
        ),
        drifted: drifted.result(limit),
        doubtful: doubtful.result(limit),
        files: files.result(limit),
        work: work.result(),
      };
    },
  };
}

/** @param most outcomes of each severity that are kept */
export function outcomeTally(most: number): OutcomeTally {
  const outcomes = new Map<OutcomeKind, number>();
  const troubled = excerpt<Outcome>(most);
  let encodedAnew = 0;
  return {
    add(outcome) {
      if (outcome.encodedAnew === true) encodedAnew++;
      outcomes.set(outcome.kind, (outcomes.get(outcome.kind) ?? 0) + 1);
      if (outcome.kind === "failed") troubled.add("error", outcome);
      if (outcome.kind === "stale") troubled.add("warning", outcome);
    },
    result: (limit) => ({ outcomes, encodedAnew, troubled: troubled.result(limit) }),
  };
}

interface CountedRemedy extends RemedyTally {
  findings: number;
  readonly actions: Set<ActionKind>;
}

interface CountedRule extends RuleTally {
  drift: boolean;
  findings: number;
  readonly remedies: Map<Remedy["kind"], CountedRemedy>;
}

function tally(rules: Map<string, CountedRule>, finding: Finding): void {
  const { rule, severity, remedy } = finding;
  const key = `${rule} ${severity}`;
  const known: CountedRule = rules.get(key) ?? { rule, severity, drift: false, findings: 0, remedies: new Map() };
  rules.set(key, known);
  const alike: CountedRemedy = known.remedies.get(remedy.kind) ?? { findings: 0, example: finding, actions: new Set() };
  known.remedies.set(remedy.kind, alike);
  alike.findings++;
  for (const action of remedy.actions) alike.actions.add(action);
  known.drift ||= finding.drift;
  known.findings++;
}

/** Keeps the first `most` of each severity, so that the most severe are at hand in the end without a sort of all. */
function excerpt<T>(most: number): { add(severity: Severity, item: T): void; result(limit: number): Excerpt<T> } {
  const kept = SEVERITIES.map((): T[] => []);
  let total = 0;
  return {
    add(severity, item) {
      total++;
      const row = kept[severityRank(severity)];
      if (row && row.length < most) row.push(item);
    },
    result: (limit) => ({ shown: kept.toReversed().flat().slice(0, limit), total }),
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
