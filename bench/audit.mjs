/**
 * Cost of an audit: `npm run bench:audit [-- USERS [MEMORY_USERS]]` after a build. Two parts, each beside its documented budget
 * (src/README.md): requests, image bytes and peak memory of `photodrift audit`, cold and warm, against a sandbox of USERS (2,000); and
 * peak memory of the same audit over services that answer from the process itself, for a tenth of MEMORY_USERS and for all of them
 * (100,000): it must not grow with the tenant. Exit code 1 when a budget is missed.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import Table from "cli-table3";

const [users = "2000", memoryUsers = "100000"] = process.argv.slice(2);
const MAIN = path.join(import.meta.dirname, "..", "dist", "main.js");
const PAPER_TENANT = path.join(import.meta.dirname, "paper-tenant.mjs");
const MEBIBYTE = 1024 * 1024;
const MEMORY_BUDGET = 300;

const folder = await mkdtemp(path.join(tmpdir(), "photodrift-bench-"));
const missed = [];
const table = new Table({
  head: ["measured", "found", "budget", "share"],
  colAligns: ["left", "right", "right", "right"],
});
try {
  if (Number(users) > 0) await requests(Number(users));
  if (Number(memoryUsers) > 0) await memory(Number(memoryUsers));
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(table.toString());
console.log(missed.length === 0 ? "All budgets held." : `Budgets missed: ${missed.join("; ")}`);
process.exitCode = missed.length === 0 ? 0 : 1;

/** 900 Graph requests, 6 inventory pages and a download a picture for 10,000 users cold; 560 requests and no image warm. */
async function requests(count) {
  const dir = path.join(folder, "sandbox");
  const sandbox = spawn(process.execPath, [
    MAIN,
    "sandbox",
    "start",
    "--profile",
    "large",
    "--users",
    count,
    "--dir",
    dir,
  ]);
  try {
    await new Promise((resolve, reject) => {
      sandbox.stdout.once("data", resolve);
      sandbox.once("exit", () => reject(new Error("the sandbox did not start")));
    });
    const fixed = 20; // tokens, licences, topology, policy, library: once a run
    const share = count / 10_000;
    for (const name of ["cold", "warm"]) {
      const report = path.join(folder, `${name}.json`);
      const flags = ["--config", path.join(dir, "photodrift.yaml"), "--format", "json", "--output", report, "--quiet"];
      const peak = await peakOf([MAIN, "audit", ...flags]);
      const { cost } = JSON.parse(await readFile(report, "utf8"));
      const { graph, sharepoint, login } = cost.requests;
      const of = `${name}, ${count} users:`;
      if (name === "cold") {
        row(`${of} Graph requests`, graph, Math.ceil(900 * share) + fixed);
        row(
          `${of} SharePoint requests but downloads`,
          sharepoint - (await downloads(dir)),
          Math.ceil(6 * share) + 5 + fixed,
        );
      } else {
        // Besides metadata: 500 profiles in the rolling round and 1,500 doubtful ones, whatever the number of users.
        row(`${of} requests`, graph + sharepoint + login, Math.ceil(512 * share) + 20 + fixed);
        row(`${of} images`, cost.imagesDownloaded, 0);
      }
      row(`${of} peak memory, MiB`, peak, MEMORY_BUDGET);
    }
  } finally {
    sandbox.kill("SIGTERM");
    await new Promise((resolve) => sandbox.once("exit", resolve));
  }
}

async function downloads(dir) {
  const { readSandbox } = await import("../dist/sandbox/index.js");
  const { entries } = await readSandbox(dir, "log");
  return entries.filter(({ host, path: asked }) => host === "sharepointMy" && /\$value/i.test(asked)).length;
}

async function memory(count) {
  const small = await peakOf([PAPER_TENANT, count / 10]);
  const large = await peakOf([PAPER_TENANT, count]);
  row(`in memory, ${count / 10} users: peak memory, MiB`, small, MEMORY_BUDGET);
  row(`in memory, ${count} users: peak memory, MiB`, large, MEMORY_BUDGET);
}

/** Runs a script to its end; gives its peak resident memory in MiB. */
async function peakOf(args) {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  let peak = 0;
  const look = setInterval(() => (peak = Math.max(peak, residentOf(child.pid))), 50);
  const code = await new Promise((resolve) => child.once("exit", resolve));
  clearInterval(look);
  if (code !== 0 && code !== 2) throw new Error(`${args.join(" ")} ended with ${code}`);
  return Math.round(peak / MEBIBYTE);
}

/** Highest resident size so far where the system tells it (Linux), 0 elsewhere. */
function residentOf(pid) {
  try {
    const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return Number(found?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function row(what, found, budget) {
  const share = budget === 0 ? (found === 0 ? "held" : "missed") : `${Math.round((100 * found) / budget)} %`;
  table.push([what, found, budget, share]);
  if (found > budget) missed.push(what);
}
