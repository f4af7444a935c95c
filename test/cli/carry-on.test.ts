import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setSandbox, startSandbox, type RunningSandboxServer } from "../../src/sandbox/index.js";
import { photodrift } from "../support/cli.js";

let dir: string;
let sandbox: RunningSandboxServer;
let upn: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-carry-"));
  sandbox = await startSandbox({ dir, users: 16, seed: 3 });
  const text = await readFile(join(dir, "photodrift.yaml"), "utf8");
  await writeFile(join(dir, "photodrift.yaml"), `${text}limits: {maxChangePercent: 100}\n`);
  await writeFile(join(dir, "other.yaml"), `${text}limits: {maxChangePercent: 100}\n`);
  const { stdout } = await photodrift(["apply", "--format", "json"], dir);
  const { actions } = JSON.parse(stdout) as { actions: { user: { upn: string } | null }[] };
  upn = actions.find(({ user }) => user !== null)?.user?.upn ?? "";
});
afterAll(async () => {
  await sandbox.stop();
  await rm(dir, { recursive: true, force: true });
});

describe("the line that a plan ends with carries out what was shown, and no more", () => {
  it.each([
    ["apply", "photodrift apply --yes"],
    ["apply --user UPN --max-changes 3", "photodrift apply --user UPN --max-changes 3 --yes"],
    ["apply --config other.yaml --store exchange", "photodrift apply --store exchange --config other.yaml --yes"],
    ["audit --plan plan.json", "photodrift apply plan.json"],
    ["audit --plan plan.json --config other.yaml", "photodrift apply plan.json --config other.yaml"],
  ])("%s", async (typed, next) => {
    const { stdout, stderr } = await photodrift(typed.replace("UPN", upn).split(" "), dir);
    const lines = typed.startsWith("audit") ? stderr : stdout;
    expect(/(?:Carry it out with|Next): (.*)/.exec(lines)?.[1]).toBe(next.replace("UPN", upn));
  });

  it("undo names its users too", async () => {
    const { stdout } = await photodrift(["apply", "--yes", "--user", upn, "--format", "json"], dir);
    const { run } = JSON.parse(stdout) as { run: { id: string } };
    const undo = await photodrift(["undo", run.id, "--user", upn, "--force"], dir);
    expect(undo.stdout).toContain(`Carry it out with: photodrift undo ${run.id} --user ${upn} --force --yes\n`);
    expect((await photodrift(["undo", run.id], dir)).stdout).toContain(`with: photodrift undo ${run.id} --yes\n`);
  });
});

describe("a plan that is refused is not followed by a command that would be refused", () => {
  it.each([
    ["apply --max-changes 1", 3, "stdout"],
    ["apply --config narrow.yaml", 3, "stdout"],
    ["apply --config narrow.yaml --yes", 3, "stdout"],
    ["audit --config narrow.yaml --plan plan.json", 2, "stderr"],
  ] as const)("%s", async (typed, code, stream) => {
    const text = await readFile(join(dir, "other.yaml"), "utf8");
    await writeFile(join(dir, "narrow.yaml"), text.replace("maxChangePercent: 100", "maxChangePercent: 1"));
    const done = await photodrift(typed.split(" "), dir);
    expect(done.code).toBe(code);
    expect(done.stdout + done.stderr).not.toMatch(/Carry it out with|Next:/u);
    expect(done.stderr).toMatch(/(?:maxChangePercent|--max-changes) allows/u);
    if (!typed.endsWith("--yes")) expect(done[stream]).toMatch(/As it is, (?:the plan is refused|apply refuses it)/u);
  });
});

it("what to do next names the configuration that was meant, whichever command says it", async () => {
  const text = await readFile(join(dir, "other.yaml"), "utf8");
  await writeFile(join(dir, "new.yaml"), text.replace(/^state: .*$/mu, "state: ./new.db"));
  const told = async (...words: readonly string[]): Promise<readonly string[]> => {
    const { stdout } = await photodrift([...words, "--config", "new.yaml"], dir);
    return [...stdout.matchAll(/photodrift (?:audit|apply|report)(?: [-\w.]+)*/gu)].map(([command]) => command);
  };
  expect(await told("runs")).toEqual(["photodrift audit --config new.yaml"]);
  expect(await told("decide", "--list")).toEqual([
    "photodrift report --format html --output report.html --config new.yaml",
  ]);
  expect(await told("doctor")).toEqual(["photodrift audit --config new.yaml"]);

  const audited = await photodrift(["audit", "--format", "json", "--config", "new.yaml"], dir);
  const { run, findings } = JSON.parse(audited.stdout) as { run: { id: string; tenant: string }; findings: Found[] };
  const found = findings.find(({ rule }) => rule === "wrong-person");
  if (found === undefined) throw new Error("the sandbox seeds a wrong person");
  const decisions = { formatVersion: "1.0", tenant: run.tenant, basedOn: { runId: run.id }, decisions: [leave(found)] };
  await writeFile(join(dir, "decisions.json"), JSON.stringify(decisions));
  expect(await told("decide", "decisions.json")).toEqual([
    "photodrift audit --plan plan.json --config new.yaml",
    "photodrift apply plan.json --config new.yaml",
  ]);
});

interface Found {
  readonly id: string;
  readonly address: string;
  readonly rule: string;
  readonly user: { readonly id: string };
  readonly expected: { readonly sha256: string };
  readonly actual: { readonly sha256?: string; readonly etag?: string };
}

function leave({ id, address, rule, user, expected, actual }: Found): object {
  const seen = actual.sha256 ?? actual.etag;
  const who = { user: user.id, by: "Hanna HR", at: "2026-11-25T09:00:00.000Z" };
  return { findingId: id, address, rule, decision: "leave", seen, master: expected.sha256, ...who };
}

describe("--exit-zero covers drift, and nothing else", () => {
  it.each([
    ["apply", "none", 2],
    ["apply --exit-zero", "none", 0],
    ["apply", "sharepoint-down", 2],
    ["apply --exit-zero", "sharepoint-down", 4],
    ["audit --exit-zero", "sharepoint-down", 4],
  ] as const)("%s, faults: %s", async (typed, faults, code) => {
    await setSandbox(dir, [`faults=${faults}`]);
    expect((await photodrift(typed.split(" "), dir)).code).toBe(code);
    await setSandbox(dir, ["faults=none"]);
  });
});
