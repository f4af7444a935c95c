import { isDecidable } from "./decision.js";
import type { Finding } from "./finding.js";
import type { RuleId } from "./rule.js";

/** How much of one kind: findings, the users they concern, and the files that are nobody's. */
export interface Work {
  readonly findings: number;
  readonly people: number;
  readonly files: number;
}

/** Manual work of one rule, with an example of its cure. */
export interface ManualWork extends Work {
  readonly cure: string;
}

/** What the findings of a run leave to do, by whose turn it is. */
export interface Workload {
  /** Findings that need the eyes of a person and were not decided yet. */
  readonly open: Work;
  /** The next apply puts them right. */
  readonly automatic: Work;
  /** photodrift can put them right once somebody names the rule; not among `open`. */
  readonly named: ReadonlyMap<RuleId, Work>;
  /** Somebody has to do something outside of photodrift; not among `open`. */
  readonly manual: ReadonlyMap<RuleId, ManualWork>;
  /** They heal by themselves. */
  readonly waiting: Work;
}

interface Tally {
  findings: number;
  people: number;
  files: number;
  last: string;
}

/** Counts what is to be done, in one pass over findings sorted by user. Memory does not grow with their number. */
export function workloadCounter(): { add(finding: Finding): void; result(): Workload } {
  const open = tally();
  const automatic = tally();
  const waiting = tally();
  const named = new Map<RuleId, Tally>();
  const manual = new Map<RuleId, Tally & { cure: string }>();
  return {
    add(finding) {
      const { rule, remedy } = finding;
      if (isOpen(finding)) count(open, finding);
      if (remedy.kind === "automatic") count(automatic, finding);
      if (remedy.kind === "waits") count(waiting, finding);
      if (isDecidable(rule)) return;
      if (remedy.kind === "when-named") count(entry(named, rule, tally), finding);
      if (remedy.kind === "manual" && finding.severity !== "info")
        count(
          entry(manual, rule, () => ({ ...tally(), cure: remedy.cure ?? "" })),
          finding,
        );
    },
    result: () => ({ open, automatic, named, manual, waiting }),
  };
}

/** A person is asked about it, and has not decided yet. */
export function isOpen({ rule, decided }: Pick<Finding, "rule" | "decided">): boolean {
  return isDecidable(rule) && decided === undefined;
}

function tally(): Tally {
  return { findings: 0, people: 0, files: 0, last: "" };
}

function count(counted: Tally, { user, address }: Finding): void {
  const who = user?.id ?? address.replace(/\/[SML]Thumb$/, "");
  counted.findings++;
  if (who !== counted.last) counted[user === null ? "files" : "people"]++;
  counted.last = who;
}

function entry<Value>(map: Map<RuleId, Value>, rule: RuleId, make: () => Value): Value {
  const known = map.get(rule) ?? make();
  map.set(rule, known);
  return known;
}
