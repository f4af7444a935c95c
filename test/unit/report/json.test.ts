import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { renderReport, reportSchema } from "../../../src/report/index.js";
import { finding, sourceOf, textOf, user, type Given } from "../../support/report-source.js";

const OPTIONS = { color: false, width: 100, pictures: false };

async function report(given: Given): Promise<string> {
  return textOf(renderReport(sourceOf(given), "json", OPTIONS));
}

function problems(document: unknown): unknown {
  const ajv = new Ajv2020({ allErrors: true });
  ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
  const validate = ajv.compile(reportSchema());
  validate(document);
  return validate.errors ?? [];
}

const anna = user("anna.berg@contoso.com", "Anna Berg");
const FULL: Given = {
  findings: [
    finding({ user: anna, attribution: "merged", cause: "master-changed" }),
    finding({
      user: null,
      rule: "unreadable-master",
      address: "source/broken.jpg",
      drift: false,
      remedy: { kind: "manual", actions: [], cure: "Export it again." },
    }),
  ],
  outcomes: [
    { actionId: "a1", address: "exchange/anna.berg@contoso.com", action: "upload-photo", kind: "applied" },
    {
      actionId: "a2",
      address: "sharepoint/anna.berg@contoso.com/MThumb",
      action: "write-thumbnail",
      kind: "failed",
      error: { code: "sharepoint-423", message: "locked", hint: "run it again" },
    },
  ],
};

describe("JSON report", () => {
  it("agrees with its own schema, with everything in it and with nothing in it", async () => {
    expect(problems(JSON.parse(await report(FULL)))).toEqual([]);
    expect(problems(JSON.parse(await report({ findings: [], outcomes: [] })))).toEqual([]);
  });

  it("is refused by the schema when a member is missing, unknown or of another kind", async () => {
    const document = JSON.parse(await report(FULL)) as {
      run: Record<string, unknown>;
      findings: Record<string, unknown>[];
    };
    expect(problems({ ...document, findings: [{ ...document.findings[0], rule: "no-such-rule" }] })).not.toEqual([]);
    expect(problems({ ...document, surprise: 1 })).not.toEqual([]);
    expect(problems({ ...document, run: { ...document.run, exitCode: "2" } })).not.toEqual([]);
  });

  it("has the members of the format in their order and ends with a newline", async () => {
    const text = await report(FULL);
    const document = JSON.parse(text) as Record<string, Record<string, unknown>>;
    expect(Object.keys(document)).toEqual(["formatVersion", "run", "summary", "cost", "findings", "outcomes"]);
    expect(Object.keys(document["run"] ?? {}).join(" ")).toBe(
      "id mode trigger tenant startedAt finishedAt verdict exitCode complete",
    );
    expect(Object.keys(document["findings"]?.[0] as object).join(" ")).toBe(
      "id rule severity drift user address attribution cause expected actual summary firstSeen remedy",
    );
    expect(document["findings"]?.[1]).toMatchObject({ user: null });
    expect(document["outcomes"]).toEqual([
      { address: "exchange/anna.berg@contoso.com", action: "upload-photo", kind: "applied" },
      {
        address: "sharepoint/anna.berg@contoso.com/MThumb",
        action: "write-thumbnail",
        kind: "failed",
        error: { code: "sharepoint-423", message: "locked", hint: "run it again" },
      },
    ]);
    expect(text.endsWith("}\n")).toBe(true);
  });

  it("gives the same bytes whatever order the counts came in", async () => {
    const one = await report({ summary: { byRule: { "stale-photo": 1, "missing-photo": 2 } } });
    const other = await report({ summary: { byRule: { "missing-photo": 2, "stale-photo": 1 } } });
    expect(other).toBe(one);
  });

  it("keeps hostile names exactly, lone surrogates and control characters as escapes", async () => {
    const displayName = '\ud800 \u0000 \u202e \u2028 </script> "';
    const text = await report({ findings: [finding({ user: user("x@contoso.com", displayName) })] });
    const document = JSON.parse(text) as { findings: { user: { displayName: string } }[] };
    expect(document.findings[0]?.user.displayName).toBe(displayName);
    expect(Buffer.from(text, "utf8").toString("utf8")).toBe(text);
  });
});
