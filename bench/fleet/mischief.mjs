/** What happens to workers, every so many seconds: most are killed, one is stopped, some are cut off from the database. */
import { sleep } from "./stage.mjs";

const ORDER = ["kill", "stop", "stall", "kill", "cut", "kill"];
/** A worker that is cut off stays so for longer than its leases live. */
const CUT_OFF_MS = 100_000;

/**
 * @param stage `workers` is added to by `start`, which brings another worker in the place of one that is gone
 */
export function openFaults({ fleet, workers, start, every }) {
  const counts = { kill: 0, stop: 0, stall: 0, cut: 0 };
  const takenUp = [];
  const waiting = new Set();
  const away = new Set();
  let stopped = null;
  let nth = 0;
  let going = Promise.resolve();
  let ended = false;

  async function strike() {
    // In turn: the last run of all would otherwise die for ever.
    const alive = workers.filter((one) => one.alive() && !away.has(one));
    const victim = alive[nth % alive.length];
    if (victim === undefined || ended) return;
    let what = ORDER[nth++ % ORDER.length];
    if (what === "stop" && stopped !== null) what = "kill";
    counts[what]++;
    await watchRuns(victim);
    if (what === "kill") victim.child.kill("SIGKILL");
    else away.add(victim);
    if (what === "stop") {
      stopped = { worker: victim, at: Date.now() };
      victim.child.kill("SIGSTOP");
    }
    if (what === "stall" || what === "cut") {
      victim.proxy[what]();
      void sleep(CUT_OFF_MS).then(() => {
        victim.proxy.heal();
        away.delete(victim);
      });
    } else await start();
  }

  async function watchRuns({ child: { pid } }) {
    const { rows } = await fleet.pool.query(
      `SELECT d.tenant, d.schedule, d.due, d.begun FROM photodrift.due_runs d JOIN photodrift.workers w ON w.id = d.worker
        WHERE d.state = 'running' AND w.pid = $1`,
      [pid],
    );
    for (const row of rows) waiting.add({ ...row, at: Date.now() });
  }

  async function lookForTakeOvers() {
    for (const one of waiting) {
      const { rows } = await fleet.pool.query(
        "SELECT begun, state FROM photodrift.due_runs WHERE tenant = $1 AND schedule = $2 AND due = $3",
        [one.tenant, one.schedule, one.due],
      );
      const [now] = rows;
      if (now.begun === one.begun && ["running", "waiting"].includes(now.state)) continue;
      waiting.delete(one);
      if (now.begun > one.begun) takenUp.push((Date.now() - one.at) / 1_000);
    }
  }

  const step = (work) => () =>
    void (going = going.then(() => (ended ? undefined : work())).catch((error) => console.error(error.message)));
  const timers = [setInterval(step(strike), every), setInterval(step(lookForTakeOvers), 1_000)];
  return {
    counts,
    takenUp,
    get stopped() {
      return stopped;
    },
    async stop() {
      ended = true;
      for (const timer of timers) clearInterval(timer);
      await going;
    },
  };
}
