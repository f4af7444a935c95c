// Holds a tenant of a fleet as a process of its own and does what it is told, a line a command:
// node fleet-holder.mjs URL TENANT FOLDER BEAT FRESH SILENCE
import process from "node:process";
import { createInterface } from "node:readline";
import { holdFleetState, openFleetDatabase } from "../../dist/state/postgres/index.js";

const [url, tenant, folder, beat, fresh, silence] = process.argv.slice(2);
const say = (word) => process.stdout.write(`${word}\n`);
const database = openFleetDatabase(url);
const times = { beat: Number(beat), fresh: Number(fresh), silence: Number(silence), margin: 0 };
const held = await holdFleetState(database, { tenant, holder: `process ${process.pid}`, folder, times });
const { records, journal, backups } = held.state;
held.lost.addEventListener("abort", () => say("lost"));

const action = { id: "a", action: "upload-photo", address: "exchange/anna@contoso.com", user: null };
const before = { kind: "picture", exists: true, etag: "e", backupSha256: null, lastApplied: null };
const commands = {
  begin: () =>
    records.beginRun({ id: "run-1", mode: "apply", trigger: "cli", tenant, startedAt: new Date().toISOString() }),
  intend: () =>
    journal.intend([{ runId: "run-1", planId: "p", action, before, sentSha256: "s", at: new Date().toISOString() }]),
  backup: () => backups.put(Buffer.from("a replaced picture")),
  send: () => held.beforeRequest(),
  release: () => held.release(),
};
say("held");
for await (const line of createInterface({ input: process.stdin })) {
  try {
    await commands[line]();
    say(`${line} done`);
  } catch (error) {
    say(`${line} ${error.code}`);
  }
  if (line === "release") break;
}
await database.close();
process.exit(0);
