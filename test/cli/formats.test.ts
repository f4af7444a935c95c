import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planSchema } from "../../src/plan/index.js";
import { reportSchema } from "../../src/report/index.js";
import { startSandbox, type RunningSandboxServer } from "../../src/sandbox/index.js";
import { photodriftHere, type CliResult } from "../support/cli.js";
import { problemsOf } from "../support/strict-parsers.js";
import { readTruth } from "../support/truth.js";

const FORMATS = ["json", "csv", "md", "html"] as const;
type Kind = "report" | "plan" | "list";

let dir: string;
let sandbox: RunningSandboxServer;
let upn: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-formats-"));
  sandbox = await startSandbox({ dir, users: 14, seed: 3 });
  const text = await readFile(join(dir, "photodrift.yaml"), "utf8");
  await writeFile(join(dir, "photodrift.yaml"), `${text}limits: {maxChangePercent: 100}\n`);
  await mkdir(join(dir, "schedules"));
  await writeFile(join(dir, "schedules", "daily.yaml"), "cron: 0 6 * * *\nmode: audit\n");
  upn = (await readTruth(dir)).users[0]?.upn ?? "";
});
afterAll(async () => {
  await sandbox.stop();
  await rm(dir, { recursive: true, force: true });
});

function run(...args: readonly string[]): Promise<CliResult> {
  return photodriftHere([...args, "--config", join(dir, "photodrift.yaml")]);
}

const ajv = new Ajv2020({ strict: false, validateFormats: false });
const schemas = { report: ajv.compile(reportSchema()), plan: ajv.compile(planSchema()), list: null };

function schemaProblems(kind: Kind, text: string): unknown {
  const check = schemas[kind];
  return check === null || check(JSON.parse(text)) ? [] : check.errors;
}

/** Every format into a file of its own, text to standard output: one run of the command shows them all. */
async function everyFormat(kind: Kind, command: readonly string[]): Promise<CliResult> {
  const pairs = FORMATS.flatMap((format) => ["--format", format, "--output", join(dir, `out.${format}`)]);
  const result = await run(...command, ...pairs);
  expect(result.stderr).not.toContain("unexpected failure");
  expect(problemsOf("text", result.stdout)).toEqual([]);
  for (const format of FORMATS) {
    const text = await readFile(join(dir, `out.${format}`), "utf8");
    expect({ command, format, problems: problemsOf(format, text) }).toEqual({ command, format, problems: [] });
    if (format === "json") expect(schemaProblems(kind, text)).toEqual([]);
    await rm(join(dir, `out.${format}`));
  }
  return result;
}

/** Standard output holds the document and nothing else. */
async function alone(kind: Kind, format: string, command: readonly string[]): Promise<CliResult> {
  const result = await run(...command, "--format", format);
  expect({ command, problems: problemsOf(format, result.stdout) }).toEqual({ command, problems: [] });
  if (format === "json") expect(schemaProblems(kind, result.stdout)).toEqual([]);
  return result;
}

describe("the result goes to standard output in exactly the format asked for", () => {
  it("audit, and apply without --yes: the plan document", async () => {
    expect((await everyFormat("report", ["audit", "--plan", join(dir, "plan.json")])).code).toBe(2);
    const shown = await everyFormat("plan", ["apply"]);
    expect({ code: shown.code, said: shown.stdout.includes("Nothing was written.") }).toEqual({ code: 2, said: true });
    expect(shown.stderr).toContain("users in scope");
    expect((await alone("plan", "json", ["apply"])).code).toBe(2);
    const refused = await alone("plan", "json", ["apply", "--max-changes", "1"]);
    expect({ code: refused.code, cure: refused.stderr.includes("cure: ") }).toEqual({ code: 3, cure: true });
  });

  it("apply PLAN, undo, apply --yes: the report, the plan on standard error", async () => {
    const applied = await alone("report", "json", ["apply", join(dir, "plan.json")]);
    expect(applied.stderr).toContain("users in scope");
    const { run: head } = JSON.parse(applied.stdout) as { run: { id: string; mode: string } };
    expect(head.mode).toBe("apply");
    await everyFormat("plan", ["undo", head.id]);
    const undone = await alone("report", "json", ["undo", head.id, "--yes"]);
    expect(JSON.parse(undone.stdout)).toMatchObject({ run: { mode: "undo" } });
    const again = await everyFormat("report", ["apply", "--yes"]);
    expect(again.stderr).toMatch(/\d+ applied/);
    await alone("report", "csv", ["apply", "--yes"]);
  });

  it.each([
    ["report", "report", ["report"]],
    ["list", "runs", ["runs"]],
    ["list", "masters", ["masters", "--suggest"]],
    ["list", "explain", ["explain", "USER"]],
    ["list", "accept", ["accept", "USER"]],
    ["list", "accept --reset", ["accept", "USER", "--reset"]],
    ["list", "export", ["export", "OUT"]],
    ["list", "doctor", ["doctor"]],
    ["list", "schedule list", ["schedule", "list", "--dir", "SCHEDULES"]],
    ["list", "schedule next", ["schedule", "next", "--dir", "SCHEDULES"]],
  ] as const)("%s: %s", async (kind, _, words) => {
    const command = words.map((word) =>
      word === "USER" ? upn : word === "OUT" || word === "SCHEDULES" ? join(dir, word.toLowerCase()) : word,
    );
    await everyFormat(kind, command);
  });
});

it.each(["report", "apply", "decide"])("%s --schema goes where it is told to", async (command) => {
  const file = join(dir, `${command}.schema.json`);
  const shown = await run(command, "--schema");
  const written = await run(command, "--schema", "--format", "json", "--output", file);
  expect({ codes: [shown.code, written.code] }).toEqual({ codes: [0, 0] });
  expect(await readFile(file, "utf8")).toBe(shown.stdout);
  expect(JSON.parse(shown.stdout)).toHaveProperty("properties.formatVersion");
});

describe("a format that a command cannot give is wrong usage, and it names those it can", () => {
  it.each([
    [["init", "--format", "json"], /text/],
    [["sandbox", "stop", "--format", "csv"], /text/],
    [["schedule", "run", "--format", "json"], /text/],
    [["report", "--schema", "--format", "html"], /json/],
    [["apply", "--schema", "-f=csv"], /json/],
    [["decide", "--schema", "-f=csv"], /json/],
    [["runs", "--format", "xml"], /text, json, csv, md, html/],
    [["init", "--output", "x.txt"], /standard output/],
  ] as const)("%j", async (argv, named) => {
    const { code, stdout, stderr } = await run(...argv);
    expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
    expect(stderr).toMatch(named);
    expect(stderr).toMatch(/^error: .+\n {2}cure: .+\n$/);
  });
});
