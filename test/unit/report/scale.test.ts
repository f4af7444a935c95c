import { REPORT_FORMATS } from "../../../src/model/formats.js";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../../src/model/finding.js";
import { renderReport } from "../../../src/report/index.js";
import { finding, sourceOf, user } from "../../support/report-source.js";

/** Counts how far the findings were read ahead of what was given out. */
function* many(total: number, seen: { count: number }): Iterable<Finding> {
  for (let i = 0; i < total; i++) {
    seen.count++;
    yield finding({ user: user(`user${String(i).padStart(6, "0")}@contoso.com`, `User ${i}`) });
  }
}

describe("reports of large tenants", () => {
  it.each(["json", "csv", "html"] as const)("streams %s: findings are read as they are written", async (format) => {
    const seen = { count: 0 };
    const source = sourceOf({ findings: () => many(20_000, seen) });
    const passes = format === "html" ? 2 : 1;
    let written = 0;
    let atHalf = 0;
    for await (const chunk of renderReport(source, format, { color: false, width: 100, pictures: false })) {
      written += chunk.length;
      expect(chunk.length).toBeLessThan(600_000);
      if (atHalf === 0 && seen.count > (passes - 0.5) * 20_000) atHalf = written;
    }
    expect(seen.count).toBe(passes * 20_000);
    expect(atHalf / written).toBeGreaterThan(0.4);
    expect(atHalf / written).toBeLessThan(0.6);
  });

  it("keeps text and Markdown short", async () => {
    for (const format of ["text", "md"] as const) {
      let written = 0;
      const source = sourceOf({ findings: () => many(20_000, { count: 0 }) });
      for await (const chunk of renderReport(source, format, { color: false, width: 100, pictures: false }))
        written += chunk.length;
      expect(written).toBeLessThan(60_000);
    }
    expect(REPORT_FORMATS).toHaveLength(5);
  });
});
