/** One tenant: the state in a file against the state in the database; and what a month of runs takes up there. */
import path from "node:path";
import { readSandbox, setSandbox } from "../../dist/sandbox/index.js";
import { number, ownMachine, program } from "./stage.mjs";

const GIB = 2 ** 30;
const RUNS = 6;
/** Warm audits take seconds: the median of some, so that one hiccup of the machine does not decide. */
const WARM = 3;

export async function state({ site }, tell) {
  const users = number("STATE_USERS", 300);
  const fleet = await site("state", { tenants: 1, users });
  const [{ dir, name }] = fleet.sandboxes;
  async function timed(start) {
    const before = (await readSandbox(dir, "log?summary=1")).summary.requests;
    const from = performance.now();
    const run = await start();
    const code = await run.ended;
    const seconds = (performance.now() - from) / 1_000;
    if (![0, 2].includes(code)) throw new Error(run.said());
    return { seconds, requests: (await readSandbox(dir, "log?summary=1")).summary.requests - before };
  }
  const local = () =>
    program(["audit", "--quiet", "--no-notify", "--config", path.join(dir, "photodrift.yaml")], fleet.dir);
  const remote = () => ownMachine(fleet, ["run", name, "--quiet"]);
  // A cold audit reads every picture: the tenant has drawn them before either is timed.
  const drawn = () => readSandbox(dir, "state?hashes=1");
  const turns = [
    { heat: "cold", before: drawn, times: 1 },
    { heat: "warm", before: () => undefined, times: WARM },
  ];
  try {
    for (const { heat, before, times } of turns) {
      const [file, base] = await inTurn([local, remote], { before, timed, times });
      const ratio = base.seconds / file.seconds;
      const found = `${base.seconds.toFixed(1)} s, ${ratio.toFixed(2)}x`;
      tell(`${users} users ${heat}: file ${file.seconds.toFixed(1)} s, database`, found, "1.3x", ratio <= 1.3);
      const requests = `${file.requests} and ${base.requests}`;
      tell(`${users} users ${heat}: requests, file and database`, requests, "equal", file.requests === base.requests);
    }
    await growth(fleet, { users, remote, dir }, tell);
  } finally {
    await fleet.stop();
  }
}

/** The median in seconds of each of some ways, taken in turn, with the requests of that run. */
async function inTurn(ways, { before, timed, times }) {
  const runs = ways.map(() => []);
  for (let nth = 0; nth < times; nth++) {
    for (const [at, way] of ways.entries()) {
      await before();
      runs[at].push(await timed(way));
    }
  }
  return runs.map((all) => all.sort((a, b) => a.seconds - b.seconds)[Math.floor(all.length / 2)]);
}

/** Bytes of the database after each of some audits between which a hundredth of the pictures changes. */
async function growth({ pool }, { users, remote, dir }, tell) {
  // As many audits as a week in minutes: SharePoint's quota of readings is not what is measured here.
  await setSandbox(dir, ["peopleManagerQuota=off"]);
  const sizes = [await size(pool)];
  const { users: all } = await readSandbox(dir, "state?hashes=0");
  for (let nth = 0; nth < RUNS; nth++) {
    const changed = all.filter(({ exchange }, at) => exchange !== null && at % 100 === nth);
    for (const { upn } of changed) await setSandbox(dir, [`user.${upn}.photo.exchange=none`]);
    const code = await (await remote()).ended;
    if (![0, 2].includes(code)) throw new Error(`an audit ended with ${code}`);
    sizes.push(await size(pool));
  }
  const [first, last] = [sizes[0], sizes.at(-1)];
  tell(`${users} users: the tenant's tables after ${RUNS + 2} audits`, `${(last / 2 ** 20).toFixed(1)} MiB`);
  const run = Math.max(0, last - first) / RUNS;
  tell(`${users} users: each further audit adds`, `${(run / 1024).toFixed(0)} KiB`);
  const month = (10_000 * (first + 30 * run)) / GIB;
  tell(`10,000 tenants of ${users} users, a month of nightly audits (calculated)`, `${month.toFixed(1)} GiB`);
}

/** Bytes of all tables with their indexes; room that vacuum gives back is used again and counts. */
async function size(pool) {
  await pool.query("VACUUM");
  const { rows } = await pool.query(
    `SELECT sum(pg_total_relation_size(c.oid))::float8 AS bytes FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname LIKE 'photodrift%' AND c.relkind = 'r'`,
  );
  return rows[0].bytes;
}
