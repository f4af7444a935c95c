/**
 * Loaded before the program (`node --import`): counts the steps of writing and ends the program, its disk or its network at one of them.
 * Nothing of this is in the program. Environment: KILL_TRACE names a file for the steps, KILL_AT the step, KILL_HOW the death,
 * KILL_STRUCK a file that is made when it comes.
 *
 * Steps: an intent or an outcome is about to be written to the journal, is written, a write is about to leave, has left, is answered,
 * and a read is about to leave after the first intent.
 */
import { subscribe } from "node:diagnostics_channel";
import fs from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";
import net from "node:net";
import timers from "node:timers/promises";

const { KILL_TRACE: trace, KILL_AT: at = "-1", KILL_HOW: how = "", KILL_STRUCK: struck = "" } = process.env;
const Database = createRequire(process.argv[1])("better-sqlite3");
const steps = [];
let current = null;
let fullDisk = false;

function step(name, kind = current) {
  if (steps.length === Number(at)) strike();
  steps.push({ step: name, kind });
}
if (trace !== undefined) process.on("exit", () => fs.writeFileSync(trace, JSON.stringify(steps)));

function strike() {
  fs.writeFileSync(struck, "");
  switch (how) {
    case "SIGKILL":
    case "SIGTERM":
    case "SIGINT":
      process.kill(process.pid, how);
      return;
    case "disk full":
      fillDisk();
      return;
    case "sandbox gone":
      cutNetwork((socket) => socket.destroy(), { port: 1, host: "127.0.0.1" });
      return;
    case "network gone":
      cutNetwork((socket) => socket.resetAndDestroy(), null);
      return;
  }
}

/* The disk: SQLite's own error for every write, and that of the system for every file. */
function fillDisk() {
  fullDisk = true;
  const full = (path) =>
    Object.assign(new Error(`ENOSPC: no space left on device, open '${path}'`), { code: "ENOSPC" });
  for (const name of ["open", "writeFile", "mkdir"]) {
    const whole = fs.promises[name];
    fs.promises[name] = async (path, ...rest) => {
      if (name === "open" && /^r$|^undefined$/.test(String(rest[0]))) return whole(path, ...rest);
      throw full(path);
    };
  }
  syncBuiltinESMExports();
}

/* The network: connections that stand are broken, new ones are refused or reach nobody. */
const sockets = new Set();
subscribe("net.client.socket", ({ socket }) => sockets.add(socket));
function cutNetwork(end, elsewhere) {
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function () {
    if (elsewhere !== null) return connect.call(this, elsewhere);
    const error = Object.assign(new Error("connect ENETUNREACH"), { code: "ENETUNREACH", syscall: "connect" });
    process.nextTick(() => this.destroy(error));
    return this;
  };
  for (const socket of sockets) end(socket);
}

/* The journal. */
const prepare = Database.prototype.prepare;
Database.prototype.prepare = function (sql) {
  const statement = prepare.call(this, sql);
  if (!/^\s*(INSERT|UPDATE|DELETE|REPLACE)\b/i.test(sql)) return statement;
  const about = /INSERT INTO journal\(/.test(sql)
    ? "intent"
    : /UPDATE journal SET outcome/.test(sql)
      ? "outcome"
      : null;
  const run = statement.run.bind(statement);
  statement.run = (...values) => {
    if (about === "intent") {
      current = JSON.parse(values[3]).action;
      step("intent begins");
    } else if (about === "outcome") step("outcome begins");
    if (fullDisk) throw new Database.SqliteError("database or disk is full", "SQLITE_FULL");
    const result = run(...values);
    if (about !== null && this.inTransaction) pending = about;
    else if (about !== null) step(`${about} written`);
    return result;
  };
  return statement;
};
let pending = null;
const transaction = Database.prototype.transaction;
Database.prototype.transaction = function (work) {
  const db = this;
  return new Proxy(transaction.call(db, work), {
    apply(whole, self, values) {
      const result = Reflect.apply(whole, self, values);
      if (pending !== null && !db.inTransaction) {
        const about = pending;
        pending = null;
        step(`${about} written`);
      }
      return result;
    },
  });
};

/* The wire. */
function isWrite({ method, path, body }) {
  if (/\/token/.test(path)) return false;
  if (["PUT", "PATCH", "DELETE"].includes(method) || /addusingpath|setsinglevalue/i.test(path)) return true;
  return /\$batch$/.test(path) && /"method":\s*"(PUT|DELETE)"/.test(String(body));
}
subscribe("undici:request:create", ({ request }) => {
  if (isWrite(request)) step("write leaves");
  else if (current !== null) step("look leaves");
});
subscribe("undici:request:bodySent", ({ request }) => {
  if (isWrite(request)) step("write has left");
});
subscribe("undici:request:headers", ({ request }) => {
  if (isWrite(request)) step("write is answered");
});

/* Waits of seconds are no part of what is tested. */
const wait = timers.setTimeout;
timers.setTimeout = (ms, ...rest) => wait(ms / 50, ...rest);
syncBuiltinESMExports();
