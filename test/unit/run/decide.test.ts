import { describe, expect, it } from "vitest";
import type { Decision } from "../../../src/model/decision.js";
import type { Finding } from "../../../src/model/finding.js";
import { parseDecisionFile } from "../../../src/plan/decision-file.js";
import { takeDecisions, type DecideRecords } from "../../../src/run/decide.js";
import { finding, RUN, user } from "../../support/report-source.js";

const NOW = Date.parse("2026-11-28T12:00:00.000Z");
const SHA = "a".repeat(64);
const found = (name: string): Finding =>
  finding({
    user: user(`${name}@contoso.com`, name),
    rule: "wrong-person",
    expected: { sha256: SHA },
    actual: { sha256: "b".repeat(64) },
    remedy: { kind: "when-named", actions: ["upload-photo"] },
  });
const FOUND = ["anna", "ben", "__proto__"].map(found);

function recordsOf(findings: readonly Finding[] = FOUND) {
  const stored = new Map<string, Decision>();
  const records: DecideRecords = {
    run: (id) => (id === RUN.id ? ({ head: RUN } as ReturnType<DecideRecords["run"]>) : null),
    findings: () => findings,
    lastSeenIn: () => RUN.id,
    decision: (id) => stored.get(id) ?? null,
    saveDecision(decision) {
      const before = stored.get(decision.findingId) ?? null;
      stored.set(decision.findingId, decision);
      return before;
    },
    transaction: (work) => work(),
    unforced: (work) => work(),
  };
  return { records, stored };
}

function row(one: Finding | undefined, decision: string, changes: Readonly<Record<string, unknown>> = {}): object {
  return {
    findingId: one?.id,
    address: one?.address,
    user: one?.user?.id,
    rule: one?.rule,
    decision,
    seen: one?.actual["sha256"],
    master: SHA,
    by: "Hanna HR",
    at: "2026-11-25T09:00:00.000Z",
    ...changes,
  };
}

function take(records: DecideRecords, decisions: readonly object[], head: object = {}) {
  const file = { formatVersion: "1.0", tenant: RUN.tenant, basedOn: { runId: RUN.id }, decisions, ...head };
  return takeDecisions(records, parseDecisionFile("d.json", JSON.stringify(file)), RUN.tenant, true, NOW);
}

const [anna, ben] = FOUND;
const EARLY = { by: "Ivo IT", at: "2026-11-24T09:00:00Z" };
const LATE = { by: "Lea HR", at: "2026-11-26T09:00:00.5Z" };

describe("two files that decide differently", () => {
  it("end in the later decision, whichever comes first, and both are told", () => {
    const inOrder = recordsOf();
    take(inOrder.records, [row(anna, "keep", EARLY)]);
    expect(take(inOrder.records, [row(anna, "fix", LATE)]).taken[0]?.replaces).toMatchObject({ by: "Ivo IT" });
    const turned = recordsOf();
    take(turned.records, [row(anna, "fix", LATE)]);
    const { taken, refused } = take(turned.records, [row(anna, "keep", EARLY), row(ben, "keep", EARLY)]);
    expect(taken.map(({ line }) => line)).toEqual([2]);
    expect(refused.map(({ line }) => line)).toEqual([1]);
    expect(refused[0]?.reason).toContain("Lea HR decided otherwise later");
    for (const { stored } of [inOrder, turned]) expect(stored.get(anna?.id ?? "")).toMatchObject({ kind: "fix" });
  });

  it("end in the one that comes later where both are of the same time, and in the same file", () => {
    const { records, stored } = recordsOf();
    const { taken } = take(records, [row(anna, "keep"), row(anna, "leave")]);
    expect(taken.map(({ replaces }) => replaces?.kind ?? null)).toEqual([null, "keep"]);
    expect(stored.get(anna?.id ?? "")?.kind).toBe("leave");
  });

  it("are not held up by a clock that runs ahead", () => {
    const { records, stored } = recordsOf();
    take(records, [row(anna, "keep", { at: "2099-01-01T00:00:00Z" })]);
    expect(stored.get(anna?.id ?? "")?.at).toBe("2026-11-28T12:00:00.000Z");
    expect(take(records, [row(anna, "fix", { at: "2099-01-01T00:00:00Z" })]).taken).toHaveLength(1);
  });

  it("do not bind where the picture is another one since", () => {
    const { records } = recordsOf();
    take(records, [row(anna, "keep", LATE)]);
    const changed = recordsOf([{ ...FOUND[0], actual: { sha256: "c".repeat(64) } } as Finding]);
    changed.stored.set(anna?.id ?? "", records.decision(anna?.id ?? "") as Decision);
    expect(take(changed.records, [row(anna, "fix", { ...EARLY, seen: "c".repeat(64) })]).taken).toHaveLength(1);
  });
});

describe("a file that is not for here", () => {
  it.each<[string, object]>([
    ["another tenant", { tenant: "fabrikam.com" }],
    ["another run", { basedOn: { runId: "20200101" } }],
    ["a prototype for a run", { basedOn: { runId: "__proto__" } }],
  ])("is refused as a whole, also where nothing is in it: %s", (_, head) => {
    const { records, stored } = recordsOf();
    expect(take(records, [row(anna, "fix")], head)).toMatchObject({ taken: [], refused: [{ line: 1 }] });
    expect(take(records, [], head).whole).not.toBeNull();
    expect(stored.size).toBe(0);
  });
});

describe("many decisions", () => {
  it("are taken in time, and each bad one is told", () => {
    const many = Array.from({ length: 10_000 }, (_, i) => found(`user${i}`));
    const { records } = recordsOf(many);
    const begun = performance.now();
    const { taken, refused } = take(
      records,
      many.map((one, i) => row(one, "keep", i % 10 === 0 ? { seen: "0".repeat(64) } : {})),
    );
    expect([taken.length, refused.length]).toEqual([9000, 1000]);
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});
