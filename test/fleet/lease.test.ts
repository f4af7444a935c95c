import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { LIVING, registerWorker } from "../../src/fleet/liveness.js";
import { PhotodriftError } from "../../src/model/errors.js";
import { parseUserId } from "../../src/model/ids.js";
import type { PlanAction } from "../../src/model/plan-action.js";
import type { HeldState } from "../../src/state/held.js";
import { copyFile, SCHEMA } from "../../src/state/postgres/copy.js";
import { inTenant, requireVersion } from "../../src/state/postgres/database.js";
import {
  holdFleetState,
  openFleetDatabase,
  readFleetState,
  type FleetDatabase,
} from "../../src/state/postgres/index.js";
import { takeLease } from "../../src/state/postgres/lease.js";
import { replaceAll } from "../../src/state/postgres/push.js";
import { openDatabase } from "../../src/state/sqlite/database.js";
import { SHORT_TIMES } from "../contract/state-homes.js";
import { hasPostgres, startPostgres, type TestPostgres } from "../support/postgres.js";
import { user } from "../unit/state/made.js";

const CHILD = join(import.meta.dirname, "..", "support", "fleet-holder.mjs");

let server: TestPostgres;
let database: FleetDatabase;
let folder: string;
let tenants = 0;
let tenant = "";

const hold = (worker: string, of = tenant): Promise<HeldState> =>
  holdFleetState(database, { tenant: of, holder: worker, folder: join(folder, worker), times: SHORT_TIMES });

/** A worker as a process of its own that does what it is told. */
function holder(name: string) {
  const { beat, fresh, silence } = SHORT_TIMES;
  const args = [server.url, tenant, join(folder, name), beat, fresh, silence].map(String);
  const child = spawn(process.execPath, [CHILD, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const said: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => said.push(line));
  return {
    said,
    tell: (command: string) => child.stdin.write(`${command}\n`),
    heard: (word: string) => vi.waitFor(() => expect(said).toContain(word), { timeout: 30_000, interval: 50 }),
    signal: (name: NodeJS.Signals) => child.kill(name),
  };
}

/** Takes the tenant as soon as its former holder is gone. */
function holdWhenFree(worker: string): Promise<HeldState> {
  return vi.waitFor(() => hold(worker), { timeout: 30_000, interval: 200 });
}

/** What ended a hold that was taken; while another one holds the tenant it is thrown on. */
function unlessHeld(error: unknown): unknown {
  if (error instanceof PhotodriftError && error.code === "run-in-progress") throw error;
  return error;
}

async function sessions(): Promise<number> {
  const { rows } = await database.pool.query<{ pid: number }>(
    "SELECT pg_terminate_backend(pid), pid FROM pg_stat_activity WHERE application_name = 'photodrift lease' AND usename = current_user",
  );
  return rows.length;
}

const intent = (runId: string) => {
  const action = { id: "a", action: "upload-photo", address: "exchange/anna@contoso.com", user: null };
  const before = { kind: "picture", exists: true, etag: "e", backupSha256: null, lastApplied: null } as const;
  return {
    runId,
    planId: "p",
    action: action as unknown as PlanAction,
    before,
    sentSha256: "s",
    at: "2026-01-01T00:00:00Z",
  };
};

describe.skipIf(!(await hasPostgres()))("a tenant's state in the fleet's database (needs PostgreSQL)", () => {
  beforeAll(async () => {
    server = await startPostgres();
    database = openFleetDatabase(server.url);
    await database.migrate();
    folder = mkdtempSync(join(tmpdir(), "photodrift-lease-"));
  }, 60_000);
  afterAll(async () => {
    await database.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    tenant = `tenant-${String(++tenants)}.example`;
  });
  const opened: HeldState[] = [];
  const kept = async (held: Promise<HeldState>): Promise<HeldState> => {
    opened.push(await held);
    return held;
  };
  afterEach(async () => {
    for (const held of opened.splice(0)) await held.release().catch(() => undefined);
  });

  describe("one holder at a time", () => {
    it("of workers that come at once one gets it; the others are told who", async () => {
      const tries = await Promise.allSettled(["a", "b", "c", "d"].map((worker) => hold(worker)));
      const got = tries.filter((one) => one.status === "fulfilled");
      opened.push(...got.map(({ value }) => value));
      expect(got).toHaveLength(1);
      for (const one of tries) {
        if (one.status === "fulfilled") continue;
        expect(one.reason).toMatchObject({ code: "run-in-progress", errorClass: "refused" });
        expect(String(one.reason)).toMatch(/is held by (a|b|c|d|another worker) since/);
      }
    });

    it("other tenants are free meanwhile", async () => {
      await kept(hold("a"));
      await kept(hold("b", `other-${tenant}`));
    });

    it("a holder whose session is gone sends nothing, journals nothing and keeps nothing more", async () => {
      const first = await kept(hold("a"));
      first.state.records.beginRun({
        id: "run-1",
        mode: "apply",
        trigger: "cli",
        tenant,
        startedAt: "2026-01-01T00:00:00Z",
      });
      await first.state.journal.intend([intent("run-1")]);
      await first.beforeRequest?.();
      expect(await sessions()).toBeGreaterThan(0);
      const second = await kept(holdWhenFree("b"));
      expect(first.lost?.aborted).toBe(true);
      await expect(first.beforeRequest?.()).rejects.toMatchObject({ code: "lease-lost" });
      await expect(first.state.journal.intend([intent("run-1")])).rejects.toMatchObject({ code: "lease-lost" });
      await expect(first.state.backups.put(Buffer.from("x"))).rejects.toMatchObject({ code: "lease-lost" });
      // What the first had made safe is there for the second, and nothing else.
      expect(second.state.journal.open()).toHaveLength(1);
      await expect(first.release()).rejects.toMatchObject({ code: "lease-lost" });
      await second.beforeRequest?.();
    });

    it("a number that is not the newest is refused by the database itself", async () => {
      const lease = await takeLease(database, { tenant, holder: "a", times: SHORT_TIMES });
      const old = { ...lease, number: String(Number(lease.number) - 1) };
      const db = openDatabase(join(folder, "old.db"), null);
      await expect(replaceAll({ database, tenant, lease: old, db }, SCHEMA)).rejects.toMatchObject({
        code: "lease-lost",
      });
      db.close();
      await lease.release();
    });
  });

  describe("a worker that ends badly", () => {
    it("SIGKILL: what it intended is there, the tenant is free at once", async () => {
      const worker = holder("killed");
      await worker.heard("held");
      for (const command of ["begin", "backup", "intend"]) worker.tell(command);
      await worker.heard("intend done");
      await expect(hold("b")).rejects.toMatchObject({ code: "run-in-progress" });
      worker.signal("SIGKILL");
      const next = await kept(holdWhenFree("b"));
      expect(next.state.journal.open()).toHaveLength(1);
      expect(next.state.journal.unfinishedRuns()).toMatchObject([{ id: "run-1", mode: "apply" }]);
      const backups: string[] = [];
      for await (const sha256 of next.state.backups.all()) backups.push(sha256);
      expect(backups).toHaveLength(1);
      expect((await next.state.backups.get(backups[0] ?? ""))?.toString()).toBe("a replaced picture");
    });

    it("SIGSTOP: the database drops it, and when it goes on it sends and journals nothing", async () => {
      const worker = holder("stopped");
      await worker.heard("held");
      for (const command of ["begin", "send"]) worker.tell(command);
      await worker.heard("send done");
      worker.signal("SIGSTOP");
      // Told while it stands still: the first thing that it does is to send.
      for (const command of ["send", "intend", "backup"]) worker.tell(command);
      const next = await kept(holdWhenFree("b"));
      const generation = async () =>
        (
          await database.pool.query<{ generation: string }>(
            "SELECT generation FROM photodrift.tenants WHERE tenant = $1",
            [tenant],
          )
        ).rows;
      const before = await generation();
      worker.signal("SIGCONT");
      for (const command of ["send", "intend", "backup"]) await worker.heard(`${command} lease-lost`);
      expect(await generation()).toEqual(before);
      expect(next.state.journal.open()).toEqual([]);
      await next.beforeRequest?.();
      worker.signal("SIGKILL");
    });

    it("a process that stops at any moment of taking or giving up a lease, or of its registration, is dropped", async () => {
      const times = { beat: 60_000, fresh: 500, silence: 1_000, margin: 0 };
      const identity = { host: "stopped", pid: 1, version: "0", concurrency: 1 };
      /** As a process that is stopped (SIGSTOP) after so many statements: nothing more is sent, the connection stays. */
      const stoppingAfter = (statements: number): FleetDatabase => ({
        ...database,
        async session(...wish) {
          const session = await database.session(...wish);
          const { client } = session;
          const query = client.query.bind(client) as (...words: unknown[]) => Promise<unknown>;
          let sent = 0;
          const stopped = (...words: unknown[]) =>
            sent++ < statements ? query(...words) : new Promise(() => undefined);
          Object.assign(client, { query: stopped });
          return { ...session, end: () => (sent <= statements ? session.end() : new Promise<void>(() => undefined)) };
        },
      });
      const moments = Array.from({ length: 9 }, (_, n) => n);
      for (const n of moments) {
        void takeLease(stoppingAfter(n), { tenant: `${tenant}-${String(n)}`, holder: "stopped", times }).then(
          (lease) => lease.release(),
          () => undefined,
        );
        void registerWorker(stoppingAfter(n), identity, { ...times, sweep: 0 }).then(
          (worker) => worker.end(),
          () => undefined,
        );
      }
      await pause(1_500);
      const living = async () =>
        (await database.pool.query(`SELECT FROM photodrift.workers w WHERE host = 'stopped' AND ${LIVING}`)).rowCount;
      await vi.waitFor(async () => expect(await living()).toBe(0), { timeout: 15_000, interval: 200 });
      const patient = { ...times, fresh: 20_000, silence: 60_000, margin: -20_000 };
      const stuck: number[] = [];
      for (const n of moments) {
        const wish = { tenant: `${tenant}-${String(n)}`, holder: "next", times: patient };
        await vi
          .waitFor(async () => (await takeLease(database, wish)).release(), { timeout: 5_000, interval: 200 })
          .catch(() => stuck.push(n));
      }
      expect(stuck).toEqual([]);
    });

    it("a process that stops in the middle of a push keeps nobody from the tenant", async () => {
      const first = await takeLease(database, { tenant, holder: "first", times: SHORT_TIMES });
      await first.release();
      const stopped = openFleetDatabase(server.url, { silence: 1_000 });
      const client = await stopped.pool.connect();
      client.on("error", () => undefined);
      await client.query("BEGIN");
      await client.query("UPDATE photodrift.tenants SET generation = generation + 1 WHERE tenant = $1", [tenant]);
      const next = await takeLease(database, { tenant, holder: "next", times: SHORT_TIMES });
      await next.release();
      client.release(true);
      await stopped.close();
    });

    it("the server restarts: the lease is lost, and whoever comes next waits for what is on its way", async () => {
      const worker = holder("cut");
      await worker.heard("held");
      for (const command of ["begin", "intend"]) worker.tell(command);
      await worker.heard("intend done");
      await server.crash();
      await worker.heard("lost");
      worker.tell("send");
      await worker.heard("send lease-lost");
      worker.signal("SIGKILL");
      const began = performance.now();
      await kept(holdWhenFree("b"));
      expect(performance.now() - began).toBeGreaterThanOrEqual(SHORT_TIMES.fresh);
    });

    it("whoever takes over from one that had nothing on its way begins at once, whatever way it went", async () => {
      // So long that a wait would be seen on any machine: nobody would wait for it here.
      const times = { ...SHORT_TIMES, margin: 3_600_000 };
      const next = (worker: string) =>
        vi.waitFor(() => holdFleetState(database, { tenant, holder: worker, folder: join(folder, worker), times }), {
          timeout: 30_000,
          interval: 200,
        });
      const killed = holder("killed");
      await killed.heard("held");
      killed.tell("begin");
      await killed.heard("begin done");
      killed.signal("SIGKILL");
      await kept(next("b"));
      await sessions();
      const third = await kept(next("c"));
      await third.state.journal.intend([intent("run-1")]);
      third.state.journal.settle(1, { kind: "applied", at: "2026-01-01T00:00:01Z", after: null, error: null });
      await third.state.journal.intend([]);
      await sessions();
      const fourth = await kept(next("d"));
      expect(fourth.state.journal.open()).toEqual([]);
    });

    it("the lease may be lost while one waits for what is on its way", async () => {
      const times = { ...SHORT_TIMES, margin: 3_600_000 };
      const first = await kept(hold("a"));
      await first.state.journal.intend([intent("run-1")]);
      await sessions();
      const wish = { tenant, holder: "b", folder: join(folder, "b"), times };
      let told = "";
      const waiting = vi
        .waitFor(() => holdFleetState(database, wish).catch(unlessHeld), { timeout: 30_000, interval: 50 })
        .then((answer) => (told = String(answer)));
      // The first session to end is that of the former holder, the next one that of who waits.
      await vi.waitFor(
        async () => {
          await sessions();
          expect(told).toContain("does not hold tenant");
        },
        { timeout: 30_000, interval: 500 },
      );
      await waiting;
    });
  });

  describe("what is carried", () => {
    it("a copy that is whole is used again, one that another worker has overtaken is made anew", async () => {
      const first = await hold("a");
      first.state.records.saveUsers("run-1", [user("anna")]);
      await first.release();
      // Nothing of this reaches the database: it tells whether the copy was used again.
      const file = copyFile(join(folder, "a"), tenant);
      const db = openDatabase(file, null);
      db.prepare("INSERT INTO meta(key, value) VALUES ('mark', 'used again')").run();
      db.close();
      const marked = (held: HeldState) =>
        held.state.db.prepare("SELECT value FROM meta WHERE key = 'mark'").get() !== undefined;
      const again = await hold("a");
      expect(marked(again)).toBe(true);
      await again.release();
      const other = await hold("b");
      expect(marked(other)).toBe(false);
      other.state.records.saveUsers("run-2", [user("ben")]);
      await other.release();
      const back = await kept(hold("a"));
      expect(marked(back)).toBe(false);
      expect([...back.state.records.users()].map(({ displayName }) => displayName)).toEqual(["anna", "ben"]);
    });

    it("previews are fetched with the first that a report asks for, and nothing is carried back for it", async () => {
      const shas = Array.from({ length: 230 }, (_, at) => at.toString(16).padStart(64, "0"));
      const first = await hold("a");
      for (const sha of shas) first.state.records.savePreview(sha, Buffer.from(`shows ${sha}`));
      await first.release();
      const generation = async () => {
        const statement = "SELECT generation FROM photodrift.tenants WHERE tenant = $1";
        return (await database.pool.query<{ generation: string }>(statement, [tenant])).rows;
      };
      const before = await generation();
      const held = await hold("b");
      const { db, records } = held.state;
      const bytes = () => db.prepare("SELECT sum(length(jpeg)) FROM previews").pluck().get();
      expect(bytes()).toBe(0);
      expect(shas.every((sha) => records.hasPreview(sha))).toBe(true);
      expect(bytes()).toBe(0);
      const shown = await Promise.all(shas.map((sha) => records.preview(sha)));
      expect(shown.map(String)).toEqual(shas.map((sha) => `shows ${sha}`));
      expect(await records.preview("f".repeat(64))).toBeNull();
      await held.release();
      expect(await generation()).toEqual(before);
    });

    it("a preview that is saved, replaced or removed over a copy without previews is so in the database", async () => {
      const [same = "", replaced = "", removed = "", added = ""] = ["a", "b", "c", "d"].map((one) => one.repeat(64));
      const first = await hold("a");
      for (const sha of [same, replaced, removed]) first.state.records.savePreview(sha, Buffer.from("before"));
      await first.release();
      const second = await hold("b");
      second.state.records.savePreview(replaced, Buffer.from("after"));
      second.state.records.savePreview(added, Buffer.from("after"));
      second.state.db.prepare("DELETE FROM previews WHERE sha256 = ?").run(removed);
      expect(String(await second.state.records.preview(replaced))).toBe("after");
      expect(String(await second.state.records.preview(same))).toBe("before");
      // What the fetching wrote was not noticed; what is written after it is.
      second.state.records.savePreview(same, Buffer.from("later"));
      await second.release();
      const reading = await readFleetState(database, { tenant, folder: join(folder, "reader") });
      const { records } = reading.state;
      const shown = await Promise.all([same, replaced, removed, added].map((sha) => records.preview(sha)));
      await reading.close();
      expect(shown.map((one) => one?.toString() ?? null)).toEqual(["later", "after", null, "after"]);
    });

    it("a filled copy has every index and is in the journal mode of a state file", async () => {
      const first = await hold("a");
      const indexes = ({ state: { db } }: HeldState) =>
        db
          .prepare("SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name")
          .pluck()
          .all();
      const made = indexes(first);
      first.state.records.saveUsers("run-1", [user("anna")]);
      await first.release();
      const second = await kept(hold("b"));
      expect(indexes(second)).toEqual(made);
      expect(made.length).toBeGreaterThan(5);
      expect(second.state.db.pragma("journal_mode", { simple: true })).toBe("wal");
      expect(second.state.db.pragma("foreign_keys", { simple: true })).toBe(1);
      expect(second.state.db.pragma("integrity_check", { simple: true })).toBe("ok");
    });

    it("a copy that lost its file, or was killed while it was worked on, is made anew", async () => {
      const first = await hold("a");
      first.state.records.saveUsers("run-1", [user("anna")]);
      await first.release();
      const file = copyFile(join(folder, "a"), tenant);
      rmSync(file);
      const second = await hold("a");
      expect(second.state.records.countUsers()).toBe(1);
      await second.release();
      rmSync(`${file}.mark`);
      writeFileSync(file, "torn");
      expect((await kept(hold("a"))).state.records.countUsers()).toBe(1);
    });

    it.each(Array.from({ length: SCHEMA - 2 }, (_, at) => at + 2))(
      "rows of schema %i are brought to the newest",
      async (schema) => {
        const lease = await takeLease(database, { tenant, holder: "old", times: SHORT_TIMES });
        const db = openDatabase(join(folder, `schema-${String(schema)}.db`), null, schema);
        db.prepare("INSERT INTO users(id, upn_key, json, seen_run) VALUES (?, ?, ?, 'run-1')").run(
          "id-anna",
          "anna@contoso.com",
          JSON.stringify(user("anna")),
        );
        db.prepare("INSERT INTO previews(sha256, jpeg) VALUES ('old', ?)").run(Buffer.from("before"));
        await replaceAll({ database, tenant, lease, db }, schema);
        db.close();
        await lease.release();
        const held = await hold("a");
        expect(held.state.records.user("anna@contoso.com")?.id).toBe(parseUserId("id-anna"));
        await held.release();
        const next = await kept(hold("b"));
        expect(next.state.records.countUsers()).toBe(1);
        expect(String(await next.state.records.preview("old"))).toBe("before");
        expect(next.state.db.pragma("user_version", { simple: true })).toBe(SCHEMA);
      },
    );

    it("rows of a newer schema are left to newer workers", async () => {
      await (await hold("a")).release();
      await database.pool.query("UPDATE photodrift.tenants SET schema = schema + 1 WHERE tenant = $1", [tenant]);
      await expect(hold("b")).rejects.toMatchObject({ code: "state-too-new" });
      await expect(readFleetState(database, { tenant, folder })).rejects.toMatchObject({ code: "state-too-new" });
      // And are not held by who cannot work on them.
      const { rows } = await database.pool.query<{ released: boolean }>(
        "SELECT released FROM photodrift.tenants WHERE tenant = $1",
        [tenant],
      );
      expect(rows).toEqual([{ released: true }]);
    });

    it("observations are in the database before the hold ends, so that a first audit that dies is not all lost", async () => {
      const held = await kept(hold("a"));
      held.state.records.saveUsers(
        "run-1",
        Array.from({ length: 2_500 }, (_, at) => user(`u${String(at)}`)),
      );
      await vi.waitFor(
        async () => {
          const reading = await readFleetState(database, { tenant, folder: join(folder, "reader") });
          const count = reading.state.records.countUsers();
          await reading.close();
          expect(count).toBe(2_500);
        },
        { timeout: 20_000, interval: 200 },
      );
    });
  });

  describe("tenants apart", () => {
    it("no statement under one tenant's run reads or writes rows of another", async () => {
      const other = `other-${tenant}`;
      for (const one of [tenant, other]) {
        const held = await hold(`a-${one}`, one);
        held.state.records.saveUsers("run-1", [user(one)]);
        await held.state.backups.put(Buffer.from(one));
        await held.release();
      }
      await inTenant(database, tenant, async (transaction) => {
        for (const table of ["rows", "backups"]) {
          const seen = await sql<{
            tenant: string;
          }>`SELECT DISTINCT tenant FROM ${sql.raw(`photodrift.${table}`)}`.execute(transaction);
          expect(seen.rows, table).toEqual([{ tenant }]);
        }
        const taken = await sql`DELETE FROM photodrift.rows WHERE tenant = ${other}`.execute(transaction);
        expect(taken.numAffectedRows).toBe(0n);
      });
      await expect(
        inTenant(database, tenant, (transaction) =>
          sql`INSERT INTO photodrift.rows(tenant, tbl, key, row) VALUES (${other}, 'users', '[1]', '{}')`.execute(
            transaction,
          ),
        ),
      ).rejects.toThrow(/row-level security/);
      // Outside of any run there is nothing to see.
      const outside = await database.pool.query<{ count: string }>("SELECT count(*) FROM photodrift.rows");
      expect(outside.rows[0]?.count).toBe("0");
    });

    // server_version_num: postgresql.org/docs/current/runtime-config-preset.html
    it.each([
      [90_624, /PostgreSQL 9,/],
      [120_018, /PostgreSQL 12,/],
    ])("of an old server (%i) is told with its cure", (version, told) => {
      expect(() => requireVersion(version)).toThrow(told);
    });

    it("of the oldest server that does is taken", () => {
      expect(() => requireVersion(130_000)).not.toThrow();
    });

    it("the database's user is no superuser", async () => {
      const { rows } = await database.pool.query<{ rolsuper: boolean; rolbypassrls: boolean }>(
        "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user",
      );
      expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false }]);
    });
  });

  describe("the schema", () => {
    it("is made once by many workers at the same time", async () => {
      const url = await server.database(`many_${String(tenants)}`);
      const all = Array.from({ length: 8 }, () => openFleetDatabase(url, { connections: 2 }));
      await Promise.all(all.map((one) => one.migrate()));
      await Promise.all(all.map((one) => one.close()));
    });

    it("of a newer version is left as it is, and worked with", async () => {
      const url = await server.database(`newer_${String(tenants)}`);
      const one = openFleetDatabase(url);
      await one.migrate();
      await one.pool.query("INSERT INTO photodrift.kysely_migration(name, timestamp) VALUES ('999-later', 'now')");
      await one.migrate();
      const held = await holdFleetState(one, {
        tenant,
        holder: "old",
        folder: join(folder, "old"),
        times: SHORT_TIMES,
      });
      await held.release();
      await one.close();
    });
  });

  it.each([
    ["a server that is not there", () => "postgres://fleet@127.0.0.1:9/fleet", "database-unreachable"],
    ["a database that is not there", () => server.url.replace(/photodrift$/, "nothing"), "database-failed"],
  ])("%s is told with its cure and without a password", async (_, url, code) => {
    const one = openFleetDatabase(
      url().replace(/secret-of-the-database|(?<=fleet)(?=@)/, (word) => (word === "" ? ":s3cr3t" : word)),
    );
    const error: unknown = await one.migrate().catch((thrown: unknown) => thrown);
    await one.close();
    expect(error).toMatchObject({ code });
    expect(String(error)).not.toMatch(/s3cr3t|secret-of/);
  });

  it("a client of the vendor reads the runs of all tenants, without findings or people", async () => {
    const held = await hold("a");
    held.state.records.beginRun({
      id: "run-9",
      mode: "audit",
      trigger: "schedule",
      tenant,
      startedAt: "2026-01-01T00:00:00Z",
    });
    await held.release();
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const { rows } = await client.query("SELECT run_id, mode, finished_at FROM photodrift.runs WHERE tenant = $1", [
      tenant,
    ]);
    await client.end();
    expect(rows).toEqual([{ run_id: "run-9", mode: "audit", finished_at: null }]);
    await pause(0);
  });
});
