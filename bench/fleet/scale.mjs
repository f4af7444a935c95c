/** The engine alone: many tenants due in the same moment, with runs that take no time, on one, two and four workers. */
import { spawn } from "node:child_process";
import path from "node:path";
import pg from "pg";
import { number, sleep } from "./stage.mjs";

const CHILD = path.join(import.meta.dirname, "engine-child.mjs");
const AT_ONCE = 4;
const MIB = 2 ** 20;

export async function scale({ database }, tell) {
  const many = number("MANY", 2_000);
  const needed = many / 3_600;
  for (const workers of [1, 2, 4]) {
    const pool = new pg.Pool({ connectionString: await database(`scale${workers}`), max: 2 });
    pool.on("error", () => undefined);
    const { seconds, runs, connections, once } = await dueAtOnce(pool, many, workers);
    const rate = many / seconds;
    tell(
      `${many} tenants due at once, ${workers} workers: runs a second taken up and ended`,
      rate.toFixed(0),
      needed.toFixed(1),
      rate >= needed,
    );
    tell(
      `${many} tenants, ${workers} workers: runs recorded once`,
      `${once} of ${many}`,
      many,
      once === many && runs === many,
    );
    tell(
      `${many} tenants, ${workers} workers: database connections`,
      connections,
      workers * (2 * AT_ONCE + 7),
      connections <= workers * (2 * AT_ONCE + 7),
    );
    if (workers === 4) await tellDatabase(pool, many, tell);
    await pool.end();
  }
}

async function dueAtOnce(pool, many, workers) {
  const url = pool.options.connectionString;
  // Following takes a few milliseconds a tenant.
  const due = Date.now() + 10_000 + many * 5;
  const children = Array.from({ length: workers }, () =>
    spawn(process.execPath, [CHILD, url, many, due, AT_ONCE].map(String), { stdio: ["ignore", "ignore", "inherit"] }),
  );
  await sleep(due - Date.now());
  let connections = 0;
  for (;;) {
    const { rows } = await pool.query(
      `SELECT (SELECT count(*)::integer FROM photodrift.due_runs WHERE state = 'done') AS done,
              (SELECT count(*)::integer FROM pg_stat_activity WHERE datname = current_database()) AS connections`,
    );
    // The bench's own one is not a worker's.
    connections = Math.max(connections, rows[0].connections - 1);
    if (rows[0].done >= many) break;
    if (Date.now() > due + 1_200_000) throw new Error(`only ${rows[0].done} of ${many} ended`);
    await sleep(500);
  }
  const { rows } = await pool.query(
    `SELECT extract(epoch FROM max(finished_at))::float8 - $1::float8 AS seconds, count(*)::integer AS runs,
            (count(*) FILTER (WHERE begun = 1 AND state = 'done'))::integer AS once FROM photodrift.due_runs`,
    [due / 1_000],
  );
  for (const child of children) child.kill("SIGTERM");
  await Promise.all(children.map((child) => new Promise((resolve) => child.once("exit", resolve))));
  return { ...rows[0], connections };
}

async function tellDatabase(pool, many, tell) {
  await pool.query("VACUUM");
  const { rows } = await pool.query(
    `SELECT n.nspname AS schema, sum(pg_total_relation_size(c.oid))::float8 AS bytes FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname LIKE 'photodrift%' AND c.relkind = 'r' GROUP BY 1`,
  );
  for (const { schema, bytes } of rows)
    tell(
      `${schema}: tables after one due run of ${many} tenants`,
      `${(bytes / MIB).toFixed(1)} MiB, ${(bytes / many).toFixed(0)} bytes a tenant`,
    );
  const client = await pool.connect();
  await client.query("BEGIN");
  const from = performance.now();
  // What the engine's question for the next job does first (graphile-worker 0.16.6, dist/sql/getJob.js, strategy 2).
  await client.query(
    "SELECT id FROM photodrift_jobs._private_job_queues WHERE is_available = true FOR UPDATE SKIP LOCKED",
  );
  tell(
    `locking the free queues of ${many} tenants, as every question for a job does`,
    `${(performance.now() - from).toFixed(1)} ms`,
  );
  await client.query("ROLLBACK");
  client.release();
}
