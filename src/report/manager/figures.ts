import type { ReportSource } from "../../model/report.js";
import { isRuleId, severityRank, type RuleId, type Severity } from "../../model/rule.js";
import type { TrendPoint } from "../../model/run.js";
import { byText } from "../../model/ids.js";
import { workloadCounter, type Work, type Workload } from "../../model/workload.js";
import { chosenPoints, type TrendUnit } from "./points.js";

/** One line of the ten worst: a kind of fault, never a person. */
export interface WorstRow {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly people: number;
  readonly files: number;
  /** Day on which the oldest of them was first seen, ISO 8601. */
  readonly since: string;
}

/** Findings of one rule then and now. */
export interface RuleChange {
  readonly rule: RuleId;
  readonly before: number;
  readonly now: number;
}

export interface Change {
  /** The run compared with: about a month before, or the first there is. */
  readonly from: TrendPoint;
  /** It is at least four weeks older. */
  readonly isMonth: boolean;
  /** The greatest changes, at most five. */
  readonly rules: readonly RuleChange[];
}

export interface ManagerFigures {
  readonly right: number;
  readonly scope: number;
  readonly change: Change | null;
  readonly worst: readonly WorstRow[];
  readonly work: Workload;
  readonly cost: FixingCost;
  /** At most twelve, oldest first, this run last. */
  readonly points: readonly TrendPoint[];
  readonly unit: TrendUnit;
}

/** Minutes of people and of the machine that are needed to put everything right; estimates. */
export interface FixingCost {
  readonly byItself: Work;
  readonly machineMinutes: number;
  readonly byEye: Work;
  readonly eyeMinutes: number;
  readonly byHand: Work;
  readonly handMinutes: number;
}

/** One look at two pictures and a key. */
export const SECONDS_A_DECISION = 15;
/** A portrait asked for and put into the folder, a file renamed, an account corrected. */
export const MINUTES_A_REPAIR = 10;
/** A write with its look before, backup and read-back, under the services' limits. */
const SECONDS_A_WRITE = 2;

const MOST_WORST = 10;
const MOST_CHANGES = 5;
const MONTH_MS = 28 * 24 * 3_600_000;

/** What a manager's page tells, in one pass over the findings. Nothing in it names a person or a file. */
export function managerFigures(source: ReportSource): ManagerFigures {
  const { summary } = source;
  const counter = workloadCounter();
  const rows = new Map<RuleId, WorstRow & { readonly last: string }>();
  for (const finding of source.findings()) {
    counter.add(finding);
    if (finding.severity === "info") continue;
    const { rule, severity, firstSeen, user, address } = finding;
    const who = user?.id ?? address.replace(/\/[SML]Thumb$/, "");
    const before = rows.get(rule) ?? { rule, severity, people: 0, files: 0, since: firstSeen, last: "" };
    rows.set(rule, {
      rule,
      severity: severityRank(severity) > severityRank(before.severity) ? severity : before.severity,
      people: before.people + (user !== null && who !== before.last ? 1 : 0),
      files: before.files + (user === null && who !== before.last ? 1 : 0),
      since: firstSeen < before.since ? firstSeen : before.since,
      last: who,
    });
  }
  const work = counter.result();
  const { points, unit } = chosenPoints(trendWithThis(source));
  return {
    right: summary.usersInSync,
    scope: summary.usersInScope,
    change: changeSince(source),
    worst: [...rows.values()].sort(byGravity).slice(0, MOST_WORST),
    work,
    cost: fixingCost(work),
    points,
    unit,
  };
}

function byGravity(a: WorstRow, b: WorstRow): number {
  return (
    severityRank(b.severity) - severityRank(a.severity) ||
    b.people + b.files - (a.people + a.files) ||
    byText(a.rule, b.rule)
  );
}

function fixingCost(work: Workload): FixingCost {
  const byItself = sum([work.automatic, ...work.named.values()]);
  const byHand = sum([...work.manual.values()]);
  return {
    byItself,
    machineMinutes: minutes(byItself.findings * SECONDS_A_WRITE),
    byEye: work.open,
    eyeMinutes: minutes(work.open.findings * SECONDS_A_DECISION),
    byHand,
    handMinutes: (byHand.people + byHand.files) * MINUTES_A_REPAIR,
  };
}

function minutes(seconds: number): number {
  return Math.ceil(seconds / 60);
}

function sum(works: readonly Work[]): Work {
  const total = (part: keyof Work): number => works.reduce((all, one) => all + one[part], 0);
  return { findings: total("findings"), people: total("people"), files: total("files") };
}

/** The past runs over the same people, this run last: audits of a part of the tenant would look like a leap. */
function trendWithThis({ run, summary, trend }: ReportSource): readonly TrendPoint[] {
  const findings = Object.values(summary.byRule).reduce((all, n) => all + n, 0);
  const { usersInScope, usersWithDrift, byRule } = summary;
  const own = { runId: run.id, finishedAt: run.finishedAt, usersInScope, usersWithDrift, findings, byRule };
  const past = trend.filter(
    (point) => point.runId !== run.id && point.finishedAt < run.finishedAt && point.usersInScope * 2 >= usersInScope,
  );
  return usersInScope === 0 ? past : [...past, own];
}

function changeSince(source: ReportSource): Change | null {
  const points = trendWithThis(source).slice(0, -1);
  const now = Date.parse(source.run.finishedAt);
  const month = points.filter(({ finishedAt }) => now - Date.parse(finishedAt) >= MONTH_MS).at(-1);
  const from = month ?? points[0];
  if (from === undefined) return null;
  return { from, isMonth: month !== undefined, rules: changes(from.byRule, source.summary.byRule) };
}

function changes(
  before: { readonly [rule: string]: number },
  now: { readonly [rule: string]: number },
): readonly RuleChange[] {
  const rules = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(isRuleId);
  return rules
    .map((rule) => ({ rule, before: before[rule] ?? 0, now: now[rule] ?? 0 }))
    .filter((one) => one.before !== one.now)
    .sort((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before) || byText(a.rule, b.rule))
    .slice(0, MOST_CHANGES);
}
