import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSandbox, setSandbox, startSandbox, type RunningSandboxServer } from "../../src/sandbox/index.js";
import { photodrift, type CliResult } from "../support/cli.js";

let dir: string;
let sandbox: RunningSandboxServer;
let config: string;
let plan: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-plans-"));
  sandbox = await startSandbox({ dir, users: 16, seed: 3 });
  config = join(dir, "wide.yaml");
  plan = join(dir, "plan.json");
  const text = await readFile(join(dir, "photodrift.yaml"), "utf8");
  await writeFile(config, `${text}limits: {maxChangePercent: 100}\n`);
  const { code } = await run("audit", "--plan", plan);
  expect(code).toBe(2);
});
afterAll(async () => {
  await sandbox.stop();
  await rm(dir, { recursive: true, force: true });
});

function run(command: string, ...flags: string[]): Promise<CliResult> {
  return photodrift([command, ...flags, "--config", config, "--quiet"], dir);
}

interface Logged {
  readonly entries: readonly { readonly method: string; readonly path: string; readonly status: number }[];
  readonly summary: { readonly accusations: readonly unknown[] };
}

async function log(): Promise<Logged> {
  return (await readSandbox(dir, "log")) as Logged;
}

async function writes(): Promise<number> {
  const { entries } = await log();
  const reads = /\/token|\/\$batch|postquery|getlistitemchangessincetoken|getchanges/i;
  return entries.filter(({ method, path }) => method !== "GET" && !reads.test(path)).length;
}

describe("a plan is refused with exit code 3, and nothing is written", () => {
  it.each([
    ["edited", (text: string) => edited(text, (members) => void (members["actions"] as unknown[]).pop()), "digest"],
    [
      "laid out anew and edited",
      (text: string) => edited(text, (members) => (members["expiresAt"] = "2099-01-01T00:00:00.000Z")),
      "digest",
    ],
    [
      "of a newer format",
      (text: string) => edited(text, (members) => (members["formatVersion"] = "2.0")),
      "format version",
    ],
  ] as const)("%s", async (_, change, words) => {
    const file = join(dir, "changed.json");
    await writeFile(file, change(await readFile(plan, "utf8")));
    const { code, stderr } = await run("apply", file);
    expect(stderr).toContain(words);
    expect({ code, written: await writes() }).toEqual({ code: 3, written: 0 });
  });

  it("over a limit, after it was printed", async () => {
    const { code, stdout, stderr } = await run("apply", plan, "--max-changes", "1");
    expect(stdout).toBe("");
    expect(stderr).toMatch(/users in scope/);
    expect(stderr).toMatch(/cure: /);
    expect({ code, written: await writes() }).toEqual({ code: 3, written: 0 });
  });

  it("against the tenant's photo policy", async () => {
    await setSandbox(dir, ["policy.source=onPremises"]);
    const { code, stderr } = await run("apply", "--yes");
    await setSandbox(dir, ["policy.source=none"]);
    expect(stderr).toContain("onPremises");
    expect({ code, written: await writes() }).toEqual({ code: 3, written: 0 });
  });
});

async function configured(name: string, change: (text: string) => string): Promise<string> {
  const file = join(dir, name);
  await writeFile(file, change(await readFile(config, "utf8")));
  return file;
}

it("what this state file did not sign needs the key that it was made with, and obeys the limits of today", async () => {
  const elsewhere = await configured("elsewhere.yaml", (text) =>
    text.replace(/^state: .*$/m, "state: ./elsewhere.db").replace("maxChangePercent: 100", "maxChangePercent: 1"),
  );
  const unproved = await photodrift(["apply", plan, "--config", elsewhere, "--quiet"], dir);
  expect(unproved.stderr).toMatch(/PHOTODRIFT_PLAN_KEY[^]*cure: .*state.*PHOTODRIFT_PLAN_KEY/);
  const env = { PHOTODRIFT_PLAN_KEY: "of the pipeline" };
  const signed = join(dir, "signed.json");
  await photodrift(["audit", "--plan", signed, "--config", config, "--quiet"], dir, env);
  const limited = await photodrift(["apply", signed, "--config", elsewhere, "--quiet"], dir, env);
  expect(limited.stderr).toContain("limits.maxChangePercent allows 1 %");
  expect([unproved.code, limited.code, await writes()]).toEqual([3, 3, 0]);
});

it("rules that the configuration no longer allows are left out", async () => {
  const strict = await configured("strict.yaml", (text) => `${text}policy: {autoApply: []}\n`);
  const { code } = await photodrift(["apply", plan, "--config", strict, "--quiet"], dir);
  const json = await photodrift(["report", "--config", strict, "--format", "json", "--quiet"], dir);
  const { outcomes } = JSON.parse(json.stdout) as { outcomes: { kind: string; error?: { code: string } }[] };
  expect(outcomes.length).toBeGreaterThan(0);
  expect(new Set(outcomes.map(({ kind, error }) => `${kind} ${error?.code ?? ""}`))).toEqual(
    new Set(["skipped rule-not-allowed"]),
  );
  expect({ code, written: await writes() }).toEqual({ code: 2, written: 0 });
});

function edited(text: string, change: (members: Record<string, unknown>) => void): string {
  const members = JSON.parse(text) as Record<string, unknown>;
  change(members);
  return JSON.stringify(members, null, 2);
}

it("apply without plan and --yes prints the plan, writes nothing and ends with exit code 2", async () => {
  const { code, stdout } = await run("apply");
  expect(stdout).toContain("Nothing was written.");
  expect({ code, written: await writes() }).toEqual({ code: 2, written: 0 });
});

it("what is no plan is wrong usage", async () => {
  await writeFile(join(dir, "none.json"), "{nope");
  for (const file of [join(dir, "none.json"), join(dir, "missing.json")]) {
    const { code, stderr } = await run("apply", file);
    expect(code).toBe(64);
    expect(stderr).toMatch(/^error: .+\n {2}cure: .+\n$/);
  }
});

it("one store down: the rest is applied with exit code 4, the next run finishes the job, undo goes back", async () => {
  await setSandbox(dir, ["faults=sharepoint-down"]);
  const cut = await run("apply", plan);
  expect({ code: cut.code, words: /\d+ applied · .*\d+ failed/.test(cut.stdout) }).toEqual({ code: 4, words: true });
  await setSandbox(dir, ["faults=storm"]);
  const rest = await run("apply", "--yes");
  // All that was planned is done; what only a person may decide is left.
  expect(rest.code).toBe(2);
  await setSandbox(dir, ["faults=none"]);
  const before = await writes();
  const again = await run("apply", "--yes");
  expect({ code: again.code, more: (await writes()) - before }).toEqual({ code: 2, more: 0 });
  expect((await log()).summary.accusations).toEqual([]);

  const overtaken = await run("apply", plan);
  expect(overtaken.stderr).toContain("another plan was carried out since");
  expect(overtaken.code).toBe(3);
  const runs = JSON.parse((await photodrift(["runs", "--config", config, "--format", "json"], dir)).stdout) as {
    runs: { id: string; mode: string; verdict: string }[];
  };
  const first = runs.runs.filter(({ mode, verdict }) => mode === "apply" && verdict === "incomplete").at(-1);
  const shown = await run("undo", first?.id ?? "");
  expect(shown.code).toBe(2);
  const undone = await run("undo", first?.id ?? "", "--yes");
  expect({ code: undone.code, words: /\d+ applied/.test(undone.stdout) }).toEqual({ code: 0, words: true });
});
