/**
 * A fleet under load: `npm run bench:fleet` after a build, where PostgreSQL is installed. PARTS names what is measured (all of
 * kills,throughput,state,scale); TENANTS (8), USERS (10) and WORKERS (2) size `kills`, STATE_USERS (300) `state`, MANY (2000) `scale`. The
 * full size is TENANTS=100 USERS=30 WORKERS=4 STATE_USERS=2000 MANY=10000. Exit code 1 when a budget is missed.
 */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import Table from "cli-table3";
import pg from "pg";
import { startOwnPostgres } from "../dist/cli/fleet/own-postgres.js";
import { runFleetWorker } from "../dist/fleet/index.js";
import { openFleetDatabase } from "../dist/state/postgres/index.js";
import { readSandbox, setSandbox, startSandbox } from "../dist/sandbox/index.js";

const MAIN = path.join(import.meta.dirname, "..", "dist", "main.js");
const number = (name, otherwise) => Number(process.env[name] ?? otherwise);
const parts = (process.env.PARTS ?? "scale,throughput,state,kills").split(",");
const table = new Table({ head: ["measured", "found", "budget"], colAligns: ["left", "right", "right"] });
const missed = [];
const folder = await mkdtemp(path.join(tmpdir(), "photodrift-bench-fleet-"));
const postgres = await startOwnPostgres();
const measures = { kills, throughput, state, scale };
try {
  for (const part of parts) await measures[part]();
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
console.log(table.toString());
console.log(missed.length === 0 ? "All budgets held." : `Budgets missed: ${missed.join("; ")}`);
process.exitCode = missed.length === 0 ? 0 : 1;

function tell(what, found, budget = "", held = true) {
  table.push([what, String(found), String(budget)]);
  console.error(`${what}: ${found}`);
  if (!held) missed.push(what);
}

/** A database of its own for each part. */
async function database(name) {
  const admin = new pg.Client({ connectionString: postgres.url });
  await admin.connect();
  await admin.query(`CREATE DATABASE "${name}"`);
  await admin.end();
  return postgres.url.replace(/\/postgres$/, `/${name}`);
}

async function site(name, tenants, users, latency) {
  const dir = path.join(folder, name);
  await mkdir(path.join(dir, "schedules"), { recursive: true });
  const sandboxes = [];
  for (let i = 0; i < tenants; i++) {
    const own = path.join(dir, "tenants", `t${String(i).padStart(3, "0")}`);
    sandboxes.push({ dir: own, server: await startSandbox({ dir: own, users, seed: 100 + i, profile: "demo" }) });
    if (latency > 0) await setSandbox(own, [`latency=${latency}`]);
  }
  const url = await database(name);
  await writeFile(
    path.join(dir, "fleet.yaml"),
    `database: ${url}\ntenants: ./tenants/*/photodrift.yaml\nconcurrency: 2\n`,
  );
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on("error", () => undefined);
  return {
    dir,
    pool,
    sandboxes,
    url,
    async stop() {
      await pool.end();
      for (const { server } of sandboxes) await server.stop();
    },
  };
}

function program(args, cwd) {
  const env = { ...process.env, HTTPS_PROXY: "", https_proxy: "", NO_COLOR: "1" };
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (said = (said + text).slice(-4000)));
  return { child, said: () => said, ended: new Promise((resolve) => child.once("exit", (code) => resolve(code))) };
}

async function worker({ dir }, ...more) {
  // A folder of its own: workers share no disk.
  const work = await mkdtemp(path.join(dir, "work-"));
  const file = path.join(dir, `fleet-${path.basename(work)}.yaml`);
  const { readFile } = await import("node:fs/promises");
  await writeFile(file, `${await readFile(path.join(dir, "fleet.yaml"), "utf8")}workFolder: ${work}\n`);
  return program(["fleet", "worker", "--fleet", file, "--quiet", ...more], dir);
}

function dueIn(seconds) {
  const due = new Date(Date.now() + seconds * 1_000);
  return [
    due.getUTCSeconds(),
    due.getUTCMinutes(),
    due.getUTCHours(),
    due.getUTCDate(),
    due.getUTCMonth() + 1,
    "*",
  ].join(" ");
}

async function allEnded(pool, count, seconds) {
  const end = Date.now() + seconds * 1_000;
  for (;;) {
    const { rows } = await pool
      .query(
        "SELECT tenant, state, attempts, verdict, reason FROM photodrift.due_runs WHERE state IN ('done', 'failed')",
      )
      .catch(() => ({ rows: [] }));
    if (rows.length >= count) return rows;
    if (Date.now() > end) throw new Error(`only ${rows.length} of ${count} runs ended`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Successful writes by place, from the tenant's own log. */
async function writes(dir) {
  const { entries } = await readSandbox(dir, "log");
  return entries.filter(({ method, path: asked, status }) => status < 300 && isWrite(method, asked)).length;
}

function isWrite(method, asked) {
  if (["PUT", "PATCH", "DELETE"].includes(method)) return true;
  return method === "POST" && !/\$batch|token|contextinfo|_vti_bin\/client/i.test(asked) && !/Get\w+\(/.test(asked);
}

async function pictures(dir) {
  const { library, users } = await readSandbox(dir, "state?hashes=1");
  const sizes = users.map(({ upn, exchange }) => `${upn} ${exchange?.width ?? 0}x${exchange?.height ?? 0}`);
  return JSON.stringify([library.map(({ path: at, sha256 }) => `${at} ${sha256}`).sort(), sizes.sort()]);
}

/** Workers die while they apply; the ends are compared with runs of one machine. */
async function kills() {
  const tenants = number("TENANTS", 8);
  const users = number("USERS", 10);
  const count = number("WORKERS", 2);
  const every = number("KILL_SECONDS", 20) * 1_000;
  const fleet = await site("kills", tenants, users, 15);
  const single = await site("single", tenants, users, 0);
  for (const { dir } of single.sandboxes)
    await program(["apply", "--yes", "--config", path.join(dir, "photodrift.yaml")], dir).ended;
  await writeFile(path.join(fleet.dir, "schedules", "mend.yaml"), `cron: "${dueIn(15)}"\nmode: apply\n`);
  const workers = await Promise.all(Array.from({ length: count }, () => worker(fleet)));
  let killed = 0;
  let stopped = null;
  const timer = setInterval(async () => {
    const alive = workers.filter(
      ({ child }) => child.exitCode === null && child.signalCode === null && child !== stopped,
    );
    const victim = alive[killed % alive.length];
    if (victim === undefined) return;
    if (killed === 1 && stopped === null) {
      stopped = victim.child;
      victim.child.kill("SIGSTOP");
      setTimeout(() => victim.child.kill("SIGCONT"), number("STOP_SECONDS", 100) * 1_000);
    } else victim.child.kill("SIGKILL");
    killed++;
    workers.push(await worker(fleet));
  }, every);
  try {
    const rows = await allEnded(fleet.pool, tenants, number("PATIENCE", 900));
    for (const { tenant, state: how, attempts, verdict, reason } of rows)
      console.error(`${tenant}: ${how}, ${attempts} attempts, ${verdict}, ${reason}`);
    const again = rows.filter(({ attempts }) => attempts > 1).length;
    tell("workers killed or stopped while they applied", killed);
    tell(
      "due runs that ended",
      `${rows.length} of ${tenants}, ${again} taken up again`,
      tenants,
      rows.length === tenants,
    );
    let same = 0;
    let doubled = 0;
    for (const [i, { dir }] of fleet.sandboxes.entries()) {
      const other = single.sandboxes[i].dir;
      const [shown, wanted] = await Promise.all([pictures(dir), pictures(other)]);
      if (shown === wanted) same++;
      else console.error(`${path.basename(dir)} differs: ${difference(shown, wanted)}`);
      doubled += Math.max(0, (await writes(dir)) - (await writes(other)));
    }
    tell("tenants that ended as on one machine", `${same} of ${tenants}`, tenants, same === tenants);
    tell("writes beyond those of one machine", doubled, 0, doubled === 0);
  } finally {
    clearInterval(timer);
    for (const { child } of workers) child.kill("SIGKILL");
    await fleet.stop();
    await single.stop();
  }
}

/** What of two descriptions is not in the other. */
function difference(one, other) {
  const [a, b] = [one, other].map((text) => JSON.parse(text).flat());
  const only = (of, not) => of.filter((line) => !not.includes(line));
  return JSON.stringify({ fleet: only(a, b).slice(0, 6), single: only(b, a).slice(0, 6) });
}

/** The same audits with one worker and with two, at a latency at which a worker waits for its tenant. */
async function throughput() {
  const tenants = number("THROUGHPUT_TENANTS", 6);
  const latency = number("LATENCY", 40);
  const seconds = {};
  for (const count of [1, 2]) {
    const fleet = await site(`through${count}`, tenants, number("USERS", 10), latency);
    const due = 12;
    await writeFile(path.join(fleet.dir, "schedules", "audit.yaml"), `cron: "${dueIn(due)}"\n`);
    const workers = await Promise.all(Array.from({ length: count }, () => worker(fleet, "--concurrency", "1")));
    try {
      await allEnded(fleet.pool, tenants, 600);
      const { rows } = await fleet.pool.query(
        "SELECT extract(epoch FROM max(finished_at) - min(started_at))::float8 AS s, count(DISTINCT worker) AS n FROM photodrift.due_runs",
      );
      seconds[count] = rows[0].s;
    } finally {
      for (const { child } of workers) child.kill("SIGKILL");
      await fleet.stop();
    }
  }
  tell(`${tenants} audits at ${latency} ms, one worker`, `${seconds[1].toFixed(1)} s`);
  const gain = seconds[1] / seconds[2];
  tell("two workers against one", `${gain.toFixed(2)}x`, "1.8x", gain >= 1.8);
}

/** One tenant: the state in a file against the state in the database. */
async function state() {
  const users = number("STATE_USERS", 300);
  const fleet = await site("state", 1, users, 0);
  const [{ dir }] = fleet.sandboxes;
  async function timed(args) {
    const before = (await readSandbox(dir, "log")).entries.length;
    const from = performance.now();
    const run = program(args, fleet.dir);
    const code = await run.ended;
    if (![0, 2].includes(code)) throw new Error(run.said());
    return {
      seconds: (performance.now() - from) / 1_000,
      requests: (await readSandbox(dir, "log")).entries.length - before,
    };
  }
  try {
    const local = ["audit", "--quiet", "--no-notify", "--config", path.join(dir, "photodrift.yaml")];
    const remote = ["fleet", "run", "t000", "--quiet", "--fleet", path.join(fleet.dir, "fleet.yaml")];
    for (const heat of ["cold", "warm"]) {
      const file = await timed(local);
      const base = await timed(remote);
      const ratio = base.seconds / file.seconds;
      tell(
        `${users} users ${heat}: file ${file.seconds.toFixed(1)} s, database`,
        `${base.seconds.toFixed(1)} s, ${ratio.toFixed(2)}x`,
        "1.3x",
        ratio <= 1.3,
      );
      tell(
        `${users} users ${heat}: requests, file and database`,
        `${file.requests} and ${base.requests}`,
        "equal",
        file.requests === base.requests,
      );
    }
    const { rows } = await fleet.pool.query("SELECT pg_database_size(current_database())::float8 / 1048576 AS mib");
    tell("database after two audits", `${rows[0].mib.toFixed(1)} MiB`);
  } finally {
    await fleet.stop();
  }
}

/** The engine alone: as many tenants due in the same moment, with runs that do nothing. */
async function scale() {
  const many = number("MANY", 2_000);
  const url = await database("scale");
  const opened = openFleetDatabase(url, { connections: 12 });
  const { pool } = opened;
  const end = new AbortController();
  const due = Date.now() + 8_000 + many * 4;
  const timetable = {
    idle: false,
    delayMs: 0,
    expression: "bench",
    after: (at) => (at < due ? due : Date.UTC(2100, 0, 1)),
    lastIn: (from, to) => (from < due && due <= to ? due : null),
    countIn: (from, to) => (from < due && due <= to ? 1 : 0),
  };
  const schedule = { name: "bench", mode: "audit", file: "" };
  const entries = Array.from({ length: many }, (_, i) => ({ tenant: `tenant-${i}`, schedule, timetable }));
  let ran = 0;
  let read = false;
  const silent = () => undefined;
  const working = runFleetWorker({
    database: opened,
    identity: { host: "bench", pid: process.pid, version: "0", concurrency: 8 },
    entries: { read: () => (read ? null : ((read = true), entries)) },
    execute: async () => {
      if (++ran === many) end.abort();
      return { head: { id: `r${ran}`, verdict: "in-sync", exitCode: 0 }, summary: {}, cost: {} };
    },
    log: { info: silent, warn: silent, error: console.error },
    events: { finished: silent, failed: silent, putBack: silent },
    signal: end.signal,
  });
  await working;
  const took = (Date.now() - due) / 1_000;
  const { rows } = await pool.query(
    "SELECT pg_database_size(current_database())::float8 / 1048576 AS mib, (SELECT count(*)::integer FROM photodrift.due_runs WHERE state = 'done') AS done",
  );
  await opened.close();
  tell(
    `${many} tenants due at once: runs a second that one worker takes up`,
    (many / took).toFixed(0),
    "20",
    many / took >= 20,
  );
  tell("runs recorded once", `${rows[0].done} of ${many}`, many, rows[0].done === many && ran === many);
  tell("database of the engine", `${rows[0].mib.toFixed(1)} MiB`);
}
