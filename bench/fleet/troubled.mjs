/** A tenant that asks for pauses of 300 s and one whose login fails, beside others, with one worker of one place. */
import { setSandbox } from "../../dist/sandbox/index.js";
import { allEnded, dueIn, number, schedule, startWorker } from "./stage.mjs";
import { pictures } from "./tenant.mjs";

export async function troubled({ site }, tell) {
  const tenants = number("TROUBLED_TENANTS", 6);
  const users = number("USERS", 10);
  const fleet = await site("troubled", { tenants: tenants + 2, users, seeds: 2 });
  const sound = fleet.sandboxes.slice(2).map(({ id }) => `'${id}'`);
  const worker = await startWorker(fleet, { args: ["--concurrency", "1"] });
  try {
    for (const { dir } of fleet.sandboxes) await pictures(dir);
    await audit(fleet, "first", sound);
    const alone = await audit(fleet, "before", sound);
    await setSandbox(fleet.sandboxes[0].dir, ["faults=429,host=graph,after=300"]);
    await setSandbox(fleet.sandboxes[1].dir, ["faults=500,host=login"]);
    const beside = await audit(fleet, "beside", sound);
    tell(`${tenants} warm audits, two other tenants well: last one ends after`, `${alone.toFixed(1)} s`);
    const held = beside - alone;
    tell("the same, one of the two throttled, one without login", `${beside.toFixed(1)} s`, "30 s more", held <= 30);
    const { rows } = await fleet.pool.query(
      "SELECT state, reason FROM photodrift.due_runs WHERE schedule = 'beside' AND reason IS NOT NULL",
    );
    for (const { state, reason } of rows) console.error(`${state}: ${reason}`);
  } finally {
    await worker.end();
    await fleet.stop();
  }
}

/** Seconds from the due time to the end of the last of the sound tenants. */
async function audit(fleet, name, sound) {
  const due = Date.now() + 30_000;
  await schedule(fleet, name, `cron: "${dueIn(30)}"\n`);
  const rows = await allEnded(fleet.pool, sound.length, 600, `schedule = '${name}' AND tenant IN (${sound.join()})`);
  return (Math.max(...rows.map((row) => +row.finished_at)) - due) / 1_000;
}
