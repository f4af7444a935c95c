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
  sandbox = await startSandbox({ dir, users: 12, seed: 3 });
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
