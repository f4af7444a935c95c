import { describe, expect, it } from "vitest";
import { PhotodriftError } from "../../../src/model/errors.js";
import { decisionText, MOST_DECISION_BYTES, parseDecisionFile } from "../../../src/plan/decision-file.js";

const row = {
  findingId: "f1",
  address: "exchange/anna@contoso.com",
  user: "6f3c0000-0000-4000-8000-000000000001",
  rule: "wrong-person",
  decision: "fix",
  seen: "a".repeat(64),
  master: "b".repeat(64),
  by: "Hanna HR",
  at: "2026-11-25T09:00:00.000Z",
};
const whole = { formatVersion: "1.0", tenant: "t", basedOn: { runId: "r" }, decisions: [row] };
const text = JSON.stringify(whole);

function read(content: string | Buffer) {
  return parseDecisionFile("d.json", typeof content === "string" ? content : decisionText("d.json", content));
}

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof PhotodriftError && error.code === "decisions-unreadable") return error.message;
    throw error;
  }
  return "taken";
}

describe("a file of decisions", () => {
  it.each<[string, Buffer]>([
    ["as the page saves it", Buffer.from(text)],
    ["with a byte order mark", Buffer.from(`\ufeff${text}`)],
    ["as PowerShell saves it", Buffer.from(`\ufeff${text}`, "utf16le")],
    ["with the line ends of Windows", Buffer.from(JSON.stringify(whole, null, 2).replaceAll("\n", "\r\n"))],
  ])("is read %s", (_, bytes) => {
    expect(read(bytes).rows).toEqual([{ line: 1, row, fault: "" }]);
  });

  it("is not refused for its size as long as it has room", () => {
    expect(refusal(() => decisionText("d.json", Buffer.alloc(MOST_DECISION_BYTES, 0x20)))).toBe("taken");
  });

  it.each<[string, string | Buffer, RegExp]>([
    ["half a byte order mark", Buffer.from([0xff, 0x20]), /no UTF-8 text/],
    ["the other half of one", Buffer.from([0x20, 0xfe]), /no UTF-8 text/],
    ["empty", "", /JSON/],
    ["cut off", text.slice(0, -10), /JSON/],
    ["HTML", "<!doctype html>", /JSON/],
    ["a list", `[${text}]`, /object/],
    ["null", "null", /object/],
    ["no UTF-8", Buffer.from([0x7b, 0xff, 0xc3]), /no UTF-8 text/],
    ["too large", Buffer.alloc(MOST_DECISION_BYTES + 1), /larger than 64 MB/],
    ["a key twice in a row", text.replace('"decision":', '"decision":"leave","decision":'), /"decision" twice/],
    ["a key twice, written otherwise", text.replace('"by":', '"\\u0062y":"x","by":'), /"by" twice/],
    ["a key twice in the head", text.replace('"tenant":', '"tenant":"x","tenant":'), /"tenant" twice/],
    ["another version", text.replace('"1.0"', '"2.0"'), /formatVersion/],
    ["a prototype", text.replace('"tenant"', '"__proto__":{"tenant":"x"},"tenant"'), /__proto__|key/],
    ["decisions as an object", text.replace(/\[.*\]/, "{}"), /decisions/],
    ["a run that is no text", text.replace('"runId":"r"', '"runId":["r"]'), /runId/],
  ])("is refused as a whole: %s", (_, content, why) => {
    expect(refusal(() => read(content))).toMatch(why);
  });

  it.each<[string, unknown]>([
    ["null", null],
    ["a list", [row]],
    ["a number", 7],
    ["nothing in it", {}],
    ["a member more", { ...row, extra: 1 }],
    ["a prototype", JSON.parse(JSON.stringify(row).replace("{", '{"__proto__":{"decision":"keep"},'))],
    ["a constructor", { ...row, constructor: { prototype: {} } }],
    ["no such decision", { ...row, decision: "toString" }],
    ["no such rule", { ...row, rule: "__proto__" }],
    ["a decision in a list", { ...row, decision: ["fix"] }],
    ["an id that is a number", { ...row, findingId: 1 }],
    ["a time that is none", { ...row, at: "yesterday" }],
    ["a time of another zone", { ...row, at: "2026-11-25T09:00:00+01:00" }],
    ["nobody who decides", { ...row, by: "  " }],
    ["a text without end", { ...row, by: "x".repeat(1001) }],
  ])("costs no other row where one is %s", (_, bad) => {
    const { rows } = read(JSON.stringify({ ...whole, decisions: [bad, row] }));
    expect(rows.map((one) => [one.line, one.row === null])).toEqual([
      [1, true],
      [2, false],
    ]);
    expect(rows[0]?.fault).not.toBe("");
  });

  it("reads 10,000 rows at once", () => {
    const decisions = Array.from({ length: 10_000 }, (_, i) => ({ ...row, findingId: `f${i}` }));
    const begun = performance.now();
    expect(read(JSON.stringify({ ...whole, decisions })).rows).toHaveLength(10_000);
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});
