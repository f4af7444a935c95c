/** A worker whose runs take no time, so that the engine alone is measured. Arguments: database, tenants, due time, runs at once. */
import { runFleetWorker } from "../../dist/fleet/index.js";
import { openFleetDatabase } from "../../dist/state/postgres/index.js";

const [url, tenants, dueText, concurrency] = process.argv.slice(2);
const due = Number(dueText);
const timetable = {
  idle: false,
  delayMs: 0,
  expression: "bench",
  after: (at) => (at < due ? due : Date.UTC(2100, 0, 1)),
  lastIn: (from, to) => (from < due && due <= to ? due : null),
  countIn: (from, to) => (from < due && due <= to ? 1 : 0),
};
const schedule = { name: "bench", mode: "audit", file: "" };
const entries = Array.from({ length: Number(tenants) }, (_, i) => ({ tenant: `tenant-${i}`, schedule, timetable }));
const database = openFleetDatabase(url, { connections: Number(concurrency) + 6 });
const end = new AbortController();
process.once("SIGTERM", () => end.abort());
const silent = () => undefined;
let runs = 0;
let read = false;
await runFleetWorker({
  database,
  identity: { host: "bench", pid: process.pid, version: "0", concurrency: Number(concurrency) },
  entries: { read: () => (read ? null : ((read = true), entries)) },
  execute: async () => ({
    head: { id: `r${process.pid}-${++runs}`, verdict: "in-sync", exitCode: 0 },
    summary: {},
    cost: {},
    failure: null,
  }),
  log: { info: silent, warn: silent, error: console.error },
  events: { finished: silent, failed: silent, putBack: silent },
  signal: end.signal,
});
await database.close();
