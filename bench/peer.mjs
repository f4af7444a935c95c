/**
 * photodrift beside the script that people write: `npm run bench:peer` after a build. USERS sets the number of users (2,000), LATENCY the
 * milliseconds of every answer and every part of a batch (40), SAMPLE how many users the script reads (200; its time is extrapolated from them).
 * TENANT is the folder of a sandbox that runs already, with so many users and pictures that were asked for once; it gets the latency.
 * Beside each time stands what the wire alone needs: requests x latency / allowed at once. Exit code 1 when a budget is missed.
 */
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { readSandbox, setSandbox } from "../dist/sandbox/index.js";
import { MAIN, measured, openSandbox } from "./measured.mjs";
import { newTable, print } from "./tables.mjs";

const users = Number(process.env.USERS ?? 2000);
const latency = Number(process.env.LATENCY ?? 40);
const sample = Math.min(users, Number(process.env.SAMPLE ?? 200));
/** limits.concurrency unless told. */
const AT_ONCE = 8;
/** Parts of one batch that Graph works on at a time. */
const GRAPH_WIDTH = 4;
const GOALS = { cold: 20, warm: 100 };
const CPU_A_USER = 15;

const folder = await mkdtemp(path.join(tmpdir(), "photodrift-bench-peer-"));
const running = process.env.TENANT;
const dir = running === undefined ? path.join(folder, "sandbox") : path.resolve(running);
const config = path.join(dir, "photodrift.yaml");
const missed = [];
try {
  await compare();
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(missed.length === 0 ? "All budgets held." : `Budgets missed: ${missed.join("; ")}`);
process.exitCode = missed.length === 0 ? 0 : 1;

async function compare() {
  const close = running === undefined ? await openSandbox("--users", users, "--dir", dir) : async () => undefined;
  try {
    // The sandbox draws a picture when it is first asked for: everything is asked for once before anything is measured.
    if (running === undefined) await rehearsal();
    else
      await Promise.all(
        [".db", ".db-wal", ".db-shm"].map((end) => rm(path.join(dir, `photodrift${end}`), { force: true })),
      );
    await setSandbox(dir, [`latency=${latency}`]);
    const before = await logged();
    const script = await measured(folder, [path.join(import.meta.dirname, "per-user-script.mjs"), dir, sample]);
    const asked = (await loggedSince(before)).length;
    const scale = users / sample;
    const scriptSeconds = script.seconds * scale;
    const table = newTable(`${users} users, ${latency} ms an answer and a part of a batch`, [
      "run",
      "seconds",
      "the wire's own",
      "ratio",
      "goal",
      "requests a user",
      "CPU ms a user",
      "peak MiB",
    ]);
    table.push([
      sample < users ? `script, from ${sample} users` : "script",
      scriptSeconds.toFixed(1),
      ((asked * scale * latency) / 1000).toFixed(1),
      "1.0",
      "",
      (asked / sample).toFixed(2),
      (script.cpu / sample).toFixed(1),
      script.peak.toFixed(0),
    ]);
    for (const name of ["cold", "warm"]) {
      const { run, requests, wire } = await audited(name);
      const ratio = scriptSeconds / run.seconds;
      const goal = GOALS[name];
      if (ratio < goal) missed.push(`${name}: ${ratio.toFixed(1)}x of ${goal}x`);
      if (name === "cold" && run.cpu / users > CPU_A_USER) {
        missed.push(`cold: ${(run.cpu / users).toFixed(1)} ms CPU a user of ${CPU_A_USER}`);
      }
      table.push([
        name,
        run.seconds.toFixed(1),
        wire.toFixed(1),
        ratio.toFixed(1),
        `${goal}`,
        (requests / users).toFixed(2),
        (run.cpu / users).toFixed(1),
        run.peak.toFixed(0),
      ]);
    }
    print(table);
  } finally {
    await close();
  }
}

/** An audit with a state of its own, without latency. */
async function rehearsal() {
  const other = path.join(dir, "rehearsal.yaml");
  const text = await readFile(config, "utf8");
  await appendFile(other, text.replace("./photodrift.db", "./rehearsal.db").replace("./reports", "./rehearsal"));
  await measured(folder, [MAIN, "audit", "--config", other, "--quiet"]);
}

async function audited(name) {
  const report = path.join(folder, `${name}.json`);
  const before = await logged();
  const flags = ["--config", config, "--format", "json", "--output", report, "--quiet"];
  const run = await measured(folder, [MAIN, "audit", ...flags]);
  const { cost } = JSON.parse(await readFile(report, "utf8"));
  const entries = await loggedSince(before);
  return { run, requests: Object.values(cost.requests).reduce((sum, n) => sum + n, 0), wire: wire(entries) };
}

/** When the last request came; the log forgets the oldest where it is full. */
async function logged() {
  return (await readSandbox(dir, "log")).entries.at(-1)?.time ?? "";
}

async function loggedSince(last) {
  return (await readSandbox(dir, "log")).entries.filter(({ time }) => time > last);
}

/** Seconds that the busiest host needs for its answers and parts, with as many under way as are allowed. */
function wire(entries) {
  const work = new Map();
  for (const { host, batched } of entries) {
    const at = batched && host === "graph" ? 1 / GRAPH_WIDTH : 1;
    work.set(host, (work.get(host) ?? 0) + at);
  }
  return (Math.max(...work.values()) * latency) / 1000 / AT_ONCE;
}
