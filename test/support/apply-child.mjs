// One apply as a process of its own, against a tenant that lives in the test: node apply-child.mjs FOLDER PORT RUN
import { createHash } from "node:crypto";
import { request } from "node:http";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { applyPlan } from "../../dist/run/apply.js";
import { closeInterruptedRuns, recoverOpenIntents } from "../../dist/run/recovery.js";
import { createBackups } from "../../dist/state/backups.js";
import { openState } from "../../dist/state/index.js";
import { acquireRunLock } from "../../dist/state/sqlite/lock.js";

const [folder, port, runId] = process.argv.slice(2);

/** Buffers and maps do not survive JSON by themselves. */
function pack(_, value) {
  if (value?.type === "Buffer") return { $bytes: Buffer.from(value.data).toString("base64") };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  return value instanceof Map ? { $map: [...value] } : value;
}
function unpack(_, value) {
  if (typeof value?.$bytes === "string") return Buffer.from(value.$bytes, "base64");
  return Array.isArray(value?.$map) ? new Map(value.$map) : value;
}

function call(path, values) {
  return new Promise((resolve, reject) => {
    const sent = request({ port, method: "POST", path: `/${path}` }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => resolve(JSON.parse(Buffer.concat(parts).toString(), unpack).result));
    });
    sent.on("error", reject);
    sent.end(JSON.stringify(values, pack));
  });
}

const remote = (name) =>
  new Proxy(
    {},
    {
      get:
        (_, method) =>
        (...values) =>
          call(`${name}/${method}`, values),
    },
  );

const statePath = join(folder, "state.db");
const state = openState(statePath, "contoso.com");
const lock = acquireRunLock(state.db, "contoso.com", "photodrift apply");
const now = () => new Date().toISOString();
const ports = {
  cloudReader: remote("cloudReader"),
  cloudWriter: remote("cloudWriter"),
  sharePointReader: remote("sharePointReader"),
  sharePointWriter: remote("sharePointWriter"),
  images: remote("images"),
  renderer: remote("renderer"),
  masters: { path: (file) => file.replace(/\.jpg$/, ""), sha256: (file) => call("masters/sha256", [file]) },
  findUser: (id) => call("findUser", [id]),
  journal: state.journal,
  backups: createBackups(statePath),
  records: state.records,
  clock: { now: () => Date.now() },
  sleep: (ms) => pause(Math.min(ms, 5)),
  sha256: (bytes) => createHash("sha256").update(bytes).digest("hex"),
  progress: { step: () => ({ tick() {}, done() {} }), note() {}, warn() {} },
};
const recovery = await recoverOpenIntents(ports);
if (recovery.open > 0 || recovery.stale > 0) process.exit(9);
closeInterruptedRuns(state.records, state.journal, "contoso.com", now());
state.records.beginRun({ id: runId, mode: "apply", trigger: "cli", tenant: "contoso.com", startedAt: now() });
const options = { runId, concurrency: 4, signal: new AbortController().signal };
const result = await applyPlan(state.plans.plan("plan-1"), ports, options);
lock.release();
state.close();
process.exit(result.exitCode);
