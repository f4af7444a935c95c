import { describe, expect, it } from "vitest";
import type { Finding } from "../../../src/model/finding.js";
import { RULE_IDS } from "../../../src/model/rule.js";
import type { TrendPoint } from "../../../src/model/run.js";
import { MANAGER_FORMATS, renderManagerReport, type ManagerFormat } from "../../../src/report/index.js";
import { managerFigures } from "../../../src/report/manager/figures.js";
import { chosenPoints } from "../../../src/report/manager/points.js";
import { finding, RUN, sourceOf, SUMMARY, user, type Given } from "../../support/report-source.js";

const DAY = 24 * 3_600_000;
const NOW = Date.parse(RUN.finishedAt);

function point(daysAgo: number, usersWithDrift: number, more: Partial<TrendPoint> = {}): TrendPoint {
  const finishedAt = new Date(NOW - daysAgo * DAY).toISOString();
  return {
    runId: `run-${daysAgo}`,
    finishedAt,
    usersInScope: 58,
    usersWithDrift,
    findings: usersWithDrift,
    byRule: { "wrong-person": usersWithDrift },
    ...more,
  };
}

const days = (n: number) => Array.from({ length: n }, (_, i) => point(n - i, n - i));

function render(given: Given, format: ManagerFormat): string {
  return [...renderManagerReport(sourceOf(given), format, 90)].join("");
}

const everyRule: readonly Finding[] = RULE_IDS.map((rule, i) =>
  finding({
    user: user(`person${i}@contoso.com`, `Name Nobody Reads ${i}`),
    rule,
    address: `sharepoint/person${i}@contoso.com/LThumb`,
    summary: `SharePoint's L thumbnail shows the master of Name Nobody Reads (person${i}@contoso.com).`,
    remedy: { kind: (["automatic", "when-named", "manual"] as const)[i % 3] ?? "none", actions: ["write-thumbnail"] },
  }),
);

describe("the manager's page", () => {
  it.each(MANAGER_FORMATS)("names nobody: %s", (format) => {
    const out = render({ findings: everyRule, trend: days(40), tenantName: "contoso" }, format);
    expect(out).not.toMatch(/person\d|Nobody Reads|@contoso/);
    expect(out).toContain("44 of 58 people show the right face everywhere");
    expect(out).toContain("75.9 %");
  });

  it.each(MANAGER_FORMATS)("tells what changed since last month, the worst, and what it costs: %s", (format) => {
    const wrong = ["a", "b"].map((name) =>
      finding({ user: user(name, name), rule: "wrong-person", severity: "critical" }),
    );
    const summary = { byRule: { "wrong-person": 2 } };
    const out = render({ findings: wrong, trend: days(40), summary }, format).replaceAll("\\", "");
    expect(out).toMatch(
      /A month ago \(2026-10-26\) 51\.7 % of the faces were right; that is 24\.1 points better now\./,
    );
    expect(out).toMatch(/Somebody else(?:'|&#39;)s face/);
    expect(out).toContain("28 → 2");
    expect(out).toContain("2 people");
    expect(out).toContain("1 min of work");
  });

  it("compares with the first audit where no month has passed, and says so where there is none", () => {
    expect(render({ trend: [point(3, 20)] }, "text")).toContain("In the first audit (2026-11-20)");
    expect(render({}, "text")).toContain("This is the first audit");
  });

  it("lists the ten worst kinds of fault, the gravest first, counted in people and files", () => {
    const { worst } = managerFigures(
      sourceOf({
        findings: [
          ...everyRule,
          ...["L", "M", "S"].map((size) =>
            finding({
              user: null,
              address: `sharepoint/x/${size}Thumb`,
              rule: "orphan-thumbnail",
              severity: "critical",
            }),
          ),
        ],
      }),
    );
    expect(worst).toHaveLength(10);
    expect(worst[0]).toMatchObject({ rule: "orphan-thumbnail", people: 1, files: 1 });
  });

  it("leaves audits of a part of the tenant out of the trend", () => {
    const { points } = managerFigures(sourceOf({ trend: [point(2, 20), point(1, 1, { usersInScope: 1 })] }));
    expect(points.map(({ runId }) => runId)).toEqual(["run-2", RUN.id]);
  });

  it("reads without colour: every bar has its number", () => {
    const out = render({ trend: days(40) }, "html");
    expect(out.match(/class="value"/g)).toHaveLength(12);
    expect(out).toContain('role="img" aria-label="Share of right faces.');
    expect(out).not.toMatch(/<script|style=/);
  });

  it("is calm about a tenant where all is right, and about one where nobody is in scope", () => {
    const summary = { usersInSync: 58, usersWithDrift: 0, byRule: {} };
    expect(render({ summary }, "text")).toContain("100 % right. All 58 people show the right face everywhere.");
    expect(render({ summary: { ...SUMMARY, usersInScope: 0, usersInSync: 0 } }, "text")).toContain(
      "Nobody was looked at",
    );
  });

  it("lets no hostile tenant name out of its place", () => {
    const out = render({ tenantName: "</title><script>alert(1)</script>" }, "html");
    expect(out).not.toContain("<script");
  });
});

describe("the twelve points of a trend", () => {
  it.each<[number, string, number]>([
    [1, "run", 1],
    [11, "run", 11],
    [12, "day", 12],
    [70, "day", 12],
    [90, "week", 12],
    [400, "month", 12],
  ])("%i daily runs are told by %s", (runs, unit, shown) => {
    const chosen = chosenPoints(days(runs));
    expect([chosen.unit, chosen.points.length]).toEqual([unit, shown]);
    expect(chosen.points.at(-1)?.runId).toBe("run-1");
  });
});
