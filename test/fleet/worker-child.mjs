// A fleet worker with a runner that only writes down what it was asked to run: argv is one JSON document.
import { runFleetWorker } from "../../dist/fleet/index.js";
import { openFleetDatabase } from "../../dist/state/postgres/index.js";

const {
  url,
  tenants,
  due,
  schedules = ["nightly"],
  runMs = 50,
  concurrency = 4,
  times = {},
  fates = {},
} = JSON.parse(process.argv[2]);
const FAR = Date.UTC(2100, 0, 1);
const database = openFleetDatabase(url);
const { pool } = database;

const timetable = {
  idle: false,
  delayMs: 0,
  expression: "test",
  after: (instant) => due.find((at) => at > instant) ?? FAR,
  lastIn: (from, to) => due.findLast((at) => at > from && at <= to) ?? null,
  countIn: (from, to) => due.filter((at) => at > from && at <= to).length,
};
const entries = tenants.flatMap((tenant) =>
  schedules.map((name) => ({ tenant, schedule: { name, mode: "audit", file: "" }, timetable })),
);

async function execute({ entry, trigger, signal, paused }) {
  const { tenant, schedule } = entry;
  const { rows } = await pool.query(
    "INSERT INTO ran (tenant, schedule, due, pid, attempt) VALUES ($1, $2, $3, $4, $5) RETURNING id",
    [tenant, schedule.name, trigger.due, process.pid, trigger.attempt],
  );
  const fate = fates[tenant];
  if (fate === "login") throw Object.assign(new Error("login failed"), { code: "login-failed" });
  if (fate === "throttled") setTimeout(() => paused("graph.test", 300), 20);
  if (fate === "stuck" && trigger.attempt === 1) await new Promise(() => undefined);
  await new Promise((resolve) => {
    const timer = setTimeout(resolve, fate === "throttled" ? 300_000 : runMs);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
  await pool.query("UPDATE ran SET ended = clock_timestamp(), aborted = $2 WHERE id = $1", [
    rows[0].id,
    signal.aborted,
  ]);
  const verdict = signal.aborted ? "interrupted" : "in-sync";
  return { head: { id: `run-${rows[0].id}`, verdict, exitCode: 0 }, summary: {}, cost: {}, failure: null };
}

const end = new AbortController();
process.on("SIGTERM", () => end.abort());
const say = (message) => process.stderr.write(`${process.pid} ${message}\n`);
const log = { info: say, warn: say, error: say };
let handed = false;
await runFleetWorker({
  database,
  identity: { host: "test", pid: process.pid, version: "0", concurrency },
  entries: { read: () => (handed ? null : ((handed = true), entries)) },
  execute,
  log,
  events: { finished() {}, failed() {}, putBack() {} },
  signal: end.signal,
  times,
});
process.exit(0);
