import { describe, expect, it } from "vitest";
import { code, safe } from "../../../src/report/formats/md.js";
import { renderReport } from "../../../src/report/index.js";
import { finding, sourceOf, textOf, user, type Given } from "../../support/report-source.js";

function markdown(given: Given, limit = 100): Promise<string> {
  return textOf(renderReport(sourceOf(given), "md", { color: true, width: 80, pictures: false, limit }));
}

describe("Markdown report", () => {
  it("has a title with the verdict, counts, rules and users as tables", async () => {
    const out = await markdown({ findings: [finding({ user: user("anna@contoso.com", "Anna") })] });
    expect(out).toMatch(/^## photodrift audit: drift found\n/);
    expect(out).toContain("| `stale-photo` | error | yes | 1 | apply: upload-photo |");
    expect(out).toContain("| Anna `anna@contoso.com` | `stale-photo` error | Exchange |");
  });

  it.each([
    ["a|b", "a\\|b"],
    ["<img src=x>", "\\<img src=x\\>"],
    ["`x`", "\\`x\\`"],
    ["[x](https://evil.example)", "\\[x\\](https:\u200b//evil.example)"],
    ["@everyone", "@\u200beveryone"],
    ["#12", "#\u200b12"],
    ["www.evil.example", "www\u200b.evil.example"],
    ["*bold*_em_~s~&amp;", "\\*bold\\*\\_em\\_\\~s\\~\\&amp;"],
    ["two\nlines", "two lines"],
    ["![x](y)", "\\!\\[x\\](y)"],
  ])("makes %j harmless", (text, wanted) => {
    expect(safe(text)).toBe(wanted);
  });

  it("puts any text into a code span that it cannot leave", () => {
    expect(code("a`b``c")).toBe("```a`b``c```");
    expect(code("`a`")).toBe("`` `a` ``");
    expect(code("a|b")).toBe("`a\\|b`");
  });

  it("keeps one line a row, whatever the names", async () => {
    const findings = [finding({ user: user("a|b@contoso.com", "x\n| y | \r\n# z"), summary: "a\n\nb" })];
    const rows = (await markdown({ findings })).split("\n").filter((line) => line.startsWith("|"));
    for (const row of rows.slice(-1)) expect(row.replaceAll("\\|", "").split("|")).toHaveLength(7);
  });

  it("stays under the size that tickets take, and says what is left out", async () => {
    const findings = Array.from({ length: 3000 }, (_, i) =>
      finding({ user: user(`u${i}@contoso.com`, "N".repeat(200)) }),
    );
    const out = await markdown({ findings }, 3000);
    expect(out.length).toBeLessThan(65_536);
    expect(out).toMatch(/… and [\d ]+ more users, see the HTML report/);
  });
});
