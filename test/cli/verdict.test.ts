import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startSandbox, type RunningSandboxServer } from "../../src/sandbox/index.js";
import { photodriftHere, type CliResult } from "../support/cli.js";

interface Report {
  readonly run: { readonly id: string; readonly verdict: string; readonly exitCode: number };
  readonly summary: {
    readonly usersInScope: number;
    readonly usersInSync: number;
    readonly usersWithDrift: number;
    readonly byRule: Readonly<Record<string, number>>;
  };
  readonly findings: readonly {
    readonly id: string;
    readonly drift: boolean;
    readonly remedy: { readonly kind: string };
    readonly user: { readonly id: string } | null;
  }[];
  readonly outcomes: readonly { readonly kind: string }[];
}

let dir: string;
let sandbox: RunningSandboxServer;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-verdict-"));
  sandbox = await startSandbox({ dir, users: 40, seed: 11 });
  const text = await readFile(join(dir, "photodrift.yaml"), "utf8");
  await writeFile(join(dir, "photodrift.yaml"), `${text}limits: {maxChangePercent: 100}\n`);
});
afterAll(async () => {
  await sandbox.stop();
  await rm(dir, { recursive: true, force: true });
});

function run(...args: readonly string[]): Promise<CliResult> {
  return photodriftHere([...args, "--quiet", "--config", join(dir, "photodrift.yaml")]);
}

async function told(...args: readonly string[]): Promise<{ code: number | null; report: Report }> {
  const { code, stdout, stderr } = await run(...args, "--format", "json");
  expect(stdout, stderr).not.toBe("");
  return { code, report: JSON.parse(stdout) as Report };
}

function driftIds({ findings }: Report): readonly string[] {
  return findings.filter(({ drift }) => drift).map(({ id }) => id);
}

/** Summary, findings, verdict and exit code say one thing. */
function expectConsistent({ run: head, summary, findings }: Report, code: number | null): void {
  const users = new Set(findings.filter(({ drift }) => drift).map(({ user }) => user?.id ?? ""));
  users.delete("");
  const byRule = Object.values(summary.byRule).reduce((sum, count) => sum + count, 0);
  expect({ code, drifted: summary.usersWithDrift, findings: byRule }).toEqual({
    code: head.exitCode,
    drifted: users.size,
    findings: findings.length,
  });
  expect(summary.usersInSync + summary.usersWithDrift).toBe(summary.usersInScope);
}

it("apply and undo tell what is left in the tenant, the same as the audit after them", async () => {
  const plan = join(dir, "plan.json");
  const before = await told("audit", "--plan", plan);
  const applied = await told("apply", plan);
  expectConsistent(applied.report, applied.code);
  expect(applied).toMatchObject({ code: 2, report: { run: { verdict: "drift" } } });
  const audited = await told("audit");
  expect(driftIds(applied.report)).toEqual(driftIds(audited.report));
  expect(applied.report.summary).toMatchObject({
    usersInScope: audited.report.summary.usersInScope,
    usersInSync: audited.report.summary.usersInSync,
    usersWithDrift: audited.report.summary.usersWithDrift,
  });

  const undone = await told("undo", applied.report.run.id, "--yes");
  expectConsistent(undone.report, undone.code);
  expect(undone).toMatchObject({ code: 0, report: { run: { verdict: "restored" } } });
  expect(driftIds(undone.report)).toEqual(driftIds(before.report));

  const again = await told("apply", "--yes");
  expectConsistent(again.report, again.code);
  expect(driftIds(again.report)).toEqual(driftIds(audited.report));
  expect(again.report.findings.filter(({ drift, remedy }) => drift && remedy.kind === "automatic")).toEqual([]);
  const second = await told("apply", "--yes");
  expect({ code: second.code, outcomes: second.report.outcomes }).toEqual({ code: 2, outcomes: [] });

  const text = (await run("report", second.report.run.id)).stdout;
  expect(text).toMatch(/DRIFT LEFT {2}nothing was to be written; \d+ of \d+ users in scope still differ/);
  expect(text).toMatch(/a person must decide on .*wrong-person/);
  expect((await run("report", undone.report.run.id)).stdout).toMatch(/RESTORED {2}\d+ writes taken back/);
  const { runs } = JSON.parse((await run("runs", "--format", "json")).stdout) as { runs: { verdict: string }[] };
  expect(runs.map(({ verdict }) => verdict)).toEqual(["drift", "drift", "restored", "drift", "drift", "drift"]);
  expect((await run("apply", "--yes", "--exit-zero")).code).toBe(0);
});
