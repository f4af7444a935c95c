import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readSandbox, setSandbox, startSandbox, type RunningSandboxServer } from "../../src/sandbox/index.js";
import { photodrift } from "../support/cli.js";

const MAIN = join(import.meta.dirname, "..", "..", "dist", "main.js");

let dir: string;
let sandbox: RunningSandboxServer;
let config: string;

async function start(): Promise<void> {
  dir = await mkdtemp(join(tmpdir(), "photodrift-interrupted-"));
  sandbox = await startSandbox({ dir, users: 16, seed: 3 });
  config = join(dir, "wide.yaml");
  await writeFile(config, `${await readFile(join(dir, "photodrift.yaml"), "utf8")}limits: {maxChangePercent: 100}\n`);
}

async function stop(): Promise<void> {
  await sandbox.stop();
  await rm(dir, { recursive: true, force: true });
}

beforeAll(start);
afterAll(stop);

interface Entry {
  readonly method: string;
  readonly path: string;
}

async function requests(matching: (entry: Entry) => boolean): Promise<number> {
  const { entries } = (await readSandbox(dir, "log")) as { readonly entries: readonly Entry[] };
  return entries.filter(matching).length;
}

const isWrite = ({ method, path }: Entry): boolean =>
  method === "PUT" || /\/files\/add|setsinglevalueprofileproperty/i.test(path);

/** Starts the program, sends `signal` (or does that) once the tenant has seen what is waited for, and gives how it ended. */
async function interrupt(
  argv: readonly string[],
  signal: NodeJS.Signals | (() => void),
  when: (entry: Entry) => boolean,
) {
  const before = await requests(when);
  const child = spawn(process.execPath, [MAIN, ...argv, "--config", config, "--quiet"], {
    cwd: dir,
    env: { ...process.env, HTTPS_PROXY: "", https_proxy: "" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  while ((await requests(when)) === before && child.exitCode === null) await sleep(50);
  const other = await photodrift(["audit", "--config", config, "--quiet"], dir);
  if (typeof signal === "string") child.kill(signal);
  else signal();
  return { code: await ended, stderr, other };
}

it("Ctrl-C in an audit: exit code 130, no other run meanwhile, and the next run is not held up", async () => {
  await setSandbox(dir, ["faults=slow,delay=15000,host=sharepoint*"]);
  const { code, stderr, other } = await interrupt(
    ["audit"],
    "SIGINT",
    ({ path }) => /sharepoint|_api/i.test(path) || /\$batch/.test(path),
  );
  expect(other.code).toBe(3);
  expect(other.stderr).toMatch(/photodrift audit, process \d+ .*\n {2}cure: /);
  expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringMatching(/^Interrupted\..*\n$/) as string });
  await setSandbox(dir, ["faults=none"]);
  const { runs } = JSON.parse((await photodrift(["runs", "--config", config, "--format", "json"], dir)).stdout) as {
    runs: { verdict: string; exitCode: number }[];
  };
  expect(runs[0]).toMatchObject({ verdict: "interrupted", exitCode: 130 });
  expect((await photodrift(["audit", "--config", config, "--quiet"], dir)).code).toBe(2);
});

it("killed in an audit: the next one lists it as interrupted, with nothing found, and compares as if it had not been", async () => {
  interface Report {
    readonly run: { readonly verdict: string; readonly complete: boolean };
    readonly summary: { readonly new: number; readonly persisting: number; readonly resolved: number };
    readonly findings: readonly unknown[];
  }
  const runs = async () =>
    (
      JSON.parse((await photodrift(["runs", "--config", config, "--format", "json"], dir)).stdout) as {
        runs: { id: string; mode: string; trigger: string; verdict: string; exitCode: number }[];
      }
    ).runs;
  const reportOf = async (id: string): Promise<Report> =>
    JSON.parse((await photodrift(["report", id, "--config", config, "--format", "json"], dir)).stdout) as Report;
  expect((await photodrift(["audit", "--config", config, "--quiet"], dir)).code).toBe(2);
  const [last, ...older] = await runs();
  await setSandbox(dir, ["faults=slow,delay=15000,host=sharepoint*"]);
  const { code, other } = await interrupt(["audit", "--full"], "SIGKILL", ({ path }) => /sharepoint|_api/i.test(path));
  expect(code).toBe(null);
  // The one that runs is nobody's to end while it lives.
  expect(other.code).toBe(3);
  expect(await runs()).toEqual([last, ...older]);
  await setSandbox(dir, ["faults=none"]);
  expect((await photodrift(["audit", "--config", config, "--quiet"], dir)).code).toBe(2);
  const [newest, killed, ...rest] = await runs();
  expect(rest).toEqual([last, ...older]);
  expect(killed).toMatchObject({ mode: "audit", trigger: "cli", verdict: "interrupted", exitCode: 130 });
  expect(await reportOf(killed?.id ?? "")).toMatchObject({ run: { complete: false }, findings: [] });
  const before = (await reportOf(last?.id ?? "")).findings.length;
  expect((await reportOf(newest?.id ?? "")).summary).toMatchObject({ new: 0, persisting: before, resolved: 0 });
});

it("killed in an apply, applied again: everything is right and nothing is written twice", async () => {
  await setSandbox(dir, ["faults=slow,delay=1500,host=sharepoint*"]);
  const { code } = await interrupt(["apply", "--yes"], "SIGKILL", isWrite);
  expect(code).toBe(null);
  await setSandbox(dir, ["faults=none"]);
  // The tenant also seeds drift that a person must decide: all that was planned is done, and that is left (exit code 2).
  expect((await photodrift(["apply", "--yes", "--config", config, "--quiet"], dir)).code).toBe(2);
  const listed = (await photodrift(["runs", "--config", config, "--format", "json"], dir)).stdout;
  const applied = (JSON.parse(listed) as { runs: { mode: string; verdict: string; exitCode: number }[] }).runs.filter(
    ({ mode }) => mode === "apply",
  );
  expect(applied.map(({ verdict, exitCode }) => [verdict, exitCode])).toEqual([
    ["drift", 2],
    ["interrupted", 130],
  ]);
  const written = await requests(isWrite);
  expect((await photodrift(["apply", "--yes", "--config", config, "--quiet"], dir)).code).toBe(2);
  expect(await requests(isWrite)).toBe(written);
  const { summary } = (await readSandbox(dir, "log")) as {
    readonly summary: { readonly accusations: readonly unknown[] };
  };
  expect(summary.accusations).toEqual([]);
});

it("an apply whose lock another machine took over says so, writes nothing more, and is taken up without a write too many", async () => {
  await stop();
  await start();
  await setSandbox(dir, ["faults=slow,delay=4000,host=sharepoint*"]);
  const db = new Database(join(dir, "photodrift.db"));
  const takeOver = (): void => {
    const { holder } = db.prepare("SELECT holder FROM run_lock").get() as { holder: string };
    const other = JSON.stringify({ ...(JSON.parse(holder) as object), host: "another" });
    db.prepare("UPDATE run_lock SET holder = ?").run(other);
  };
  const { code, stderr } = await interrupt(["apply", "--yes"], takeOver, isWrite);
  expect(stderr).toMatch(/^error: Another run took tenant .* over: .*\n {2}cure: Nothing more is written from here/);
  expect(code).toBe(4);
  // The lock stays with who has it now.
  expect(db.prepare("SELECT count(*) AS n FROM run_lock").get()).toEqual({ n: 1 });
  db.exec("DELETE FROM run_lock");
  db.close();
  await setSandbox(dir, ["faults=none"]);
  expect((await photodrift(["apply", "--yes", "--config", config, "--quiet"], dir)).code).toBe(2);
  const { summary } = (await readSandbox(dir, "log")) as { readonly summary: { readonly accusations: unknown[] } };
  expect(summary.accusations).toEqual([]);
});
