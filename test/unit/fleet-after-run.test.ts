import { describe, expect, it } from "vitest";
import { afterDeaths, afterResult, isTold, type Next } from "../../src/fleet/after-run.js";
import type { Failure } from "../../src/model/describe-error.js";
import type { RunHead, Verdict } from "../../src/model/run.js";

const HOUR = 3_600_000;
const DUE = Date.UTC(2026, 0, 1);
const THROTTLED = { kind: "throttled", host: "graph.test", seconds: 300 } as const;

const head = (verdict: Verdict, failure: Failure | null = null) => ({ head: { id: "r", verdict } as RunHead, failure });
const at = (attempt: number, stop: typeof THROTTLED | null = null) => ({ attempt, now: DUE, stop });

describe("who is notified of a fleet's run", () => {
  const rows: readonly [string, Next, { now: number; told: boolean }, boolean][] = [
    ["drift found", afterResult(head("drift"), at(1)), { now: DUE, told: false }, true],
    ["in sync, after it was told late", afterResult(head("in-sync"), at(1)), { now: DUE + 5 * HOUR, told: true }, true],
    ["throttled", afterResult(head("interrupted"), at(1, THROTTLED)), { now: DUE, told: false }, false],
    ["throttled again", afterResult(head("interrupted"), at(1, THROTTLED)), { now: DUE + 300_000, told: false }, false],
    [
      "throttled for an hour",
      afterResult(head("interrupted"), at(1, THROTTLED)),
      { now: DUE + HOUR, told: false },
      true,
    ],
    ["and again", afterResult(head("interrupted"), at(1, THROTTLED)), { now: DUE + 2 * HOUR, told: true }, false],
    ["failed, tried again", afterResult(head("failed"), at(1)), { now: DUE, told: false }, false],
    ["failed, given up", afterResult(head("failed"), at(3)), { now: DUE, told: false }, true],
    ["incomplete, tried again", afterResult(head("incomplete"), at(2)), { now: DUE, told: false }, false],
    ["refused", afterResult(head("refused"), at(1)), { now: DUE, told: false }, true],
  ];
  it.each(rows)("%s", (_, next, { now, told }, wanted) => {
    expect(isTold(next, { due: DUE, now, told })).toBe(wanted);
  });
});

describe("what becomes of a run whose workers die", () => {
  const rows: readonly [number, boolean, number | "failed" | null][] = [
    [0, false, null],
    [1, true, null],
    [9, true, null],
    [10, true, 1],
    [10, false, null],
    [11, true, 2],
    [12, true, 4],
    [15, true, 32],
    [15, false, null],
    [16, true, "failed"],
    [16, false, "failed"],
  ];
  it.each(rows)("%i deaths, the last one just now %s: %s", (cutOff, died, wanted) => {
    const next = afterDeaths({ cutOff, died }, { now: DUE });
    const found = next?.kind === "again" ? (next.back.at - DUE) / 60_000 : next === null ? null : next.end.state;
    expect(found).toBe(wanted);
    if (next?.kind === "again") expect(next.back.counts).toBe(false);
  });
});

describe("why a run did not go well is what its failure says", () => {
  const failure = { message: "The disk is full.\nNothing was written.", hint: "Make room." };
  const why = "The disk is full. Nothing was written. Make room.";
  it.each<readonly [Verdict, number, Failure | null, string | null]>([
    ["failed", 1, failure, why],
    ["failed", 3, failure, why],
    ["failed", 3, null, "verdict failed"],
    ["refused", 1, failure, why],
    ["incomplete", 1, null, "verdict incomplete"],
    ["drift", 1, failure, why],
    ["drift", 1, null, null],
  ])("%s, attempt %i", (verdict, attempt, thrown, wanted) => {
    const next = afterResult(head(verdict, thrown), at(attempt));
    expect(next.kind === "again" ? next.back.reason : next.end.reason).toBe(wanted);
  });
});
