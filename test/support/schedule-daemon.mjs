// A daemon as the program runs it, with runs that only write a journal: node schedule-daemon.mjs DIR
// Lines of DIR/journal: `start DUE KIND MISSED ATTEMPT`, `end DUE`.
import { appendFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";
import { loadSchedule } from "../../dist/config/schedule-file.js";
import { CRON_WORDS, cronProblem } from "../../dist/schedule/cron.js";
import { scheduleDirectory } from "../../dist/schedule/directory.js";
import { runScheduler, systemTimers } from "../../dist/schedule/loop.js";
import { sqliteScheduleRecords } from "../../dist/schedule/records.js";
import { isTimeZone } from "../../dist/schedule/time-zone.js";

const directory = process.argv[2];
const checks = { cronProblem, cronWords: CRON_WORDS, isTimeZone, defaultConfig: "none" };
const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const identity = { host: hostname(), pid: process.pid, token: `${process.pid}-${Date.now()}`, alive };
const head = { id: "r", mode: "audit", trigger: "schedule", tenant: "t", startedAt: "", finishedAt: "" };
const counts = { new: 0, persisting: 0, resolved: 0, byRule: {}, byStore: {} };
const cost = { requests: {}, bytesIn: 0, bytesOut: 0, throttled: 0, waitedSeconds: 0, imagesDownloaded: 0 };

await runScheduler({
  source: scheduleDirectory(directory, (path) => loadSchedule(path, process.env, checks)),
  clock: { now: () => Date.now() },
  timers: systemTimers,
  records: sqliteScheduleRecords(new Database(join(directory, "schedule.db")), identity),
  execute: async (_, trigger) => {
    const journal = join(directory, "journal");
    appendFileSync(journal, `start ${trigger.due} ${trigger.kind} ${trigger.missed} ${trigger.attempt}\n`);
    await sleep(400);
    appendFileSync(journal, `end ${trigger.due}\n`);
    return { head: { ...head, verdict: "in-sync", exitCode: 0, complete: true }, summary: counts, cost, failure: null };
  },
  tenantOf: () => "t",
  log: { info: () => undefined, warn: () => undefined, error: (message) => console.error(message) },
  signal: stop.signal,
  hostName: hostname(),
  healthPort: null,
  pollMs: 500,
});
