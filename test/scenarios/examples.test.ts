import { extensionOf, REPORT_FORMATS } from "../../src/model/formats.js";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkMaster, checkUser } from "../../src/compare/rules/index.js";
import type { ComparedUser } from "../../src/model/compared.js";
import type { Finding, FindingDraft } from "../../src/model/finding.js";
import { parseUserId, stableId } from "../../src/model/ids.js";
import type { TrendPoint } from "../../src/model/run.js";
import { MANAGER_FORMATS, renderManagerReport, renderReport } from "../../src/report/index.js";
import { comparedUser, directoryUser, master, photo, sharePoint, thumbnails } from "../support/compared-user.js";
import { RUN, sourceOf, textOf } from "../support/report-source.js";

/**
 * A small tenant as the examples under reports/examples show it. The files there are what the program prints for it today; after a wanted
 * change of a format, `npx vitest run test/scenarios/examples.test.ts -u` writes them anew.
 */
const EXAMPLES = join(import.meta.dirname, "..", "..", "reports", "examples");

function person(number: number, upn: string, displayName: string, parts: Partial<ComparedUser> = {}): ComparedUser {
  const id = parseUserId(`6f3c0000-0000-4000-8000-00000000000${number}`);
  return comparedUser({ ...parts, user: directoryUser({ id, upn, displayName, mail: upn, ...parts.user }) });
}

const ben = {
  kind: "other-user",
  userId: parseUserId("ben"),
  upn: "ben@contoso.com",
  displayName: "Ben Ott",
  file: "Ben Ott.jpg",
  retired: false,
} as const;

function users(): readonly ComparedUser[] {
  const anna = "anna.b@contoso.com";
  const carl = "carl.d@contoso.com";
  const dora = "dora.e@contoso.com";
  const elif = "elif.f@contoso.com";
  return [
    person(1, anna, "Anna Berg", {
      cloud: [photo("exchange", "stale", { upn: anna })],
      sharePoint: sharePoint({ photos: thumbnails("stale", { upn: anna }) }),
    }),
    person(2, carl, "Carl Dürr", { cloud: [photo("exchange", "stale", { upn: carl, identity: ben })] }),
    person(3, dora, "Dora Eñe", { cloud: [photo("exchange", "right", { upn: dora, side: 96 })] }),
    person(4, elif, "Elif Fırat", {
      sharePoint: sharePoint({
        photos: { ...thumbnails("right", { upn: elif }), M: photo("M", "absent", { upn: elif }) },
      }),
    }),
  ];
}

function recorded(draft: FindingDraft): Finding {
  return { id: stableId(`${draft.rule} ${draft.address}`), ...draft, firstSeen: RUN.startedAt };
}

function findings(): readonly Finding[] {
  const small = master({ width: 180, height: 240 });
  const outcome = {
    kind: "matched",
    userId: parseUserId("x"),
    upn: "gustav@contoso.com",
    pattern: "{first} {last}",
  } as const;
  const match = { file: small.file, outcome, tried: [] };
  const files = checkMaster({ photo: small, match, samePictureAs: [], minimumPixels: 240 }, {});
  return [...users().flatMap((user) => checkUser(user)), ...files].map(recorded);
}

/** Weekly audits of the last quarter, in which things got better. */
function trend(): readonly TrendPoint[] {
  const week = 7 * 24 * 3_600_000;
  return [14, 15, 13, 12, 12, 9, 10, 8, 7, 7, 6, 5].map((usersWithDrift, i) => ({
    runId: `week-${i + 1}`,
    finishedAt: new Date(Date.parse(RUN.finishedAt) - (12 - i) * week).toISOString(),
    usersInScope: 24,
    usersWithDrift,
    findings: usersWithDrift * 2,
    byRule: { "stale-photo": usersWithDrift, "wrong-person": Math.ceil(usersWithDrift / 3), "missing-photo": 2 },
  }));
}

function example() {
  const found = findings();
  const byRule: Record<string, number> = {};
  for (const { rule } of found) byRule[rule] = (byRule[rule] ?? 0) + 1;
  return sourceOf({
    findings: found,
    tenantName: "contoso",
    places: { config: "/srv/photodrift/photodrift.yaml", plan: "/srv/photodrift/plan.json", report: null },
    trend: trend(),
    summary: {
      users: 25,
      usersInScope: 24,
      usersInSync: 20,
      usersWithDrift: 4,
      masters: 24,
      byRule,
      new: 2,
      persisting: found.length - 2,
    },
  });
}

describe("the examples of the report formats are what the program writes", () => {
  it.each(REPORT_FORMATS)("%s", async (format) => {
    const options = { color: false, width: 100, pictures: false };
    const text = await textOf(renderReport(example(), format, options));
    await expect(text).toMatchFileSnapshot(join(EXAMPLES, `drift.${extensionOf(format)}`));
  });

  it.each(MANAGER_FORMATS)("manager, %s", async (format) => {
    const text = [...renderManagerReport(example(), format, 100)].join("");
    await expect(text).toMatchFileSnapshot(join(EXAMPLES, `manager.${format === "text" ? "txt" : format}`));
  });
});
