import { createHash } from "node:crypto";
import { Script } from "node:vm";
import { describe, expect, it } from "vitest";
import { renderReport } from "../../../src/report/index.js";
import { finding, sourceOf, textOf, user, type Given } from "../../support/report-source.js";

function page(given: Given, options: { pictures?: boolean; limit?: number } = {}): Promise<string> {
  return textOf(renderReport(sourceOf(given), "html", { color: false, width: 100, pictures: true, ...options }));
}

function block(html: string, id: string): unknown {
  const match = new RegExp(`<script type="application/json" id="${id}">(.*?)</script>`).exec(html);
  return match ? (JSON.parse(match[1] ?? "") as unknown) : null;
}

const anna = user("anna@contoso.com", "Anna Berg");
const EVIL = `</script><script>alert(1)</script><!--<img src=x onerror=alert(1)>"'\u2028\u202e`;

describe("HTML report", () => {
  it("allows by its own policy exactly the style and the script it carries", async () => {
    const html = await page({ findings: [finding({ user: anna })] });
    const script = /<script>([\s\S]*?)<\/script>/.exec(html)?.[1] ?? "";
    const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? "";
    const policy =
      /http-equiv="Content-Security-Policy" content="(.*?)"/.exec(html)?.[1]?.replaceAll("&#39;", "'") ?? "";
    const hash = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src '${hash(script)}';`);
    expect(policy).toContain(`style-src '${hash(style)}';`);
    expect(() => new Script(script)).not.toThrow();
  });

  it("names no other host and has no inline handler or style", async () => {
    const html = await page({ findings: [finding({ user: anna })] });
    expect(html).not.toMatch(/https?:\/\//);
    expect(html).not.toMatch(/<[^>]+ (on\w+|style)=/);
  });

  it("lets no name, file or message out of the data", async () => {
    const html = await page({
      run: { tenant: EVIL },
      findings: [finding({ user: user(`${EVIL}@contoso.com`, EVIL), summary: EVIL, actual: { [EVIL]: EVIL } })],
      outcomes: [
        {
          actionId: "1",
          address: EVIL,
          action: "upload-photo",
          kind: "failed",
          error: { code: EVIL, message: EVIL, hint: EVIL },
        },
      ],
      trend: [1, 2].map((n) => ({
        runId: EVIL,
        finishedAt: EVIL,
        usersInScope: n,
        usersWithDrift: n,
        findings: n,
        byRule: {},
      })),
      pictures: async (f) => [{ label: EVIL, address: f.address, image: null, note: EVIL }],
    });
    // Index, details, pictures, layout, and the program.
    expect(html.match(/<script/g)).toHaveLength(5);
    expect(html).not.toContain("<img");
    expect(html).not.toContain("alert(1)</script>");
    expect(html).not.toContain("\u202e");
  });

  it("groups the findings of a user into one entry with its pictures, one an address", async () => {
    const image = Buffer.from([0xff, 0xd8, 0xff]);
    const findings = [
      finding({ user: anna }),
      finding({ user: anna, address: "sharepoint/anna@contoso.com/MThumb" }),
      finding({ user: null, address: "source/broken.jpg", rule: "unreadable-master" }),
    ];
    const html = await page({
      findings,
      pictures: async (f) => [
        { label: "Master", address: "source/anna.jpg", image, note: "" },
        { label: "Store", address: f.address, image, note: "240×240 px" },
      ],
    });
    const index = block(html, "i0") as [string, string, string, string, number[]][];
    expect(index.map(([name, upn, , , packed]) => [name, upn, packed.length])).toEqual([
      ["Anna Berg", "anna@contoso.com", 2],
      ["broken.jpg", "", 1],
    ]);
    const [[found, pictured]] = block(html, "d0") as [[unknown[], number]];
    expect(pictured).toBe(1);
    const pictures = block(html, "p0") as [string, string, string, string][];
    expect(found).toHaveLength(2);
    expect(pictures.map(([, address]) => address)).toEqual([
      "source/anna.jpg",
      "exchange/anna@contoso.com",
      "sharepoint/anna@contoso.com/MThumb",
    ]);
    expect(pictures[0]?.[3]).toBe(image.toString("base64"));
  });

  it("asks for pictures of the first entries only, of none without pictures, and of no mere note", async () => {
    const asked: string[] = [];
    const findings = [
      finding({ user: user("note@contoso.com", "N"), severity: "info", drift: false, rule: "user-without-master" }),
      ...[1, 2, 3].map((n) => finding({ user: user(`u${n}@contoso.com`, "U") })),
    ];
    const pictures: Given["pictures"] = async (f) => {
      asked.push(f.user?.upn ?? "");
      return [];
    };
    await page({ findings, pictures }, { pictures: false });
    expect(asked).toEqual([]);
    await page({ findings, pictures }, { limit: 2 });
    expect(asked).toEqual(["u1@contoso.com", "u2@contoso.com"]);
  });

  it("says on the tile when a picture cannot be read", async () => {
    const html = await page({
      findings: [finding({ user: anna })],
      pictures: async () => {
        throw new Error("the file is gone");
      },
    });
    const pictures = block(html, "p0") as unknown[];
    expect(pictures).toEqual([["Exchange", "exchange/anna@contoso.com", "the file is gone", null, 0]]);
  });

  it("draws the trend from the second run on", async () => {
    const point = (n: number): NonNullable<Given["trend"]>[number] => ({
      runId: `r${n}`,
      finishedAt: `2026-11-0${n}T02:00:00Z`,
      usersInScope: 58,
      usersWithDrift: n,
      byRule: {},
      findings: n,
    });
    expect(await page({ trend: [point(1)] })).toContain("from the second run on");
    const html = await page({ trend: [point(1), point(2), point(3)] });
    expect(html.match(/<circle[^>]*>\s*<title>/g)).toHaveLength(3);
    expect(html).toContain("2026-11-03 02:00 UTC: 3 of 58 users with drift");
  });

  it("never rounds the last user away", async () => {
    expect(await page({ summary: { usersInScope: 100_000, usersInSync: 99_999 } })).toContain("99.9\u202f%");
  });
});
