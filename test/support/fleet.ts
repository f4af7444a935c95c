import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import pg from "pg";

/** What test/fleet/worker-child.mjs is told. */
export interface ChildWish {
  readonly url: string;
  readonly tenants: readonly string[];
  /** Due times of every schedule, milliseconds since 1970 UTC. */
  readonly due: readonly number[];
  readonly schedules?: readonly string[];
  readonly runMs?: number;
  readonly concurrency?: number;
  readonly times?: { readonly [name: string]: number };
  readonly fates?: { readonly [tenant: string]: "login" | "throttled" | "stuck" };
}

export interface WorkerChild {
  readonly process: ChildProcess;
  readonly said: () => string;
  kill(signal: NodeJS.Signals): void;
  ended(): Promise<number | null>;
}

/** Times at which tests do not wait long for a dead worker. */
export const QUICK = { beat: 300, silence: 2_000, sweep: 500, files: 500, poll: 200, finish: 1_000, abort: 3_000 };

/** Starts a worker whose runs are written down in the table `ran`. */
export function startWorkerChild(wish: ChildWish): WorkerChild {
  const file = join(import.meta.dirname, "..", "fleet", "worker-child.mjs");
  const child = spawn(process.execPath, [file, JSON.stringify({ times: QUICK, ...wish })], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { process: child, said: () => said, kill: (signal) => void child.kill(signal), ended: () => ended };
}

export interface Ran {
  readonly tenant: string;
  readonly schedule: string;
  readonly pid: number;
  readonly attempt: number;
  readonly started: Date;
  readonly ended: Date | null;
  readonly aborted: boolean | null;
}

/** A pool on a test's database with the table that the child's runs are written to. */
export async function openRan(url: string): Promise<pg.Pool> {
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  pool.on("error", () => undefined);
  await pool.query(
    `CREATE TABLE ran (id serial PRIMARY KEY, tenant text, schedule text, due timestamptz, pid integer, attempt integer,
       started timestamptz DEFAULT clock_timestamp(), ended timestamptz, aborted boolean)`,
  );
  return pool;
}

/** Asks until the answer is as wanted. */
export async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean, seconds = 60): Promise<T> {
  const patience = Date.now() + seconds * 1_000;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (Date.now() > patience)
      throw new Error(`not within ${String(seconds)} s: ${JSON.stringify(answer).slice(0, 300)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
