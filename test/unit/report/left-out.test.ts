import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { renderReport, reportSchema } from "../../../src/report/index.js";
import { finding, sourceOf, textOf, user } from "../../support/report-source.js";

const OPTIONS = { color: false, width: 100, pictures: false };
const FORMATS = ["text", "json", "csv", "md", "html"] as const;
const LEFT_OUT = [
  { file: "notes.txt", reason: "not an image name" },
  { file: "=cmd|<b>.docx", reason: "not an image name" },
];

describe("files that were left out", () => {
  const given = { summary: { leftOut: LEFT_OUT }, findings: [finding({ user: user("x@contoso.com", "Anna") })] };

  it.each(FORMATS)("are listed with their reason: %s", async (format) => {
    const text = await textOf(renderReport(sourceOf(given), format, OPTIONS));
    expect(text).toContain("notes.txt");
    expect(text).toContain("not an image name");
  });

  it.each(FORMATS)("a run without any says nothing of them: %s", async (format) => {
    for (const leftOut of [[], undefined]) {
      const summary = leftOut === undefined ? {} : { leftOut };
      const text = await textOf(renderReport(sourceOf({ ...given, summary }), format, OPTIONS));
      expect(text).not.toMatch(/files left out|left out:/i);
    }
  });

  it("are counted in the text beside the masters", async () => {
    const text = await textOf(renderReport(sourceOf(given), "text", OPTIONS));
    expect(text).toMatch(/^Masters\s+57 · 2 files left out$/m);
  });

  it("CSV: rows after those of the findings, which name no rule", async () => {
    const text = await textOf(renderReport(sourceOf(given), "csv", OPTIONS));
    const rows: readonly Record<string, string>[] = parse(text, { columns: true, record_delimiter: "\r\n" });
    expect(rows.map(({ rule, address, summary }) => [rule, address, summary]).slice(1)).toEqual([
      ["", "source/notes.txt", "left out: not an image name"],
      ["", "source/=cmd|<b>.docx", "left out: not an image name"],
    ]);
  });

  it("JSON: members of their own, where there are any; both are as the schema says", async () => {
    const ajv = new Ajv2020({ validateFormats: false });
    for (const [summary, expected] of [
      [{ leftOut: LEFT_OUT }, LEFT_OUT],
      [{ leftOut: [] }, undefined],
      [{}, undefined],
    ] as const) {
      const text = await textOf(renderReport(sourceOf({ ...given, summary }), "json", OPTIONS));
      const document = JSON.parse(text) as { readonly leftOut?: unknown };
      expect(document.leftOut).toEqual(expected);
      expect(ajv.validate(reportSchema(), document), ajv.errorsText()).toBe(true);
      ajv.removeSchema();
    }
  });

  it("HTML: a name is never mark-up", async () => {
    const text = await textOf(renderReport(sourceOf(given), "html", OPTIONS));
    expect(text).not.toContain("<b>.docx");
  });
});
