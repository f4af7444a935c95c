import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import {
  readSandbox,
  setSandbox,
  startSandbox,
  type RunningSandboxServer,
  type SandboxOptions,
} from "../../src/sandbox/index.js";
import { photodrift, type CliResult } from "./cli.js";
import { dueIn } from "./due-in.mjs";
import { until } from "./fleet.js";
import type { SandboxLog } from "./sandbox-tenant.js";

const MAIN = join(import.meta.dirname, "..", "..", "dist", "main.js");

/** A fleet of sandbox tenants with its files, over a database of the test. */
export interface FleetSite {
  readonly dir: string;
  readonly file: string;
  readonly pool: pg.Pool;
  readonly tenants: ReadonlyMap<string, SiteTenant>;
  cli(...args: readonly string[]): Promise<CliResult>;
  schedule(name: string, text: string): Promise<void>;
  /** Makes a schedule due for every tenant as soon as the workers follow it: nothing depends on how fast they start. Its cron line: `PASSED`. */
  makeDue(name: string): Promise<void>;
  worker(...args: readonly string[]): SiteWorker;
  stop(): Promise<void>;
}

export interface SiteTenant {
  readonly id: string;
  readonly dir: string;
  readonly server: RunningSandboxServer;
  set(...pairs: readonly string[]): Promise<void>;
  log(): Promise<SandboxLog>;
  /** Every picture of the tenant by place, as hashes; for comparing two tenants. */
  pictures(): Promise<unknown>;
}

export interface SiteWorker {
  readonly process: ChildProcess;
  readonly said: () => string;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<number | null>;
}

/** @param wanted name -> options of its sandbox */
export async function fleetSite(
  url: string,
  wanted: Readonly<Record<string, Omit<SandboxOptions, "dir">>>,
): Promise<FleetSite> {
  const dir = await mkdtemp(join(tmpdir(), "photodrift-fleet-"));
  await mkdir(join(dir, "schedules"));
  const tenants = new Map<string, SiteTenant>();
  for (const [name, options] of Object.entries(wanted))
    tenants.set(name, await siteTenant(join(dir, "tenants", name), name, options));
  const file = join(dir, "fleet.yaml");
  await writeFile(file, "database: ${PHOTODRIFT_DATABASE}\ntenants: ./tenants/*/photodrift.yaml\nworkFolder: ./work\n");
  const env = { PHOTODRIFT_DATABASE: url };
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  pool.on("error", () => undefined);
  const workers: SiteWorker[] = [];
  return {
    dir,
    file,
    pool,
    tenants,
    cli: (...args) => photodrift(["fleet", ...args, "--fleet", file], dir, env),
    schedule: (name, text) => writeFile(join(dir, "schedules", `${name}.yaml`), text),
    makeDue: (name) => makeDue(pool, name, tenants.size),
    worker(...args) {
      const one = startWorker(["fleet", "worker", "--fleet", file, ...args], dir, env);
      workers.push(one);
      return one;
    },
    async stop() {
      for (const one of workers) one.kill("SIGKILL");
      await Promise.all(workers.map(({ ended }) => ended));
      await pool.end();
      for (const { server } of tenants.values()) await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A cron line that was due a minute ago and is not for most of a year: a worker that begins to follow it has nothing to do. */
export const PASSED = dueIn(-60);

async function makeDue(pool: pg.Pool, name: string, tenants: number): Promise<void> {
  const followed = async (): Promise<number> => {
    const { rowCount } = await pool.query("SELECT FROM photodrift.followed WHERE schedule = $1", [name]);
    return rowCount ?? 0;
  };
  await until(
    () => followed().catch(() => 0),
    (count) => count === tenants,
    200,
  );
  await pool.query("UPDATE photodrift.followed SET settled_to = now() - interval '20 minutes' WHERE schedule = $1", [
    name,
  ]);
  await pool.query("UPDATE photodrift_jobs._private_jobs SET run_at = now() WHERE payload->>'schedule' = $1", [name]);
}

async function siteTenant(dir: string, name: string, options: Omit<SandboxOptions, "dir">): Promise<SiteTenant> {
  const server = await startSandbox({ users: 12, seed: 3, ...options, dir });
  const config = join(dir, "photodrift.yaml");
  // Every sandbox is called contoso.
  await writeFile(config, (await readFile(config, "utf8")).replace(/^( +name: ).*$/m, `$1${name}`));
  return {
    id: server.tenantId.toLowerCase(),
    dir,
    server,
    set: async (...pairs) => void (await setSandbox(dir, pairs)),
    log: async () => (await readSandbox(dir, "log")) as SandboxLog,
    pictures: () => readSandbox(dir, "state?hashes=1"),
  };
}

function startWorker(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): SiteWorker {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...process.env, HTTPS_PROXY: "", https_proxy: "", NO_COLOR: "1", ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { process: child, said: () => said, kill: (signal) => void child.kill(signal), ended };
}

/** Requests that changed something in the tenant. */
export function writesOf({ entries }: SandboxLog): readonly string[] {
  return entries
    .filter(({ method, path, status }) => status < 300 && isWrite(method, path))
    .map(({ method, path }) => `${method} ${path}`);
}

function isWrite(method: string, path: string): boolean {
  if (["PUT", "PATCH", "DELETE"].includes(method)) return true;
  return (
    method === "POST" &&
    !/\/(?:\$batch|token|contextinfo)|oauth2|_vti_bin\/client/i.test(path) &&
    !/Get\w+\(/.test(path)
  );
}
