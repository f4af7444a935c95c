import { describe, expect, it } from "vitest";
import type { Finding } from "../../../src/model/finding.js";
import { renderReport } from "../../../src/report/index.js";
import { finding, sourceOf, textOf, user } from "../../support/report-source.js";

const PER_THOUSAND = 12_000_000;

/** Five pictures of so many bytes, each its own. */
function five(found: Finding, bytes: number) {
  const upn = found.user?.upn ?? "";
  const stores = [
    `source/${upn}.jpg`,
    `exchange/${upn}`,
    ...["L", "M", "S"].map((size) => `sharepoint/${upn}/${size}Thumb`),
  ];
  return stores.map((address, i) => ({ label: address, address, image: Buffer.alloc(bytes, `${upn} ${i}`), note: "" }));
}

function page(users: number, bytes: number, rule: Finding["rule"] = "stale-photo") {
  const asked: number[] = [];
  const source = sourceOf({
    findings: Array.from({ length: users }, (_, i) =>
      finding({ user: user(`user${i}@contoso.com`, `User ${i}`), rule }),
    ),
    pictures: async (found) => five(found, bytes),
    smaller: async (image, side) => {
      asked.push(side);
      return Buffer.from(image).subarray(0, Math.ceil(bytes * (side / 240) ** 1.5));
    },
  });
  const text = textOf(renderReport(source, "html", { color: false, width: 100, pictures: true }));
  return { text, asked };
}

describe("the page's share of pictures", () => {
  it.each([2_000, 6_500, 16_000])("keeps to 12 MB for 1,000 drifted users, pictures of %i bytes", async (bytes) => {
    const { text } = page(1000, bytes);
    expect(Buffer.byteLength(await text)).toBeLessThanOrEqual(PER_THOUSAND);
  });

  it("tells of a picture that cannot be made smaller in its place, and goes on", async () => {
    const source = sourceOf({
      findings: Array.from({ length: 40 }, (_, i) => finding({ user: user(`user${i}@contoso.com`, `User ${i}`) })),
      pictures: async (found) => five(found, 16_000),
      smaller: async (image, side) => {
        if (Buffer.from(image).toString().startsWith("user7@")) throw new Error("cut off after 3 bytes");
        return Buffer.from(image).subarray(0, 100 + side);
      },
    });
    const html = await textOf(renderReport(source, "html", { color: false, width: 100, pictures: true }));
    expect(html).toContain("cut off after 3 bytes");
    expect(html).toContain(Buffer.from("user8@contoso.com 0").toString("base64").slice(0, 20));
    expect(html).not.toContain(Buffer.from("user7@contoso.com 0").toString("base64").slice(0, 20));
  });

  it("leaves pictures as they are where there is room", async () => {
    const { text, asked } = page(20, 1_000);
    await text;
    expect(asked).toEqual([]);
  });

  it("makes pictures without a finding smaller before those that matter", async () => {
    const { text, asked } = page(1, 1_700);
    await text;
    expect(asked).toHaveLength(3);
  });

  it("holds equal pictures once", async () => {
    const source = sourceOf({
      findings: [finding({ user: user("a@contoso.com", "A") })],
      pictures: async (found) => five(found, 10).map((one) => ({ ...one, image: Buffer.from("RIFF twins") })),
    });
    const html = await textOf(renderReport(source, "html", { color: false, width: 100, pictures: true }));
    expect(html.split(Buffer.from("RIFF twins").toString("base64"))).toHaveLength(2);
  });

  it("gives people to be decided about their pictures where others go without", async () => {
    const pictured = async (rule: Finding["rule"]) => {
      const html = await page(1200, 10, rule).text;
      return html.match(/"exchange\/user\d+@contoso\.com","",/g)?.length;
    };
    expect(await pictured("stale-photo")).toBe(1000);
    expect(await pictured("wrong-person")).toBe(1200);
  });
});
