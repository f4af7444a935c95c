import { spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { NOTIFY_CONDITIONS } from "../../src/model/notify.js";
import { readSandbox, setSandbox, startSandbox, type RunningSandboxServer } from "../../src/sandbox/index.js";
import { photodriftHere } from "../support/cli.js";

const MAIN = join(import.meta.dirname, "..", "..", "dist", "main.js");

interface Notice {
  readonly run: { readonly mode: string; readonly verdict: string; readonly exitCode: number };
  readonly error: { readonly message: string; readonly hint: string } | null;
}

let dir: string;
let sandboxes: Readonly<Record<"demo" | "clean", RunningSandboxServer>>;
let receiver: Server;
let received: { readonly on: string; readonly notice: Notice }[] = [];
/** While true the receiver takes every request and answers none. */
let silent = false;
let configs = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-told-"));
  const demo = await startSandbox({ dir: join(dir, "demo"), users: 14, seed: 3 });
  const clean = await startSandbox({ dir: join(dir, "clean"), users: 12, seed: 3, profile: "clean" });
  sandboxes = { demo, clean };
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const notice = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Notice;
      received.push({ on: (request.url ?? "").slice(1), notice });
      if (!silent) response.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  received = [];
  silent = false;
  await setSandbox(join(dir, "demo"), ["faults=none"]);
});
afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await sandboxes.demo.stop();
  await sandboxes.clean.stop();
  await rm(dir, { recursive: true, force: true });
});

/** A configuration with a state file of its own, and a receiver for every condition. */
async function configFor(tenant: "demo" | "clean", more: string): Promise<string> {
  const { port } = receiver.address() as AddressInfo;
  const entries = NOTIFY_CONDITIONS.map(
    (on) => `  - {kind: webhook, url: "http://127.0.0.1:${port}/${on}", on: ${on}}`,
  );
  const file = join(dir, tenant, `told-${String(++configs)}.yaml`);
  const text = (await readFile(join(dir, tenant, "photodrift.yaml"), "utf8")).replace(/^(?:state|notify):.*\n/gm, "");
  const source = more.includes(MARKER) ? text.replace(/^source:$/m, `source:\n  ${MARKER}`) : text;
  await writeFile(
    file,
    `${source}state: ./told-${String(configs)}.db\n${more.replace(MARKER, "")}\nnotify:\n${entries.join("\n")}\n`,
  );
  return file;
}

function run(config: string, ...argv: readonly string[]) {
  return photodriftHere([...argv, "--config", config, "--quiet"]);
}

/** Conditions that were told, in the order of the manual, and the verdict that they were told. */
function told(): { readonly on: readonly string[]; readonly verdict: string | undefined } {
  const on = NOTIFY_CONDITIONS.filter((condition) => received.some((one) => one.on === condition));
  expect(received).toHaveLength(on.length);
  return { on, verdict: received[0]?.notice.run.verdict };
}

const WIDE = "limits: {maxChangePercent: 100}";
const MARKER = "marker: .absent";
const NARROW = "limits: {maxChangePercent: 1}";
const DRIFT = ["new-drift", "drift", "always"];
const FAILURE = ["failure", "always"];
const PARTLY = ["drift", "failure", "always"];

interface Row {
  readonly words: readonly string[];
  readonly ending: string;
  readonly on: readonly string[];
  readonly tenant?: "clean";
  readonly more?: string;
  readonly faults?: string;
  /** What is typed before it, and not told of. */
  readonly first?: readonly (readonly string[])[];
}

const PLAN = ["audit", "--plan", "PLAN"];
/** In this order: what is written in one row is there in the next. */
const ROWS: readonly Row[] = [
  { words: ["audit"], ending: "in-sync", on: ["always"], tenant: "clean" },
  { words: ["audit"], ending: "drift", on: DRIFT },
  { words: ["audit"], ending: "drift", on: ["drift", "always"], first: [["audit"]] },
  { words: ["audit"], ending: "refused", on: FAILURE, more: MARKER },
  { words: ["audit"], ending: "failed", on: FAILURE, more: "policy: {consent: ./absent.csv}" },
  { words: ["audit"], ending: "failed", on: FAILURE, faults: "403,host=graph,route=*/users?*" },
  { words: ["audit"], ending: "incomplete", on: [...NOTIFY_CONDITIONS], faults: "sharepoint-down" },
  { words: ["apply"], ending: "in-sync", on: ["always"], tenant: "clean" },
  { words: ["apply"], ending: "drift", on: DRIFT },
  { words: ["apply"], ending: "refused", on: [...NOTIFY_CONDITIONS], more: NARROW },
  { words: ["apply"], ending: "failed", on: FAILURE, more: "policy: {consent: ./absent.csv}" },
  { words: ["apply", "PLAN"], ending: "refused", on: FAILURE, more: NARROW, first: [PLAN] },
  { words: ["apply", "absent.json"], ending: "failed", on: FAILURE },
  { words: ["apply", "--yes"], ending: "in-sync", on: ["always"], tenant: "clean" },
  { words: ["apply", "--yes"], ending: "refused", on: [...NOTIFY_CONDITIONS], more: NARROW },
  { words: ["apply", "--yes"], ending: "failed", on: FAILURE, faults: "403,host=graph,route=*/users?*" },
  { words: ["undo", "RUN", "--yes"], ending: "restored", on: ["drift", "always"], first: [["apply", "--yes"]] },
  { words: ["apply", "PLAN"], ending: "incomplete", on: PARTLY, faults: "403,host=graph,route=*photo*", first: [PLAN] },
  { words: ["apply", "PLAN"], ending: "drift", on: ["drift", "always"], first: [PLAN] },
];

describe("a run on the command line is told of as the conditions say, however it ended", () => {
  it.each(ROWS.map((row) => [row.words.join(" "), row.ending, row] as const))("%s: %s", async (_words, ending, row) => {
    const config = await configFor(row.tenant ?? "demo", [row.more ?? "", row.more === NARROW ? "" : WIDE].join("\n"));
    const plan = join(dir, "plan.json");
    let id = "none";
    const type = async (words: readonly string[], ...flags: readonly string[]) => {
      const filled = words.map((word) => ({ PLAN: plan, RUN: id })[word] ?? word);
      const { code, stdout, stderr } = await run(config, ...filled, ...flags);
      const { runs } = JSON.parse((await run(config, "runs", "--format", "json")).stdout) as { runs: { id: string }[] };
      id = runs[0]?.id ?? "none";
      return { code, stdout, stderr };
    };
    for (const words of row.first ?? []) await type(words, "--no-notify");
    await setSandbox(join(dir, "demo"), [`faults=${row.faults ?? "none"}`]);
    const { code, stderr } = await type(row.words);
    expect(told(), stderr).toEqual({ on: row.on, verdict: ending });
    // What a plan that is not carried out ends with says more than its audit.
    if (row.words.join() !== "apply") expect(code).toBe(received[0]?.notice.run.exitCode);
    if (["failed", "refused"].includes(ending)) {
      const { error } = received[0]?.notice ?? {};
      expect(stderr).toContain(error?.message);
      expect(error?.hint).not.toBe("");
    }
  });

  it.each([["audit"], ["apply", "--yes"], ["undo", "x", "--yes"]])(
    "%s: nobody is told with --no-notify",
    async (...words) => {
      const config = await configFor("demo", "policy: {consent: ./absent.csv}");
      expect((await run(config, ...words, "--no-notify")).code).not.toBe(0);
      expect(received).toEqual([]);
    },
  );

  it("words that are wrong are no run", async () => {
    const config = await configFor("demo", "");
    expect((await run(config, "undo", "no-such-run")).code).toBe(64);
    expect((await run(config, "apply", "--interactive")).code).toBe(64);
    expect(received).toEqual([]);
  });
});

/** Starts the program, asks it to stop once the tenant was asked for something, and gives how it ended and how long that took. */
async function interrupted(config: string, ...words: readonly string[]) {
  const asked = async () => ((await readSandbox(join(dir, "demo"), "log")) as { entries: unknown[] }).entries.length;
  await setSandbox(join(dir, "demo"), ["faults=slow,delay=20000,host=sharepoint*"]);
  const before = await asked();
  const child = spawn(process.execPath, [MAIN, ...words, "--config", config, "--quiet"], {
    cwd: dir,
    env: { ...process.env, HTTPS_PROXY: "", https_proxy: "" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  child.stderr.resume();
  while ((await asked()) < before + 5 && child.exitCode === null) await sleep(50);
  const since = Date.now();
  child.kill("SIGINT");
  return { code: await ended, ms: Date.now() - since };
}

describe("a run that is interrupted", () => {
  it.each([["audit"], ["apply", "--yes"]])("%s: is told of", async (...words) => {
    const config = await configFor("demo", WIDE);
    expect((await interrupted(config, ...words)).code).toBe(130);
    expect(told()).toEqual({ on: FAILURE, verdict: "interrupted" });
  });

  it("ends soon, although a receiver never answers", async () => {
    silent = true;
    const { code, ms } = await interrupted(await configFor("demo", WIDE), "audit");
    expect(code).toBe(130);
    expect(ms).toBeLessThan(9_000);
  });
});
