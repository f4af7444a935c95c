import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RULE_IDS } from "../../src/model/rule.js";
import { renderManagerReport } from "../../src/report/index.js";
import { accessibilityFaults, chromiumPresent, reportPages, type ReportPages } from "../support/report-page.js";
import { finding, RUN, sourceOf, user } from "../support/report-source.js";

const NOW = Date.parse(RUN.finishedAt);
const before = Object.fromEntries(RULE_IDS.map((rule, i) => [rule, 900 + i]));

/** As much as the page can hold: every rule, a year of audits, the longest words. */
function fullest(): string {
  const source = sourceOf({
    run: { tenant: "191815e2-37f6-4bc6-8354-ce15c815efd8", complete: false },
    tenantName: "contoso",
    findings: RULE_IDS.flatMap((rule) => [
      finding({ user: user("anna@contoso.com", "Anna"), rule }),
      finding({ user: null, address: "source/x.jpg", rule, remedy: { kind: "manual", actions: [], cure: "Look." } }),
    ]),
    summary: { usersInScope: 123_456, usersInSync: 98_765, usersWithDrift: 24_691 },
    trend: Array.from({ length: 400 }, (_, i) => ({
      runId: `r${i}`,
      finishedAt: new Date(NOW - (400 - i) * 24 * 3_600_000).toISOString(),
      usersInScope: 123_456,
      usersWithDrift: 90_000 - i * 100,
      findings: 90_000,
      byRule: before,
    })),
  });
  return [...renderManagerReport(source, "html", 100)].join("");
}

describe.skipIf(!chromiumPresent)("the manager's page", () => {
  let pages: ReportPages;
  let page: Page;
  let trouble: readonly string[];
  beforeAll(async () => {
    pages = await reportPages();
    ({ page, trouble } = await pages.openPlain(fullest()));
  });
  afterAll(() => pages.close());

  it.each(["A4", "Letter"])("is one page of %s", async (format) => {
    const pdf = (await page.pdf({ format, printBackground: true, preferCSSPageSize: false })).toString("latin1");
    expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  });

  it("fits a phone, breaks no rule of accessibility on screen and paper, and asks the network for nothing", async () => {
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.emulateMedia({ media: "print" });
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.emulateMedia({ media: "screen" });
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.evaluate(`document.documentElement.scrollWidth <= innerWidth`)).toBe(true);
    expect(trouble).toEqual([]);
  });
});
