import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { photodrift, photodriftHere } from "../support/cli.js";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-usage-"));
});
afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});

/** One message, one cure, no stack trace, nothing on standard output. */
function isOneMessage(stderr: string): void {
  expect(stderr).toMatch(/^error: .+\n(?: {2}.+\n)* {2}cure: .+\n$/);
  expect(stderr).not.toMatch(/\n\s+at /);
}

const WRONG = [
  ["no command", [], "Say which command."],
  ["a misspelt command", ["auditt"], 'Did you mean "audit"?'],
  ["an unknown flag", ["audit", "--bogus"], "bogus"],
  ["a flag without its value", ["audit", "--user"], "user"],
  ["an unknown rule", ["audit", "--rule", "stale-foto"], 'Did you mean "stale-photo"?'],
  ["an unknown store", ["apply", "--store", "sharpoint"], 'Did you mean "sharepoint"?'],
  ["an unknown severity", ["audit", "--fail-on", "fatal"], "info, warning, error, critical"],
  ["an unknown format, before any work", ["audit", "--format", "xml"], "text, json, csv, md, html"],
  ["two formats for one output", ["report", "--format", "json", "--format", "csv"], "--output FILE"],
  ["a limit that is no number", ["apply", "--max-changes", "few"], "--max-changes"],
  ["undo without a run", ["undo"], "undo <run>"],
  ["accept without a user", ["accept"], "accept <users..>"],
  ["a wrong number of runs", ["runs", "--limit", "x"], "--limit"],
  ["an unknown sandbox command", ["sandbox", "begin"], "start, seed, set, stop"],
  ["a seed that is no number", ["sandbox", "start", "--seed", "abc"], "--seed"],
  ["nothing to set", ["sandbox", "set"], "key=value"],
  ["no configuration", ["audit"], "photodrift init"],
  ["init without answers", ["init"], "--tenant-id"],
] as const;

describe.concurrent("wrong usage ends with exit code 64, one message and its cure", () => {
  it.each(WRONG)("%s", async (_, argv, words) => {
    const { code, stdout, stderr } = await photodrift(argv, dir);
    expect(stderr).toContain(words);
    isOneMessage(stderr);
    expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
  });
});

describe("whatever the language of the machine", () => {
  const LINES = [...WRONG.map(([, argv]) => argv), ["--help"], ["audit", "--help"], ["sandbox", "--help"]];

  async function toldIn(locale: string): Promise<readonly unknown[]> {
    for (const name of ["LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"]) vi.stubEnv(name, locale);
    const told = [];
    for (const argv of LINES) told.push(await photodriftHere(argv));
    vi.unstubAllEnvs();
    return told;
  }

  it.each(["de_DE.UTF-8", "fr_FR.UTF-8", "ja_JP.UTF-8", "tr_TR.UTF-8"])(
    "%s: the same words and cures",
    async (locale) => {
      expect(await toldIn(locale)).toEqual(await toldIn("C"));
    },
  );
});

it("every problem of a configuration at once, each with its place and the nearest key", async () => {
  const config = join(dir, "wrong.yaml");
  await writeFile(
    config,
    [
      "tenat: {}",
      "credential: {kind: client-secret, clientId: a, clientSecret: '${PHOTODRIFT_NOT_SET}'}",
      "policy: {propagation: 5 parsecs}",
      "limits: {maxChangePercent: 300}",
      "",
    ].join("\n"),
  );
  const { code, stderr } = await photodrift(["audit", "--config", config], dir);
  expect(code).toBe(64);
  expect(stderr).toMatch(/wrong\.yaml:1:1: tenat: unknown key.*did you mean "tenant"\?/);
  expect(stderr).toMatch(/wrong\.yaml:2:\d+: .*PHOTODRIFT_NOT_SET is not set/);
  expect(stderr).toMatch(/wrong\.yaml:3:\d+: policy\.propagation: got "5 parsecs"/);
  expect(stderr).toMatch(/wrong\.yaml:4:\d+: limits\.maxChangePercent: got 300/);
});

it("--json-logs gives the error as one JSON line", async () => {
  const { code, stderr } = await photodrift(["audit", "--json-logs"], dir);
  const line = JSON.parse(stderr) as Record<string, unknown>;
  expect({ code, level: line["level"], exitCode: line["exitCode"] }).toEqual({
    code: 64,
    level: "error",
    exitCode: 64,
  });
});

it.each<readonly [string, boolean]>([
  ["audit --json-logs=true", true],
  ["audit --jsonLogs", true],
  ["audit --jsonLogs=true", true],
  ["--json-logs audit", true],
  ["audit --json-logs true", true],
  ["audit --json-logs --no-such-flag", true],
  ["audit --no-such-flag -qv --json-logs", true],
  ["adit --json-logs", true],
  ["audit --json-logs=false", false],
  ["audit --no-json-logs", false],
  ["audit --config --json-logs=perhaps", false],
  ["audit -- --json-logs", false],
])("the error of `photodrift %s` is told as JSON: %s", async (line, json) => {
  const { code, stderr } = await photodriftHere([
    ...line.split(" "),
    ...(line.includes(" -- ") ? [] : ["--config", join(dir, "nowhere.yaml")]),
  ]);
  expect(code).toBe(64);
  if (json) expect(JSON.parse(stderr)).toMatchObject({ level: "error", exitCode: 64 });
  else expect(stderr).toMatch(/^error: /u);
});

describe.concurrent("help", () => {
  it.each(["audit", "apply", "undo", "schedule", "sandbox"])("%s --help ends with 0", async (command) => {
    const { code, stdout, stderr } = await photodrift([command, "--help"], dir);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`photodrift ${command}`);
  });

  it("schemas are JSON without a configuration", async () => {
    for (const argv of [
      ["report", "--schema"],
      ["apply", "--schema"],
    ]) {
      const { code, stdout } = await photodrift(argv, dir);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toHaveProperty("$schema");
    }
  });
});

it("init writes a configuration that loads, and never overwrites it", async () => {
  const config = join(dir, "fresh", "photodrift.yaml");
  const argv = [
    "init",
    "--config",
    config,
    "--tenant-id",
    "contoso.com",
    "--tenant-name",
    "contoso",
    "--client-id",
    "1b2e6f3c-0000-4000-8000-000000000001",
    "--credential",
    "client-secret",
  ];
  expect((await photodrift(argv, dir)).code).toBe(0);
  const again = await photodrift(argv, dir);
  expect(again.code).toBe(64);
  expect(again.stderr).toContain("never overwritten");
  const runs = await photodrift(["runs", "--config", config], dir, { PHOTODRIFT_CLIENT_SECRET: "s3cret-value" });
  expect({ code: runs.code, stdout: runs.stdout }).toEqual({
    code: 0,
    stdout: "No runs yet. Next: photodrift audit --config fresh/photodrift.yaml\n",
  });
});
