import { describe, expect, it } from "vitest";
import { columns } from "../../../src/report/columns.js";
import { renderReport } from "../../../src/report/index.js";
import { finding, sourceOf, textOf, user, type Given } from "../../support/report-source.js";

function text(
  given: Given,
  options: { color?: boolean; width?: number; limit?: number; files?: string[] } = {},
): Promise<string> {
  return textOf(renderReport(sourceOf(given), "text", { color: false, width: 100, pictures: false, ...options }));
}

const anna = user("anna.berg@contoso.com", "Anna Berg");
const bert = user("bert@contoso.com", "Bert");
const wrong = finding({
  user: bert,
  rule: "wrong-person",
  severity: "critical",
  attribution: "merged",
  cause: "changed-in-tenant",
  summary: "shows the master of Anna Berg",
  remedy: { kind: "when-named", actions: ["upload-photo"] },
});
const stale = ["L", "M", "S"].map((size) =>
  finding({
    user: anna,
    address: `sharepoint/anna.berg@contoso.com/${size}Thumb`,
    remedy: { kind: "automatic", actions: ["write-thumbnail"] },
  }),
);

describe("text report", () => {
  it("does not say that nobody differs where drift was found: thumbnails of nobody are named", async () => {
    const orphan = finding({
      user: null,
      address: "sharepoint/old_user_contoso_com/SThumb",
      rule: "orphan-thumbnail",
      severity: "warning",
    });
    const out = await text({ findings: [orphan], summary: { usersWithDrift: 0 } });
    expect(out.replace(/\s+/gu, " ")).toContain(
      "DRIFT FOUND none of 58 users in scope differs from what is wanted; what drifts belongs to no user: orphan-thumbnail",
    );
  });

  it("tells the verdict, the counts, each rule with severity and remedy, and each user, the worst first", async () => {
    const out = await text({ findings: [...stale, wrong] }, { files: ["reports/r.html"] });
    expect(out).toContain("DRIFT FOUND  14 of 58 users in scope differ");
    expect(out).toContain("60 in the tenant · 58 in scope · 44 in sync · 14 with drift");
    expect(out).toMatch(/✖ wrong-person +critical +1 +apply --rule: upload-photo/);
    expect(out).toMatch(/● stale-photo +error +3 +apply: write-thumbnail/);
    expect(out.indexOf("bert@contoso.com")).toBeLessThan(out.indexOf("anna.berg@contoso.com"));
    expect(out).toContain("stale-photo  SharePoint L, M, S");
    expect(out).toContain("wrong-person  Exchange + Entra");
    expect(out).toContain("changed in the tenant since the last apply · apply --rule wrong-person: upload-photo");
    expect(out).toContain("312 requests (login 2, graph 290, sharepoint 20)");
    expect(out).toContain("reports/r.html");
  });

  it("tells expected and actual", async () => {
    const out = await text({ findings: [wrong] });
    expect(out).toContain("expected 648×648 px, file anna.berg.jpg");
    expect(out).toContain("actual   240×240 px");
  });

  it("counts notes instead of listing them", async () => {
    const notes = Array.from({ length: 1234 }, (_, i) =>
      finding({
        user: user(`u${i}@contoso.com`, `U ${i}`),
        rule: "user-without-master",
        severity: "info",
        drift: false,
      }),
    );
    const out = await text({ findings: notes });
    expect(out).toContain("1 234 user-without-master");
    expect(out).not.toContain("u7@contoso.com");
  });

  it("keeps the severities of one rule apart", async () => {
    const out = await text({
      findings: [
        finding({ user: anna, rule: "license-without-mailbox", severity: "warning" }),
        finding({ user: bert, rule: "license-without-mailbox", severity: "info", drift: false }),
      ],
    });
    expect(out).toMatch(/▲ license-without-mailbox +warning +1 /);
    expect(out).toMatch(/Notes +1 license-without-mailbox/);
  });

  it("cuts long lists and says how many are left out, keeping the most severe", async () => {
    const many = Array.from({ length: 40 }, (_, i) => finding({ user: user(`u${i}@contoso.com`, `U ${i}`) }));
    const out = await text({ findings: [...many, wrong] }, { limit: 10 });
    expect(out).toContain("bert@contoso.com");
    expect(out).toContain("… and 31 more users, see the HTML report");
  });

  it("keeps to the width and to harmless characters, whatever the names", async () => {
    const evil = user(
      `${"x".repeat(300)}@contoso.com`,
      `\u001b[31m${"W".repeat(500)}\u202e\u0007 山${"田".repeat(90)}`,
    );
    const findings = [
      finding({ user: evil, summary: `long ${"word".repeat(99)} \u001b]0;title\u0007` }),
      finding({ user: null, address: `source/${"y".repeat(300)}\n.jpg`, drift: false }),
    ];
    for (const width of [80, 120, 160]) {
      const out = await text({ findings, run: { tenant: "t".repeat(300) } }, { width });
      // eslint-disable-next-line no-control-regex
      expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      for (const line of out.split("\n").slice(1)) expect(columns(line)).toBeLessThanOrEqual(width);
    }
  });

  it("uses colours only when asked to", async () => {
    expect(await text({ findings: [wrong] })).not.toContain("\u001b[");
    expect(await text({ findings: [wrong] }, { color: true })).toContain("\u001b[");
  });

  it("tells outcomes, with the cure of those that failed", async () => {
    const out = await text({
      run: { mode: "apply", verdict: "incomplete" },
      outcomes: [
        { actionId: "1", address: "exchange/a", action: "upload-photo", kind: "applied" },
        {
          actionId: "2",
          address: "sharepoint/b/MThumb",
          action: "write-thumbnail",
          kind: "failed",
          error: { code: "E423", message: "locked", hint: "run it again" },
        },
      ],
    });
    expect(out).toContain("1 applied · 1 failed");
    expect(out).toContain("locked (E423) run it again");
  });

  it("is short when all is well", async () => {
    const out = await text({ run: { verdict: "in-sync" }, summary: { usersInSync: 58, usersWithDrift: 0 } });
    expect(out).toContain("IN SYNC  the photos of all 58 users in scope are as wanted");
    expect(out).not.toContain("RULE");
    expect(out).not.toContain("Users with drift");
  });
});
