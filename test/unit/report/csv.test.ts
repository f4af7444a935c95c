import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defuse } from "../../../src/report/formats/csv.js";
import { renderReport } from "../../../src/report/index.js";
import { finding, sourceOf, textOf, user } from "../../support/report-source.js";

const OPTIONS = { color: false, width: 100, pictures: false };
const HEADER =
  "rule,severity,drift,upn,displayName,userId,address,attribution,cause,remedy,actions,summary,expected,actual,firstSeen,id";

function csvOf(...names: readonly string[]): Promise<string> {
  const findings = names.map((name) => finding({ user: user("x@contoso.com", name) }));
  return textOf(renderReport(sourceOf({ findings }), "csv", OPTIONS));
}

describe("CSV report", () => {
  it("has a header and one row a finding, ended by CRLF", async () => {
    const text = await csvOf("Anna", "Bert");
    expect(text.startsWith(`${HEADER}\r\n`)).toBe(true);
    expect(text.split("\r\n")).toHaveLength(4);
    expect(await csvOf()).toBe(`${HEADER}\r\n`);
  });

  it("is read back cell by cell by an RFC 4180 reader, whatever the name", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: "binary" }), { maxLength: 4 }), async (names) => {
        const rows = parse(await csvOf(...names), { columns: true, record_delimiter: "\r\n" }) as unknown as readonly {
          readonly displayName: string;
        }[];
        expect(rows.map((row) => row.displayName)).toEqual(names.map(defuse));
      }),
      { numRuns: 200 },
    );
  });

  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "\u200b=1", "\u0007x", "−1"])(
    "defuses %j",
    (cell) => {
      expect(defuse(cell)).toBe(`'${cell}`);
    },
  );

  it.each(["Anna", "", "a=b", "O'Brien-Smith", "山田", "1", "  Anna"])("leaves %j alone", (cell) => {
    expect(defuse(cell)).toBe(cell);
  });

  it("leaves the user's cells empty where a finding has none", async () => {
    const findings = [finding({ user: null, address: "source/a,b.jpg", rule: "master-without-user" })];
    const [, row] = (await textOf(renderReport(sourceOf({ findings }), "csv", OPTIONS))).split("\r\n");
    expect(row?.startsWith('master-without-user,error,true,,,,"source/a,b.jpg",,unknown,automatic,upload-photo,')).toBe(
      true,
    );
  });
});
