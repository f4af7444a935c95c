import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../../src/model/finding.js";
import { REPORT_FORMATS, type ReportFormat } from "../../../src/model/formats.js";
import type { ReportSource } from "../../../src/model/report.js";
import { SEVERITIES } from "../../../src/model/rule.js";
import type { Outcome } from "../../../src/model/run.js";
import { renderReport } from "../../../src/report/index.js";
import { finding, sourceOf, user } from "../../support/report-source.js";

const OPTIONS = { color: false, width: 100, pictures: false } as const;

async function written(source: ReportSource, format: ReportFormat, limit?: number): Promise<string> {
  let text = "";
  for await (const chunk of renderReport(source, format, { ...OPTIONS, ...(limit === undefined ? {} : { limit }) }))
    text += chunk;
  return text;
}

/** A source that counts how often it was read from its beginning. */
function watched(findings: readonly Finding[], outcomes: readonly Outcome[]) {
  const reads = { findings: 0, outcomes: 0 };
  const source: ReportSource = {
    ...sourceOf({}),
    findings() {
      reads.findings++;
      return findings;
    },
    outcomes() {
      reads.outcomes++;
      return outcomes;
    },
  };
  return { reads, source };
}

const remedies: readonly Finding["remedy"][] = [
  { kind: "automatic", actions: ["write-thumbnail"] },
  { kind: "automatic", actions: ["upload-photo"] },
  { kind: "waits", actions: [] },
  { kind: "none", actions: [] },
];

/** Findings as a source gives them: those of one user are neighbours. */
const someFindings = fc
  .array(
    fc.record({
      who: fc.option(fc.nat(60), { nil: null }),
      severity: fc.constantFrom(...SEVERITIES),
      drift: fc.boolean(),
      rule: fc.constantFrom("stale-photo", "wrong-person", "missing-photo"),
      remedy: fc.constantFrom(...remedies),
    }),
    { maxLength: 150 },
  )
  .map((rows) =>
    rows
      .toSorted((a, b) => (a.who ?? 99) - (b.who ?? 99))
      .map(({ who, severity, drift, rule, remedy }, at): Finding => {
        const upn = `user${String(who)}@contoso.com`;
        return finding({
          rule,
          severity,
          drift,
          remedy,
          user: who === null ? null : user(upn, `User ${String(who)}`),
          address: who === null ? `source/file${String(at % 7)}.jpg` : `exchange/${upn}`,
        });
      }),
  );

const someOutcomes = fc
  .array(fc.constantFrom("applied", "failed", "stale"), { maxLength: 40 })
  .map((kinds) =>
    kinds.map(
      (kind, at): Outcome =>
        ({ address: `exchange/user${String(at)}@contoso.com`, action: "upload-photo", kind }) as Outcome,
    ),
  );

describe("several reports of one source", () => {
  it("each say what they say alone, in whatever order and with whatever limits they are made", async () => {
    const orders = fc.array(
      fc.record({
        format: fc.constantFrom(...REPORT_FORMATS),
        limit: fc.option(fc.constantFrom(1, 25, 300), { nil: undefined }),
      }),
      { minLength: 1, maxLength: 5 },
    );
    const property = fc.asyncProperty(someFindings, someOutcomes, orders, async (findings, outcomes, order) => {
      const { source } = watched(findings, outcomes);
      for (const { format, limit } of order) {
        const alone = await written(watched(findings, outcomes).source, format, limit);
        expect(await written(source, format, limit)).toBe(alone);
      }
    });
    await fc.assert(property, { numRuns: 40 });
  });

  it.each(["json", "csv"] as const)("read %s's findings once, the terminal's summary none", async (format) => {
    const { source, reads } = watched([finding({ user: user("anna@contoso.com", "Anna") })], []);
    await written(source, format);
    await written(source, "text");
    await written(source, "md");
    expect(reads.findings).toBe(1);
  });

  it("read again what a report was cut off in", async () => {
    const findings = Array.from({ length: 3_000 }, (_, at) =>
      finding({ user: user(`u${String(at)}@contoso.com`, "U") }),
    );
    const { source, reads } = watched(findings, []);
    const alone = await written(watched(findings, []).source, "text");
    for await (const chunk of renderReport(source, "json", OPTIONS)) {
      if (chunk !== "") break;
    }
    expect(await written(source, "text")).toBe(alone);
    expect(reads.findings).toBe(2);
  });
});
