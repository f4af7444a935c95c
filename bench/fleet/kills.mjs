/**
 * Workers die, are stopped and are cut off while they audit and apply. What they leave is compared with undisturbed runs of one machine, from
 * the tenants' own state and logs; then `undo`, from machines that had no part in it.
 */
import path from "node:path";
import { openFaults } from "./mischief.mjs";
import { allEnded, dueIn, number, ownMachine, program, schedule, sleep, startWorker } from "./stage.mjs";
import { beyond, differing, logOf, pictures, writesByPlace } from "./tenant.mjs";

/** After it was continued a worker is watched for so long. */
const WATCHED_MS = 30_000;

export async function kills({ site }, tell) {
  const tenants = number("TENANTS", 8);
  const users = number("USERS", 10);
  const seeds = Math.min(tenants, number("SEEDS", 10));
  const single = await site("single", { tenants: seeds, users });
  const ends = new Map();
  for (const one of single.sandboxes) ends.set(one.seed, await undisturbed(one));
  await single.stop();
  console.error(`${new Date().toISOString()} one machine: ${seeds} tenants audited and applied`);

  const fleet = await site("kills", { tenants, users, seeds, latency: number("LATENCY", 15) });
  const workers = [];
  const start = async () => workers.push(await startWorker(fleet));
  for (let n = 0; n < number("WORKERS", 2); n++) await start();
  await schedule(fleet, "audit", `cron: "${dueIn(20)}"\n`);
  await schedule(fleet, "mend", `cron: "${dueIn(21)}"\nmode: apply\n`);
  const faults = openFaults({ fleet, workers, start, every: number("KILL_SECONDS", 20) * 1_000 });
  try {
    const rows = await allEnded(fleet.pool, 2 * tenants, number("PATIENCE", 3_600));
    await faults.stop();
    tellRuns(rows, { tenants, faults }, tell);
    await tellStopped({ fleet, faults }, tell);
    await tellEnds(fleet, ends, tell);
    for (const worker of workers) await worker.end("SIGKILL");
    await tellUndo(fleet, ends, tell);
  } finally {
    await faults.stop();
    for (const worker of workers) await worker.end("SIGKILL");
    await fleet.stop();
  }
}

/** Before and after an audit and an apply of one machine, and what these wrote. */
async function undisturbed({ dir }) {
  const before = await pictures(dir);
  const config = ["--quiet", "--config", path.join(dir, "photodrift.yaml")];
  for (const words of [["audit"], ["apply", "--yes"]]) {
    const run = program([...words, ...config], dir);
    const code = await run.ended;
    if (![0, 2].includes(code)) throw new Error(`${words.join(" ")} ended with ${code}: ${run.said()}`);
  }
  return { before, after: await pictures(dir), writes: writesByPlace(await logOf(dir)) };
}

function tellRuns(rows, { tenants, faults }, tell) {
  const { counts, takenUp } = faults;
  for (const { tenant, schedule: name, state, attempts, verdict, reason } of rows)
    if (state === "failed")
      console.error(`${name} of ${tenant}: ${state}, ${attempts} attempts, ${verdict}, ${reason}`);
  tell("workers killed (SIGKILL)", counts.kill);
  tell(
    "workers stopped (SIGSTOP) / cut off by silence / by a closed connection",
    `${counts.stop} / ${counts.stall} / ${counts.cut}`,
  );
  const once = rows.filter(({ state, run_id }) => state === "done" && run_id !== null).length;
  tell(
    "due runs that ended, each once",
    `${once} of ${2 * tenants}`,
    2 * tenants,
    once === 2 * tenants && rows.length === 2 * tenants,
  );
  const again = rows.filter(({ begun }) => begun > 1);
  tell(
    "of these begun again after a fault",
    `${again.length}, at most ${Math.max(...rows.map(({ begun }) => begun))} times`,
  );
  const slowest = Math.max(0, ...takenUp);
  tell("slowest take-over, from the fault to the next beginning", `${slowest.toFixed(0)} s`, "120 s", slowest <= 120);
}

/** Continued when every run has ended, what a stopped worker sends is seen in the tenants' logs. */
async function tellStopped({ fleet, faults }, tell) {
  if (faults.stopped === null) return;
  const left = faults.stopped.at + number("STOP_SECONDS", 300) * 1_000 - Date.now();
  if (left > 0) await sleep(left);
  const from = Date.now();
  faults.stopped.worker.child.kill("SIGCONT");
  await sleep(WATCHED_MS);
  let sent = 0;
  for (const { dir } of fleet.sandboxes) sent += (await logOf(dir, from)).length;
  const seconds = ((from - faults.stopped.at) / 1_000).toFixed(0);
  tell(`requests to tenants of the worker continued after ${seconds} s`, sent, 0, sent === 0);
  console.error(`the stopped worker says: ${faults.stopped.worker.said().slice(-600)}`);
}

async function tellEnds(fleet, ends, tell) {
  let same = 0;
  let doubled = 0;
  for (const { dir, name, seed } of fleet.sandboxes) {
    const { after, writes } = ends.get(seed);
    const other = differing(await pictures(dir), after);
    if (other.length === 0) same++;
    else console.error(`${name} differs at ${other.slice(0, 6).join(", ")}`);
    const extra = beyond(writesByPlace(await logOf(dir)), writes);
    if (extra.length > 0) console.error(`${name} was written more than once: ${extra.slice(0, 6).join(", ")}`);
    doubled += extra.length;
  }
  const all = fleet.sandboxes.length;
  tell("tenants that ended as on one machine", `${same} of ${all}`, all, same === all);
  tell("writes beyond those of one machine, from the tenants' logs", doubled, 0, doubled === 0);
}

/** Undo of every run that wrote, newest first, each from a machine of its own. */
async function tellUndo(fleet, ends, tell) {
  const tenants = fleet.sandboxes.slice(0, number("UNDO_TENANTS", 30));
  const sum = { runs: 0, restored: 0, places: 0, sent: 0, exact: 0 };
  for (const one of tenants) await undoTenant(fleet, one, ends.get(one.seed), sum);
  tell(
    `tenants of ${tenants.length} put back by undo from other machines`,
    `${sum.restored} (${sum.runs} runs)`,
    tenants.length,
    sum.restored === tenants.length,
  );
  tell(
    "cloud photos sent by undo, and of these byte for byte what stood there",
    `${sum.sent}, ${sum.exact}`,
    "equal",
    sum.sent === sum.exact,
  );
}

async function undoTenant(fleet, { dir, id, name }, { before, after }, sum) {
  const { rows } = await fleet.pool.query(
    "SELECT run_id FROM photodrift.runs WHERE tenant = $1 AND mode = 'apply' ORDER BY run_id DESC",
    [id],
  );
  const from = Date.now();
  for (const { run_id: run } of rows) {
    const undo = await ownMachine(fleet, ["undo", name, run, "--yes", "--quiet"]);
    const code = await undo.ended;
    if (code === 0) sum.runs++;
    else if (!undo.said().includes("nothing that could be taken back"))
      console.error(`undo of ${name} ${run}: ${code} ${undo.said()}`);
  }
  // The service encodes a cloud photo anew: what undo sent tells whether it is the one that stood there.
  const cloud = ([place]) => place.endsWith(" photo");
  const wanted = new Set([...before].filter(cloud).map(([, sha256]) => sha256));
  const uploads = (await logOf(dir, from)).filter(
    ({ host, sentSha256, status }) => host === "graph" && sentSha256 !== null && status < 300,
  );
  sum.sent += uploads.length;
  sum.exact += uploads.filter(({ sentSha256 }) => wanted.has(sentSha256)).length;
  const now = await pictures(dir);
  const left = differing(now, before).filter((place) => !place.endsWith(" photo"));
  const replaced = [...before]
    .filter(cloud)
    .filter(([place, sha256]) => sha256 !== "none" && after.get(place) !== sha256);
  const missing = replaced.filter(([, sha256]) => !uploads.some(({ sentSha256 }) => sentSha256 === sha256));
  if (left.length === 0 && missing.length === 0) sum.restored++;
  else console.error(`${name} is not put back: ${[...left, ...missing].slice(0, 6).join(", ")}`);
  sum.places += before.size;
}
