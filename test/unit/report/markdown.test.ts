import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { code, safe } from "../../../src/report/formats/md.js";
import { renderReport } from "../../../src/report/index.js";
import { finding, sourceOf, textOf, user, type Given } from "../../support/report-source.js";

/**
 * The cells that a row has: how three renderers look for the next pipe. cmark-gfm (GitHub, GitLab) lets a backslash hide every pipe behind it,
 * so does markdown-it (Gitea, editors), and micromark (MDX, remark) takes backslashes in pairs.
 */
const PIPES: Readonly<Record<string, RegExp>> = {
  "cmark-gfm": /(?:\\[!-/:-@[-`{-~]|[^|])*/y,
  "markdown-it": /(?:(?<=\\)\||[^|])*/y,
  micromark: /(?:\\[\\|]|[^|])*/y,
};
/** cmark's two ways to read `\\\\|`: it takes the longer one. */
const LONGEST = /(?:\\\||[^|])*/y;

function cellsOf(row: string, renderer: string): readonly string[] {
  const cell = PIPES[renderer] ?? LONGEST;
  const found: string[] = [];
  for (let at = 1; at < row.length;) {
    const texts = (renderer === "cmark-gfm" ? [cell, LONGEST] : [cell]).map((each) => {
      each.lastIndex = at;
      return each.exec(row)?.[0] ?? "";
    });
    const longest = texts.reduce((a, b) => (b.length > a.length ? b : a));
    found.push(longest.trim());
    at += longest.length + 1;
  }
  return found;
}

/** What is read in a cell that `code` wrote: the span without its fence, or the element. */
function readCode(cell: string): string {
  const element = /^<code>([^<]*)<\/code>$/u.exec(cell)?.[1];
  if (element !== undefined) return element.replace(/&#(\d+);/gu, (_, sign) => String.fromCharCode(Number(sign)));
  const [, , inside = ""] = /^(`+)(.*)\1$/u.exec(cell.replaceAll("\\|", "|")) ?? [];
  return /^ .*\S.* $/u.test(inside) ? inside.slice(1, -1) : inside;
}

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

  it.each(Object.keys(PIPES))("keeps every text in its cell, and shows it as it is: %s", (renderer) => {
    const texts = fc.string({
      unit: fc.constantFrom("\\", "|", "`", "a", "*", "@", "<", "&", "#"),
      minLength: 1,
      maxLength: 9,
    });
    fc.assert(
      fc.property(texts, (text) => {
        const [first, span, escaped = "", last, ...more] = cellsOf(
          `| one | ${code(text)} | ${safe(text)} | two |`,
          renderer,
        );
        expect({ first, span: readCode(span ?? ""), last, more }).toEqual({
          first: "one",
          span: text,
          last: "two",
          more: [],
        });
        expect(escaped).not.toMatch(/^\|/u);
      }),
      { numRuns: 2_000 },
    );
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
