import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/*
 * What a newcomer does: adds a rule, a format, a channel and a fact of a store, each in the files that CONTRIBUTING.md names, to a copy of
 * the tree. Then the tables are made, the types are checked and the built program is asked.
 */
const ROOT = join(import.meta.dirname, "..");

interface Change {
  readonly file: string;
  /** A new file, or a line put behind `after`. */
  readonly text: string;
  readonly after?: string;
}

const WAYS: Readonly<Record<string, readonly Change[]>> = {
  rule: [
    { file: "src/model/rule.ts", after: "export const RULE_WORDS = {", text: '\n  "probe-rule": "a probe",' },
    {
      file: "src/compare/rules/probe-rule.ts",
      text: `import { profileAddress } from "../../model/address.js";
import { findingOf, type Rule } from "./rule.js";

export const probeRule: Rule = {
  id: "probe-rule",
  severity: "info",
  drift: false,
  title: "A probe",
  actions: [],
  check(user) {
    const { profile } = user.sharePoint;
    const actual = { office: profile.kind === "present" ? (profile.office ?? null) : null };
    const remedy = { kind: "none", actions: [] } as const;
    const parts = { address: profileAddress(user.user.upn), cause: "unknown", expected: {}, actual, summary: "A probe.", remedy } as const;
    return [findingOf(probeRule, user, parts)];
  },
};
`,
    },
  ],
  format: [
    { file: "src/model/formats.ts", after: "export const REPORT_FORMATS = [", text: '"probe", ' },
    {
      file: "src/report/formats/probe.ts",
      text: `import type { Format } from "../format.js";

export const format: Format = { run: ({ run }) => [run.id], table: ({ title }) => [\`probe of \${title}\`] };
`,
    },
  ],
  channel: [
    {
      file: "src/model/notify.ts",
      after: "export const CHANNELS = {",
      text: '\n  probe: { needs: ["url"], may: [] },',
    },
    {
      file: "src/notify/channels/probe.ts",
      text: `import { hostOf, type Channel } from "../channel.js";

export const channel: Channel<"probe"> = {
  target: hostOf,
  send: async (_entry, { run }) => ({ ok: true, attempts: 1, detail: \`probe \${run.id}\` }),
};
`,
    },
  ],
  "store fact": [
    {
      file: "src/model/photo.ts",
      after: "      readonly personalSiteHost?: string | null;",
      text: "\n      readonly office?: string | null;",
    },
    {
      file: "src/stores/answers/profiles.ts",
      after: "  readonly personalSiteHost: string | null;",
      text: "\n  readonly office: string | null;",
    },
    {
      file: "src/stores/answers/profiles.ts",
      after: "return read({ accountName,",
      text: ' office: values.get("Office") ?? null,',
    },
  ],
};

/** Asks the built program for each of the four. */
const PROBE = `
import { ALL_RULES } from "./dist/compare/rules/index.js";
import { RULE_IDS } from "./dist/model/rule.js";
import { REPORT_FORMATS } from "./dist/model/formats.js";
import { isOwnReport, reportFileName } from "./dist/cli/sessions/report-files.js";
import { renderTable } from "./dist/report/index.js";
import { notify } from "./dist/notify/index.js";
import { configSchema } from "./dist/config/schema.js";
import { reportSchema } from "./dist/report/schema.js";
import { fullProfile } from "./dist/stores/answers/profiles.js";
const url = { reveal: () => "https://probe.example/x" };
const message = { run: { id: "r1", verdict: "drift" }, tenantName: "", people: { top: [], total: 0 }, topFindings: [], error: null };
const config = configSchema.safeParse({
  tenant: { id: "contoso.onmicrosoft.com", name: "contoso" },
  credential: { kind: "managed-identity" },
  notify: [{ kind: "probe", url: "https://probe.example/x" }],
  policy: { severity: { "probe-rule": "error" } },
});
const rows = ["PictureURL", "SPS-PicturePlaceholderState", "SPS-PictureExchangeSyncState", "Office"].map((Key) => ({ Key, Value: Key }));
const profile = fullProfile("a").read({ AccountName: "a", UserProfileProperties: rows });
console.log(JSON.stringify({
  rule: RULE_IDS.includes("probe-rule") && ALL_RULES.some(({ id }) => id === "probe-rule"),
  schema: JSON.stringify(reportSchema()).includes("probe-rule"),
  config: config.success,
  format: REPORT_FORMATS.includes("probe") && [...renderTable({ title: "Runs", columns: [], rows: [] }, "probe")],
  file: [reportFileName("probe", "r1")].filter(isOwnReport),
  channel: (await notify([{ kind: "probe", on: "always", url }], message, {}))[0],
  fact: profile.kind === "read" && profile.value.office,
}));
`;

let copy = "";

function node(...args: readonly string[]): string {
  return execFileSync(process.execPath, args, { cwd: copy, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "photodrift-registration-"));
  for (const name of [
    "src",
    "package.json",
    "tsconfig.json",
    "test/unit/tables.test.ts",
    "test/support/kept-drawings.ts",
    "vitest.config.ts",
  ])
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  // The page's own program, which esbuild makes of files that none of the four touches.
  const page = "dist/report/html/browser";
  cpSync(join(ROOT, page), join(copy, page), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"), "junction");
  for (const { file, text, after } of Object.values(WAYS).flat()) {
    const path = join(copy, file);
    if (after === undefined) writeFileSync(path, text, { flag: "wx" });
    else {
      const before = readFileSync(path, "utf8");
      expect(before.split(after), file).toHaveLength(2);
      writeFileSync(
        path,
        before.replace(after, () => after + text),
      );
    }
  }
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe("a newcomer's four ways", () => {
  it.each([
    ["rule", 2],
    ["format", 2],
    ["channel", 2],
    ["store fact", 2],
  ])("a %s takes at most %i files", (way, most) => {
    expect(new Set((WAYS[way] ?? []).map(({ file }) => file)).size).toBeLessThanOrEqual(most);
  });

  it("the tables are made, the types hold, and the program knows all four", () => {
    node("node_modules/vitest/vitest.mjs", "run", "test/unit/tables.test.ts", "-u");
    node("node_modules/typescript/bin/tsc", "-p", "tsconfig.json");
    writeFileSync(join(copy, "probe.mjs"), PROBE);
    expect(JSON.parse(node("probe.mjs"))).toEqual({
      rule: true,
      schema: true,
      config: true,
      format: ["probe of Runs"],
      file: ["photodrift-r1.probe"],
      channel: { kind: "probe", target: "probe.example", outcome: "sent", attempts: 1, detail: "probe r1" },
      fact: "Office",
    });
  });

  it("help names them", () => {
    const help = node("dist/main.js", "audit", "--help");
    expect(help).toMatch(/--format +probe, text, /);
  });
});
