import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConfigError, formatProblem } from "../../src/config/problems.js";
import { loadSchedule } from "../../src/config/schedule-file.js";
import { CRON_WORDS, cronProblem } from "../../src/schedule/cron.js";
import { scheduleDirectory } from "../../src/schedule/directory.js";
import { isTimeZone } from "../../src/schedule/time-zone.js";

const CHECKS = { cronProblem, cronWords: CRON_WORDS, isTimeZone, defaultConfig: "/etc/photodrift.yaml" };
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "photodrift-schedules-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function load(text: string, env: NodeJS.ProcessEnv = {}) {
  const path = join(folder, "nightly.yaml");
  writeFileSync(path, text);
  return loadSchedule(path, env, CHECKS);
}

function problems(text: string): string[] {
  try {
    load(text);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => formatProblem(problem).replace(/^.*?:(?=\d+:)/, ""));
  }
  return [];
}

describe("loadSchedule", () => {
  it("needs no more than a cron expression", () => {
    expect(load('cron: "30 2 * * *"\n')).toEqual({
      name: "nightly",
      file: join(folder, "nightly.yaml"),
      config: "/etc/photodrift.yaml",
      cron: "30 2 * * *",
      timezone: "UTC",
      mode: "audit",
      stores: [],
      rules: [],
      users: [],
      groups: [],
      full: false,
      suspend: false,
      jitterMs: 0,
      formats: ["html", "json"],
      notify: null,
      onlyOn: [],
    });
  });

  it("reads every field", () => {
    const schedule = load(
      `name: fill-in
config: \${TENANT}/photodrift.yaml
cron: "@hourly"
timezone: Europe/Berlin
mode: apply
stores: [sharepoint]
rules: [missing-thumbnail]
users: [a@contoso.com]
groups: [6f3c0d5e-1111-2222-3333-444455556666]
full: true
suspend: true
jitter: 90s
formats: [csv]
notify: [{kind: webhook, url: "http://127.0.0.1:1/"}]
onlyOn: [HOST1]
`,
      { TENANT: "../contoso" },
    );
    expect(schedule).toMatchObject({
      name: "fill-in",
      config: resolve(dirname(folder), "contoso/photodrift.yaml"),
      mode: "apply",
      stores: ["sharepoint"],
      rules: ["missing-thumbnail"],
      full: true,
      suspend: true,
      jitterMs: 90_000,
      formats: ["csv"],
      notify: [{ kind: "webhook", on: "new-drift" }],
      onlyOn: ["host1"],
    });
  });

  it("reports every mistake with its place and a near miss", () => {
    expect(
      problems(`nme: x
cron: "@dayly"
timezone: Europe/Berln
mode: aply
stores: [sharpoint]
rules: [missing-thumbnails]
jitter: soon
name: "../x"
notify: [{kind: mail}]
`),
    ).toEqual([
      expect.stringMatching(/^1:1: nme: unknown key, .*\(did you mean "name"\?\)$/),
      expect.stringMatching(
        /^2:7: cron: "@dayly" is no cron expression: unknown word, expected .*\(did you mean "@daily"\?\)$/,
      ),
      expect.stringMatching(/^3:11: timezone: .*\(did you mean "Europe\/Berlin"\?\)$/),
      '4:7: mode: got "aply", expected one of audit, apply (did you mean "apply"?)',
      expect.stringMatching(/^5:10: stores\[0\]: .*\(did you mean "sharepoint"\?\)$/),
      expect.stringMatching(/^6:9: rules\[0\]: .*\(did you mean "missing-thumbnail"\?\)$/),
      expect.stringMatching(/^7:9: jitter: got "soon"/),
      expect.stringMatching(/^8:7: name: got "\.\.\/x"/),
      expect.stringMatching(/^9:10: notify\[0\]\.from: is missing/),
      expect.stringMatching(/^9:10: notify\[0\]\.to: is missing/),
    ]);
    expect(problems("mode: audit\n")).toEqual([expect.stringMatching(/^1:1: cron: is missing, expected five fields/)]);
    expect(problems("cron: 0 0 30 2 *\n")).toEqual([expect.stringContaining("it never comes true")]);
    for (const bare of ["* * * * *", "*/5 * * * *", "@daily"]) {
      expect(problems(`cron: ${bare}\n`)).toEqual([
        expect.stringMatching(/^1:\d+: not valid YAML: .* expected quotes/),
      ]);
    }
  });

  it("finds nothing wrong with the examples", () => {
    const examples = readdirSync("schedules").filter((name) => name.endsWith(".yaml"));
    const loaded = examples.map((name) => loadSchedule(join("schedules", name), {}, CHECKS));
    expect(loaded.map(({ name, mode, suspend }) => [name, mode, suspend])).toEqual([
      ["hourly-missing-thumbnails", "apply", true],
      ["nightly-audit", "audit", false],
      ["weekly-full-audit", "audit", false],
    ]);
  });
});

describe("scheduleDirectory", () => {
  it("notices new, changed, broken and removed files, and keeps the last good version of a broken one", () => {
    const directory = mkdtempSync(join(folder, "d-"));
    let parsed = 0;
    const source = scheduleDirectory(directory, (path) => {
      parsed++;
      return loadSchedule(path, {}, CHECKS);
    });
    const write = (name: string, text: string, age: number) => {
      writeFileSync(join(directory, name), text);
      utimesSync(join(directory, name), age, age);
    };
    expect(source.read()).toEqual({ schedules: [], problems: [] });
    expect(source.read()).toBeNull();

    write("a.yaml", "cron: '@daily'", 1);
    write("b.yml", "cron: '@daily'\nname: a", 1);
    write(".hidden.yaml", "x", 1);
    write("notes.txt", "x", 1);
    const first = source.read();
    expect(first?.schedules.map(({ name, cron }) => [name, cron])).toEqual([["a", "@daily"]]);
    expect(first?.problems).toEqual([
      { file: join(directory, "b.yml"), message: expect.stringContaining('"a" is the name in') as string },
    ]);
    expect(source.read()).toBeNull();
    expect(parsed).toBe(2);

    write("a.yaml", "cron: '@hourly'", 2);
    write("b.yml", "cron: nonsense", 2);
    const second = source.read();
    expect(second?.schedules[0]?.cron).toBe("@hourly");
    expect(second?.problems[0]?.message).toContain("b.yml:1:7: cron:");

    rmSync(join(directory, "b.yml"));
    write("a.yaml", "cron: '@hourly", 3);
    const third = source.read();
    expect(third?.schedules.map(({ cron }) => cron)).toEqual(["@hourly"]);
    expect(third?.problems).toHaveLength(1);

    rmSync(directory, { recursive: true });
    expect(source.read()?.problems).toHaveLength(2);
    expect(source.read()).toBeNull();
  });
});
