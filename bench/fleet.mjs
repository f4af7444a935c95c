/**
 * A fleet under load: `npm run bench:fleet` after a build, where PostgreSQL is installed. PARTS names what is measured (all of
 * scale,troubled,throughput,state,memory,kills); TENANTS (8), USERS (10), WORKERS (2), KILL_SECONDS (20), STOP_SECONDS (300), SEEDS (10) and
 * UNDO_TENANTS (30) size `kills`, STATE_USERS (300) `state`, MANY (2000) `scale`, LATENCY (40) and COLD_LATENCY (400) `throughput`. The full
 * size is TENANTS=100 USERS=30 WORKERS=4 STATE_USERS=2000 MANY=10000. Exit code 1 when a budget is missed.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import Table from "cli-table3";
import { startOwnPostgres } from "../dist/cli/fleet/own-postgres.js";
import { kills } from "./fleet/kills.mjs";
import { scale } from "./fleet/scale.mjs";
import { memory } from "./fleet/memory.mjs";
import { openStage } from "./fleet/stage.mjs";
import { state } from "./fleet/state.mjs";
import { throughput } from "./fleet/throughput.mjs";
import { troubled } from "./fleet/troubled.mjs";

const measures = { scale, troubled, throughput, state, memory, kills };
const parts = (process.env.PARTS ?? Object.keys(measures).join(",")).split(",");
const table = new Table({ head: ["measured", "found", "budget"], colAligns: ["left", "right", "right"] });
const missed = [];

function tell(what, found, budget = "", held = true) {
  table.push([what, String(found), String(budget)]);
  console.error(`${what}: ${found}`);
  if (!held) missed.push(what);
}

const folder = await mkdtemp(path.join(tmpdir(), "photodrift-bench-fleet-"));
const postgres = await startOwnPostgres();
try {
  const stage = openStage(folder, postgres);
  for (const part of parts) await measures[part](stage, tell);
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
console.log(table.toString());
console.log(missed.length === 0 ? "All budgets held." : `Budgets missed: ${missed.join("; ")}`);
process.exitCode = missed.length === 0 ? 0 : 1;
