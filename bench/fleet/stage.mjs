/** What every part of the fleet's bench needs: a database of its own, sandbox tenants, workers as processes, and questions to the database. */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import pg from "pg";
import { setSandbox, startSandbox } from "../../dist/sandbox/index.js";
import { openProxy } from "./proxy.mjs";

export { dueIn } from "../../test/support/due-in.mjs";

const MAIN = path.join(import.meta.dirname, "..", "..", "dist", "main.js");
const USAGE = path.join(import.meta.dirname, "..", "usage.mjs");

export const number = (name, otherwise) => Number(process.env[name] ?? otherwise);
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param folder of the bench @param server its PostgreSQL */
export function openStage(folder, server) {
  /** A database of its own for each part. */
  async function database(name) {
    const admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    await admin.query(`CREATE DATABASE "${name}"`);
    await admin.end();
    return server.url.replace(/\/postgres$/, `/${name}`);
  }

  /**
   * Sandbox tenants, and a fleet.yaml over a database of their own.
   * @param seeds different tenants; further ones are twins of these, with servers, state and ids of their own
   */
  async function site(name, { tenants, users, latency = 0, seeds = tenants, concurrency = 2 }) {
    const dir = path.join(folder, name);
    await mkdir(path.join(dir, "schedules"), { recursive: true });
    const sandboxes = [];
    for (let i = 0; i < tenants; i++)
      sandboxes.push(await sandbox(dir, i, { users, latency, seed: 100 + (i % seeds) }));
    const url = await database(name);
    const text = `database: \${PHOTODRIFT_DATABASE}\ntenants: ./tenants/*/photodrift.yaml\nconcurrency: ${concurrency}\n`;
    await writeFile(path.join(dir, "fleet.yaml"), text);
    const pool = new pg.Pool({ connectionString: url, max: 2 });
    pool.on("error", () => undefined);
    async function stop() {
      await pool.end();
      for (const { server: one } of sandboxes) await one.stop();
    }
    return { dir, pool, sandboxes, url, stop };
  }
  return { folder, database, site };
}

async function sandbox(dir, i, { users, latency, seed }) {
  const own = path.join(dir, "tenants", `t${String(i).padStart(3, "0")}`);
  const server = await startSandbox({ dir: own, users, seed, profile: "demo" });
  const file = path.join(own, "photodrift.yaml");
  // A twin is another tenant: the id tells them apart.
  server.tenant.id = `${server.tenantId.slice(0, -4)}${String(i).padStart(4, "0")}`;
  const text = await readFile(file, "utf8");
  // Every drift there is was seeded among few users: more than an apply is trusted with unasked.
  const limits = "limits:\n  maxChangePercent: 100\n";
  await writeFile(file, `${text.replace(/^ {2}id: .*$/m, `  id: ${server.tenant.id}`)}\n${limits}`);
  if (latency > 0) await setSandbox(own, [`latency=${latency}`]);
  return { dir: own, id: server.tenant.id.toLowerCase(), name: path.basename(own), seed, server };
}

/** Starts the program; `ended` gives its exit code. */
export function program(args, cwd, more = {}) {
  const env = { ...process.env, HTTPS_PROXY: "", https_proxy: "", NO_COLOR: "1", ...more };
  const child = spawn(process.execPath, ["--import", USAGE, MAIN, ...args], {
    cwd,
    env: { USAGE_FILE: "/dev/null", ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (said = (said + text).slice(-20_000)));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  return { child, said: () => said, ended };
}

/**
 * A worker as on a machine of its own: a folder that no other has, and its own way to the database.
 * @param options `args` of `fleet worker`, `env`
 */
export async function startWorker({ dir, url }, { args = [], env = {} } = {}) {
  const proxy = await openProxy(url);
  const run = await ownMachine({ dir, url: proxy.url }, ["worker", "--quiet", ...args], env);
  return {
    ...run,
    proxy,
    alive: () => run.child.exitCode === null && run.child.signalCode === null,
    async end(signal = "SIGKILL") {
      run.child.kill(signal);
      await run.ended;
      await proxy.close();
    },
  };
}

/** A command of the fleet on a machine of its own. */
export async function ownMachine({ dir, url }, args, env = {}) {
  const work = await mkdtemp(path.join(dir, "work-"));
  const file = path.join(dir, `fleet-${path.basename(work)}.yaml`);
  await writeFile(file, `${await readFile(path.join(dir, "fleet.yaml"), "utf8")}workFolder: ${work}\n`);
  return program(["fleet", ...args, "--fleet", file], dir, { PHOTODRIFT_DATABASE: url, ...env });
}

export async function schedule({ dir }, name, text) {
  await writeFile(path.join(dir, "schedules", `${name}.yaml`), text);
}

/** Waits until as many due runs have ended, and gives them. */
export async function allEnded(pool, count, seconds, where = "true") {
  const end = Date.now() + seconds * 1_000;
  let told = Date.now();
  for (;;) {
    const { rows } = await pool
      .query(`SELECT * FROM photodrift.due_runs WHERE state IN ('done', 'failed') AND ${where}`)
      .catch(() => ({ rows: [] }));
    if (rows.length >= count) return rows;
    if (Date.now() > end) throw new Error(`only ${rows.length} of ${count} runs ended`);
    if (Date.now() - told > 60_000) {
      told = Date.now();
      console.error(`${new Date().toISOString()} ${rows.length} of ${count} runs ended`);
    }
    await sleep(500);
  }
}
