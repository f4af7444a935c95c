/**
 * From 1,000 to 100,000 users: `npm run bench:scale [-- SANDBOX_SIZES [PAPER_SIZES]]` after a build, sizes with commas between them (1000,10000 and
 * 1000,10000,100000). Cold and warm audits to the end, each in a process of its own: against the sandbox, whose pictures are drawn or come from
 * PHOTOS; and against a tenant on paper, whose answers and pictures cost next to nothing, so that what is left is the program's own. The
 * sandboxes stay in SEEDS (a folder beside the system's temporary files) and are seeded once. Exit code 1 when a budget is missed.
 */
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { MAIN, measured, openSandbox, sizeOf } from "./measured.mjs";
import { paperConfig } from "./paper-config.mjs";
import { newTable, print } from "./tables.mjs";

const [sandboxSizes = "1000,10000", paperSizes = "1000,10000,100000"] = process.argv.slice(2);
const seeds = process.env.SEEDS ?? path.join(tmpdir(), "photodrift-scale");
const PAPER_TENANT = path.join(import.meta.dirname, "paper-tenant.mjs");
const MEBIBYTE = 1024 * 1024;
const BUDGET = { exponent: 1.05, stateKilobytes: 5, logMebibytes: 64, small: 220, large: 250 };
const FORMATS = ["json", "html", "csv", "text"];

const missed = [];
const folder = await mkdtemp(path.join(tmpdir(), "photodrift-bench-scale-"));
try {
  await series("sandbox", sizesOf(sandboxSizes), inSandbox);
  await series("paper", sizesOf(paperSizes), onPaper);
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(missed.length === 0 ? "All budgets held." : `Budgets missed: ${missed.join("; ")}`);
process.exitCode = missed.length === 0 ? 0 : 1;

function sizesOf(text) {
  return text
    .split(",")
    .map(Number)
    .filter((size) => size > 0);
}

async function series(name, sizes, run) {
  if (sizes.length === 0) return;
  const runs = [];
  const reports = [];
  let before = null;
  for (const users of sizes) {
    const found = await run(users);
    for (const [at, one] of found.runs.entries()) {
      const exponent =
        before === null ? null : Math.log(one.cpu / before.runs[at].cpu) / Math.log(users / before.users);
      judge(`${name}, ${users} users, ${one.name}`, users, one, exponent);
      const state = one.state / users / 1000;
      runs.push([
        users,
        one.name,
        one.requests ?? "",
        (one.cpu / users).toFixed(2),
        exponent?.toFixed(2) ?? "",
        one.peak.toFixed(0),
        mebibytes(one.largest),
        mebibytes(one.written),
        state.toFixed(2),
      ]);
    }
    for (const one of found.reports) {
      reports.push([users, one.format, mebibytes(one.bytes), (one.cpu / 1000).toFixed(1), one.peak.toFixed(0)]);
    }
    before = { users, runs: found.runs };
  }
  const columns = ["requests", "CPU ms a user", "exponent", "peak MiB", "log MiB", "written MiB", "state kB a user"];
  show(`${name}: runs`, ["users", "run", ...columns], runs);
  show(`${name}: reports of the warm run`, ["users", "format", "MiB", "CPU s", "peak MiB"], reports);
}

function show(title, head, rows) {
  const table = newTable(title, head);
  table.push(...rows);
  print(table);
}

function judge(name, users, { peak, largest, state }, exponent) {
  const most = users > 10_000 ? BUDGET.large : BUDGET.small;
  if (peak > most) missed.push(`${name}: ${peak.toFixed(0)} MiB of ${most}`);
  if (largest / MEBIBYTE > BUDGET.logMebibytes) missed.push(`${name}: log of ${mebibytes(largest)} MiB`);
  // Small tenants keep a preview of every picture.
  if (users > 2_000 && state / users / 1000 > BUDGET.stateKilobytes)
    missed.push(`${name}: ${(state / users / 1000).toFixed(1)} kB a user`);
  if (exponent !== null && exponent > BUDGET.exponent) missed.push(`${name}: exponent ${exponent.toFixed(2)}`);
}

async function inSandbox(users) {
  const dir = path.join(seeds, String(users));
  await mkdir(dir, { recursive: true });
  for (const end of ["", "-wal", "-shm"]) await rm(path.join(dir, `photodrift.db${end}`), { force: true });
  const photos = process.env.PHOTOS === undefined ? [] : ["--photos", process.env.PHOTOS];
  const close = await openSandbox("--profile", "large", "--users", users, "--dir", dir, ...photos);
  try {
    const config = path.join(dir, "photodrift.yaml");
    const state = path.join(dir, "photodrift.db");
    const runs = [];
    for (const name of ["cold", "warm"]) {
      const report = path.join(folder, "audit.json");
      const flags = ["--config", config, "--format", "json", "--output", report, "--quiet"];
      const run = await measured(folder, [MAIN, "audit", ...flags], { file: `${state}-wal` });
      told("sandbox", users, name, run);
      const { cost } = JSON.parse(await readFile(report, "utf8"));
      const requests = Object.values(cost.requests).reduce((sum, count) => sum + count, 0);
      runs.push({ name, ...run, requests, state: sizeOf(state) });
    }
    return { runs, reports: await reportsOf(config) };
  } finally {
    await close();
  }
}

async function onPaper(users) {
  const home = path.join(folder, `paper-${users}`);
  await mkdir(home);
  const state = path.join(home, "state.db");
  const runs = [];
  for (const name of ["cold", "warm"]) {
    const env = { STATE_FOLDER: home, PAPER_RUNS: name };
    const run = await measured(folder, [PAPER_TENANT, users], { env, file: `${state}-wal` });
    told("paper", users, name, run);
    runs.push({ name, ...run, state: sizeOf(state) });
  }
  const reports = await reportsOf(await paperConfig(home, state));
  await rm(home, { recursive: true });
  return { runs, reports };
}

/** A line for each run when it ends: a series takes hours. */
function told(series, users, name, { seconds, cpu, peak, largest }) {
  const cost = `${seconds.toFixed(0)} s, ${(cpu / 1000).toFixed(0)} CPU s, ${peak.toFixed(0)} MiB`;
  console.error(`${series}, ${users} users, ${name}: ${cost}, log ${mebibytes(largest)} MiB`);
}

async function reportsOf(config) {
  const found = [];
  for (const format of FORMATS) {
    const output = path.join(folder, `report.${format}`);
    const run = await measured(folder, [MAIN, "report", "--config", config, "--format", format, "--output", output]);
    found.push({ format, ...run, bytes: sizeOf(output) });
    await rm(output);
  }
  return found;
}

function mebibytes(bytes) {
  return (bytes / MEBIBYTE).toFixed(1);
}
