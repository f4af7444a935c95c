import { isDecidable, type Decision, type DecisionKind } from "../model/decision.js";
import { fixesOf, masterIn, namesOfSeen, seenIn } from "../model/decision-facts.js";
import type { Finding } from "../model/finding.js";
import type { DecisionFile, DecisionRow } from "../plan/decision-file.js";
import type { Transactions } from "./records.js";
import type { DecisionRecords } from "./records/decisions.js";
import type { RunRecords } from "./records/runs.js";

/** Why a decision was not taken, in words that tell the cure. */
export interface RefusedDecision {
  /** Number of the decision in the file, from 1. */
  readonly line: number;
  readonly address: string;
  readonly reason: string;
}

export interface TakenDecision {
  readonly line: number;
  readonly decision: Decision;
  /** What was decided about the finding before, where that was something else. */
  readonly replaces: Decision | null;
}

/** Which rows of a decision file were taken, and why the others were not. */
export interface DecideResult {
  readonly taken: readonly TakenDecision[];
  readonly refused: readonly RefusedDecision[];
  /** Why no row of the file can be taken, null where each was looked at. */
  readonly whole: string | null;
}

export type DecideRecords = Pick<DecisionRecords, "lastSeenIn" | "decision" | "saveDecision"> &
  Pick<RunRecords, "run" | "findings"> &
  Transactions;

/**
 * Takes the decisions of a file that hold: the finding is known and still stands, neither the stored picture nor the master changed since it
 * was looked at. Each row is judged by itself. Where two decide differently, the later decision wins, in whatever order the files come; of two
 * at the same time, the one that comes later. Nothing is asked of the tenant: the next audit looks again.
 * @param sharePointWrites whether the configuration lets thumbnails be written @param now ms: no decision counts as made after it
 */
export function takeDecisions(
  records: DecideRecords,
  file: DecisionFile,
  tenant: string,
  sharePointWrites: boolean,
  now: number,
): DecideResult {
  const whole = faultOfFile(records, file, tenant);
  if (whole !== null) {
    return {
      taken: [],
      whole,
      refused: file.rows.map(({ line, row }) => ({ line, address: row?.address ?? "", reason: whole })),
    };
  }
  const wanted = new Set(file.rows.map(({ row }) => row?.findingId ?? ""));
  const shown = findingsOf(records, file.runId, wanted);
  const latest = latestOf(records, file.runId, shown);
  const taken: TakenDecision[] = [];
  const refused: RefusedDecision[] = [];
  records.transaction(() => {
    for (const { line, row, fault } of file.rows) {
      const reason =
        row === null ? fault : faultOfRow(row, shown.get(row.findingId), latest.get(row.findingId), sharePointWrites);
      const finding = row === null ? undefined : shown.get(row.findingId);
      if (row === null || finding === undefined || reason !== null) {
        refused.push({ line, address: row?.address ?? "", reason: reason ?? "unknown finding" });
        continue;
      }
      const decision = decisionOf(row, finding, now);
      const stands = records.decision(decision.findingId);
      if (stands !== null && outweighs(stands, decision)) {
        refused.push({ line, address: row.address, reason: laterWords(stands) });
        continue;
      }
      const before = records.saveDecision(decision);
      taken.push({ line, decision, replaces: before !== null && before.kind !== decision.kind ? before : null });
    }
  });
  return { taken, refused, whole: null };
}

/** A decision that stands was made later, about the same picture and master, and says something else. */
function outweighs(stands: Decision, decision: Decision): boolean {
  const sameLook = stands.seen === decision.seen && stands.master === decision.master;
  return sameLook && stands.kind !== decision.kind && Date.parse(stands.at) > Date.parse(decision.at);
}

function laterWords({ by, kind, at }: Decision): string {
  return `${by} decided otherwise later (${kind}, ${at.slice(0, 16).replace("T", " ")} UTC), and that holds: decide --reset forgets it`;
}

function faultOfFile(records: DecideRecords, file: DecisionFile, tenant: string): string | null {
  if (file.tenant.toLowerCase() !== tenant.toLowerCase())
    return `the file is of tenant ${file.tenant}, the configuration names ${tenant}`;
  if (records.run(file.runId) === null)
    return `run ${file.runId} is not known here (any more): run photodrift audit, and decide in its report`;
  return null;
}

function findingsOf(records: DecideRecords, runId: string, wanted: ReadonlySet<string>): ReadonlyMap<string, Finding> {
  const found = new Map<string, Finding>();
  for (const finding of records.findings(runId)) if (wanted.has(finding.id)) found.set(finding.id, finding);
  return found;
}

/**
 * The findings as the newest run that saw each of them shows them. One that does not stand any more is missing, unless it is a decision that
 * settled it: what was decided can be decided anew.
 */
function latestOf(
  records: DecideRecords,
  runId: string,
  shown: ReadonlyMap<string, Finding>,
): ReadonlyMap<string, Finding> {
  const latest = new Map<string, Finding>();
  const byRun = new Map<string, Set<string>>();
  for (const [id, finding] of shown) {
    const run = records.lastSeenIn(id);
    const before = records.decision(id);
    if (run === null && before?.seen === seenIn(finding) && before.master === masterIn(finding))
      latest.set(id, finding);
    if (run !== null) byRun.set(run, (byRun.get(run) ?? new Set()).add(id));
  }
  for (const [run, ids] of byRun)
    for (const [id, finding] of run === runId ? shown : findingsOf(records, run, ids))
      if (ids.has(id)) latest.set(id, finding);
  return latest;
}

function faultOfRow(
  row: DecisionRow,
  shown: Finding | undefined,
  latest: Finding | undefined,
  sharePointWrites: boolean,
): string | null {
  if (shown === undefined) return "the run that the file is based on has no such finding";
  if (!isAbout(row, shown)) return "address, user or rule are not those of the finding";
  if (!isDecidable(shown.rule)) return `findings of ${shown.rule} are not decided by eye`;
  if (!namesOfSeen(shown).includes(row.seen)) return "the stored picture named here is not the one the report showed";
  if ((row.master || null) !== masterIn(shown)) return "the master named here is not the one the report showed";
  if (latest === undefined) return "the finding does not stand any more: nothing is left to decide";
  if (seenIn(latest) !== seenIn(shown)) return "the stored picture changed since: look at the newest report";
  if (masterIn(latest) !== masterIn(shown)) return "the master changed since: look at the newest report";
  if (row.decision === "fix" && fixesOf(shown, sharePointWrites).length === 0)
    return `it cannot be put right by photodrift: ${shown.remedy.cure ?? "no write would help"}`;
  return null;
}

function isAbout(row: DecisionRow, finding: Finding): boolean {
  return (
    row.address === finding.address && row.rule === finding.rule && (row.user || null) === (finding.user?.id ?? null)
  );
}

function decisionOf(row: DecisionRow, finding: Finding, now: number): Decision {
  return {
    findingId: finding.id,
    address: finding.address,
    userId: finding.user?.id ?? null,
    rule: finding.rule,
    kind: row.decision satisfies DecisionKind,
    seen: seenIn(finding),
    master: masterIn(finding),
    by: row.by,
    at: Date.parse(row.at) > now ? new Date(now).toISOString() : row.at,
  };
}
