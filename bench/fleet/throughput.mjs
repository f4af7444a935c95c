/**
 * One worker against two, each with one run at a time. Where a worker waits for its tenants, two do twice as much; where it measures pictures
 * it is bound by processors, and two workers on one machine share these.
 */
import { readFile } from "node:fs/promises";
import { setSandbox } from "../../dist/sandbox/index.js";
import { allEnded, dueIn, number, schedule, startWorker } from "./stage.mjs";
import { pictures } from "./tenant.mjs";

const TICKS_A_SECOND = 100;

export async function throughput({ site }, tell) {
  const tenants = number("THROUGHPUT_TENANTS", 8);
  const users = number("USERS", 10);
  const warm = number("LATENCY", 40);
  const cold = number("COLD_LATENCY", 400);
  const fleet = await site("warm", { tenants, users, latency: 0 });
  try {
    await audits(fleet, "first", 2);
    for (const { dir } of fleet.sandboxes) await setSandbox(dir, [`latency=${warm}`]);
    compare(
      `warm audits of ${tenants} tenants at ${warm} ms`,
      [await audits(fleet, "one", 1), await audits(fleet, "two", 2)],
      tell,
    );
  } finally {
    await fleet.stop();
  }
  const results = [];
  for (const count of [1, 2]) {
    const fresh = await site(`cold${count}`, { tenants, users, latency: cold });
    try {
      // Drawing the pictures is the sandbox's work, not the worker's.
      for (const { dir } of fresh.sandboxes) await pictures(dir);
      results.push(await audits(fresh, "cold", count));
    } finally {
      await fresh.stop();
    }
  }
  compare(`first audits of ${tenants} tenants at ${cold} ms`, results, tell);
}

/** Audits every tenant once. @returns seconds from the first beginning to the last end, and the share of a processor that a worker used */
async function audits(fleet, name, count) {
  await schedule(fleet, name, `cron: "${dueIn(20)}"\n`);
  const workers = [];
  for (let n = 0; n < count; n++) workers.push(await startWorker(fleet, { args: ["--concurrency", "1"] }));
  try {
    await allEnded(fleet.pool, 1, 600, `schedule = '${name}'`);
    const from = await cpuOf(workers);
    const since = performance.now();
    await allEnded(fleet.pool, fleet.sandboxes.length - count, 600, `schedule = '${name}'`);
    const busy = ((await cpuOf(workers)) - from) / ((performance.now() - since) / 1_000) / count;
    const rows = await allEnded(fleet.pool, fleet.sandboxes.length, 600, `schedule = '${name}'`);
    const failed = rows.filter(({ state }) => state !== "done");
    if (failed.length > 0) throw new Error(`${failed.length} audits failed: ${failed[0].reason}`);
    const seconds = Math.max(...rows.map((row) => +row.finished_at)) - Math.min(...rows.map((row) => +row.started_at));
    return { seconds: seconds / 1_000, busy };
  } finally {
    for (const worker of workers) await worker.end("SIGKILL");
  }
}

/** Seconds of processor time so far, of all workers (Linux). */
async function cpuOf(workers) {
  let ticks = 0;
  for (const { child } of workers) {
    const text = await readFile(`/proc/${child.pid}/stat`, "utf8");
    const [user, system] = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .slice(11, 13);
    ticks += Number(user) + Number(system);
  }
  return ticks / TICKS_A_SECOND;
}

function compare(what, [one, two], tell) {
  const share = ({ busy }) => `${(100 * busy).toFixed(0)} % of a core`;
  const gain = one.seconds / two.seconds;
  tell(`${what}: one worker`, `${one.seconds.toFixed(1)} s, ${share(one)}`);
  tell(`${what}: two workers`, `${two.seconds.toFixed(1)} s, ${share(two)} each`);
  tell(`${what}: two against one`, `${gain.toFixed(2)}x`, "1.8x", gain >= 1.8);
}
