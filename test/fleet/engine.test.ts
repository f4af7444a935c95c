import type pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { follow } from "../../src/fleet/follow.js";
import { prepareEngine } from "../../src/fleet/index.js";
import { openFleetDatabase } from "../../src/state/postgres/index.js";
import type { Schedule } from "../../src/model/schedule.js";
import {
  openRan,
  QUICK,
  startWorkerChild,
  until,
  type ChildWish,
  type Ran,
  type WorkerChild,
} from "../support/fleet.js";
import { hasPostgres, startPostgres, type TestPostgres } from "../support/postgres.js";

/** The engine with a runner that writes down what it is asked to run: workers are processes, and they die as processes do. */
describe.skipIf(!(await hasPostgres()))("fleet engine (needs PostgreSQL)", () => {
  let postgres: TestPostgres;
  let url: string;
  let pool: pg.Pool;
  let names = 0;
  const children: WorkerChild[] = [];

  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());
  beforeEach(async () => {
    url = await postgres.database(`engine${String(names++)}`);
    pool = await openRan(url);
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    await pool.end();
  });

  function start(wish: Omit<ChildWish, "url">): WorkerChild {
    const child = startWorkerChild({ url, ...wish });
    children.push(child);
    return child;
  }
  /** Makes the engine follow the schedules before their first due time, however long the first worker takes to start. */
  async function followed({ tenants, due, schedules = ["nightly"] }: Pick<ChildWish, "tenants" | "due" | "schedules">) {
    const database = openFleetDatabase(url);
    await prepareEngine(database);
    const after = (instant: number) => due.find((at) => at > instant) ?? Infinity;
    const timetable = { idle: false, delayMs: 0, expression: "test", after, lastIn: () => null, countIn: () => 0 };
    const entries = tenants.flatMap((tenant) =>
      schedules.map((name) => ({ tenant, schedule: { name } as Schedule, timetable })),
    );
    await follow(database, entries, Math.min(...due) - 1);
    await database.close();
  }
  const tenantsNamed = (count: number): string[] => Array.from({ length: count }, (_, i) => `tenant-${String(i)}`);
  const ran = async (): Promise<readonly Ran[]> => (await pool.query<Ran>("SELECT * FROM ran ORDER BY id")).rows;
  async function states(): Promise<{ [state: string]: number }> {
    const { rows: there } = await pool.query(
      "SELECT FROM pg_tables WHERE schemaname = 'photodrift' AND tablename = 'due_runs'",
    );
    if (there.length === 0) return {};
    const { rows } = await pool.query<{ state: string; n: number }>(
      "SELECT state, count(*)::integer AS n FROM photodrift.due_runs GROUP BY state",
    );
    return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
  }
  const settled = (done: number) =>
    until(states, (found) => found["done"] === done && (found["waiting"] ?? 0) + (found["running"] ?? 0) === 0);

  /** Two runs of a tenant that overlap. */
  function overlaps(runs: readonly Ran[]): number {
    let found = 0;
    for (const a of runs)
      for (const b of runs)
        if (a !== b && a.tenant === b.tenant && a.ended && a.started <= b.started && b.started < a.ended) found++;
    return found;
  }

  it("two workers that race on 200 due times run each of them once", async () => {
    const tenants = tenantsNamed(200);
    const due = [Date.now() + 3_000];
    await followed({ tenants, due });
    start({ tenants, due, runMs: 5 });
    start({ tenants, due, runMs: 5 });
    await settled(200);
    const runs = await ran();
    expect(runs).toHaveLength(200);
    expect(new Set(runs.map(({ tenant }) => tenant)).size).toBe(200);
    expect(new Set(runs.map(({ pid }) => pid)).size).toBe(2);
  });

  it("runs of one tenant never overlap, those of others do not wait", async () => {
    const due = [Date.now() + 2_000];
    await followed({ tenants: ["a", "b"], due, schedules: ["one", "two", "three"] });
    start({ tenants: ["a", "b"], schedules: ["one", "two", "three"], due, runMs: 300 });
    start({ tenants: ["a", "b"], schedules: ["one", "two", "three"], due, runMs: 300 });
    await settled(6);
    const runs = await ran();
    expect(runs).toHaveLength(6);
    expect(overlaps(runs)).toBe(0);
  });

  it("a worker killed in the middle of its runs: each is taken up, and ends once", async () => {
    const tenants = tenantsNamed(12);
    const due = [Date.now() + 2_000];
    await followed({ tenants, due });
    const first = start({ tenants, due, runMs: 2_000 });
    const second = start({ tenants, due, runMs: 2_000 });
    await until(ran, (runs) => runs.some(({ pid }) => pid === first.process.pid));
    first.kill("SIGKILL");
    await settled(12);
    const runs = await ran();
    const ended = runs.filter(({ ended: at }) => at !== null);
    expect(new Set(ended.map(({ tenant }) => tenant)).size).toBe(12);
    expect(ended).toHaveLength(12);
    const again = runs.filter(({ attempt }) => attempt > 1);
    expect(again.length).toBeGreaterThan(0);
    expect(again.every(({ pid }) => pid === second.process.pid)).toBe(true);
  });

  it("a worker that is stopped loses its runs; continued, it ends nothing of what is another's", async () => {
    const due = [Date.now() + 1_500];
    await followed({ tenants: ["a"], due });
    const stopped = start({ tenants: ["a"], due, runMs: 2_500 });
    await until(ran, (runs) => runs.length === 1);
    stopped.kill("SIGSTOP");
    start({ tenants: ["a"], due, runMs: 3_000 });
    await until(ran, (runs) => runs.length === 2);
    stopped.kill("SIGCONT");
    await settled(1);
    const { rows } = await pool.query<{ run_id: string; begun: number }>(
      "SELECT run_id, begun FROM photodrift.due_runs",
    );
    expect(rows).toEqual([{ run_id: "run-2", begun: 2 }]);
    await until(
      () => Promise.resolve(stopped.said()),
      (said) => said.includes("comes back under a new name"),
    );
    // The queue of the tenant is free again.
    const { rows: locked } = await pool.query("SELECT FROM photodrift_jobs.jobs WHERE locked_at IS NOT NULL");
    expect(locked).toHaveLength(0);
  });

  it("a worker that was cut off and comes back follows what it followed", async () => {
    const tenants = ["a", "b"];
    const due = [Date.now() + 1_500, Date.now() + 9_000];
    await followed({ tenants, due });
    const cut = start({ tenants, due });
    await settled(2);
    await pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'photodrift worker'",
    );
    await until(
      () => Promise.resolve(cut.said()),
      (said) => said.split("is at work").length > 2,
    );
    await settled(4);
    const { rows } = await pool.query("SELECT tenant, schedule FROM photodrift.followed ORDER BY tenant");
    expect(rows).toEqual(tenants.map((tenant) => ({ tenant, schedule: "nightly" })));
  });

  it("what other workers' files have is not removed by a worker that never had it", async () => {
    const due = [Date.now() + 1_500];
    await followed({ tenants: ["old", "both", "new"], due });
    start({ tenants: ["old", "both"], due });
    start({ tenants: ["both", "new"], due });
    await settled(3);
    expect(new Set((await ran()).map(({ tenant }) => tenant))).toEqual(new Set(["old", "both", "new"]));
  });

  it("workers with different files: each run is handed on at once, also where many wait and nobody is free", async () => {
    const left = tenantsNamed(30);
    const right = left.map((name) => name.replace("tenant", "other"));
    const due = [Date.now() + 2_500];
    await followed({ tenants: [...left, ...right, "nobodys"], due });
    start({ tenants: left, due, runMs: 20, concurrency: 2 });
    start({ tenants: right, due, runMs: 20, concurrency: 2 });
    await until(states, (found) => found["done"] === 60);
    const runs = await ran();
    expect(runs).toHaveLength(60);
    for (const { tenant, pid } of runs) {
      const [of] = children.filter((child) => child.process.pid === pid);
      expect(of).toBe(tenant.startsWith("other") ? children[1] : children[0]);
    }
    // A run is handed on once at most by each of the worker's places; none is tossed to and fro.
    const { rows } = await pool.query<{ most: number }>("SELECT max(begun)::integer AS most FROM photodrift.due_runs");
    expect(rows[0]?.most).toBeLessThanOrEqual(3);
  });

  it("what no worker's files have is left alone, and taken up by one that comes with it", async () => {
    const due = [Date.now() + 1_500];
    await followed({ tenants: ["a", "late"], due });
    start({ tenants: ["a"], due });
    await settled(1);
    start({ tenants: ["late"], due });
    await settled(2);
    const { rows } = await pool.query("SELECT FROM photodrift.due_runs WHERE state = 'done'");
    expect(rows).toHaveLength(2);
  });

  it("a worker that dies between the due time and its run loses nothing", async () => {
    const tenants = tenantsNamed(40);
    const due = [Date.now() + 1_500];
    await followed({ tenants, due });
    const first = start({ tenants, due, runMs: 100, concurrency: 1 });
    await until(states, (found) => (found["waiting"] ?? 0) > 0);
    first.kill("SIGKILL");
    start({ tenants, due, runMs: 20 });
    await settled(40);
    const ended = (await ran()).filter(({ ended: at }) => at !== null);
    expect(new Set(ended.map(({ tenant }) => tenant)).size).toBe(40);
    const { rows } = await pool.query("SELECT tenant FROM photodrift.due_runs GROUP BY tenant, schedule, due");
    expect(rows).toHaveLength(40);
  });

  it("due times that passed while nothing ran lead to one run, and the rest is told as missed", async () => {
    const now = Date.now();
    const due = [1_000, 2_000, 3_000].map((ms) => now + ms);
    await followed({ tenants: ["a"], due });
    const first = start({ tenants: ["a"], due, runMs: 10 });
    await until(
      async () => (await pool.query("SELECT FROM photodrift.followed").catch(() => ({ rowCount: 0 }))).rowCount,
      (count) => count === 1,
    );
    first.kill("SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, now + 3_500 - Date.now())));
    start({ tenants: ["a"], due, runMs: 10 });
    await until(states, (found) => (found["done"] ?? 0) > 0 && found["waiting"] === undefined);
    const { rows } = await pool.query<{ done: number; missed: number }>(
      `SELECT count(*) FILTER (WHERE state = 'done')::integer AS done,
              coalesce(sum(missed) FILTER (WHERE state = 'missed'), 0)::integer AS missed FROM photodrift.due_runs`,
    );
    expect((rows[0]?.done ?? 0) + (rows[0]?.missed ?? 0)).toBe(3);
    expect((await ran()).filter(({ ended }) => ended).length).toBe(rows[0]?.done);
  });

  it("a tenant that asks for a long pause, and one that cannot log in, give their places back", async () => {
    const tenants = ["a-login", "b-throttled", ...tenantsNamed(8)];
    const fates = { "a-login": "login", "b-throttled": "throttled" } as const;
    const due = [Date.now() + 1_500];
    await followed({ tenants, due });
    start({ tenants, due, runMs: 50, concurrency: 1, fates });
    await until(states, (found) => found["done"] === 8 && found["waiting"] === 2);
    const { rows } = await pool.query<{ tenant: string; reason: string; seconds: number; attempts: number }>(
      `SELECT tenant, reason, attempts, round(extract(epoch FROM not_before - started_at))::integer AS seconds
         FROM photodrift.due_runs WHERE state = 'waiting' ORDER BY tenant`,
    );
    expect(rows[0]).toMatchObject({ tenant: "a-login", reason: "login failed", seconds: 60, attempts: 1 });
    expect(rows[1]).toMatchObject({ tenant: "b-throttled", seconds: 300, attempts: 0 });
  });

  it("told to end, a worker gives back what it cannot finish, and another takes it up", async () => {
    const due = [Date.now() + 1_500];
    await followed({ tenants: ["a"], due });
    const first = start({ tenants: ["a"], due, runMs: 20_000 });
    await until(ran, (runs) => runs.length === 1);
    first.kill("SIGTERM");
    expect(await first.ended()).toBe(0);
    expect(await states()).toEqual({ waiting: 1 });
    start({ tenants: ["a"], due, runMs: 10 });
    await settled(1);
    expect((await ran()).map(({ aborted, attempt }) => [aborted, attempt])).toEqual([
      [true, 1],
      [false, 1],
    ]);
  });

  it("a run that kills its worker each time is put off after ten deaths, longer each time, and given up after sixteen", async () => {
    const due = [Date.now() + 1_000];
    const times = { ...QUICK, afterDeaths: 100 };
    await followed({ tenants: ["a"], due });
    const deaths: number[] = [];
    for (let began = 1; deaths.at(-1) !== 15; began++) {
      const child = start({ tenants: ["a"], due, runMs: 60_000, times });
      await until(ran, (runs) => runs.length === began);
      const { rows } = await pool.query<{ cut_off: number }>("SELECT cut_off FROM photodrift.due_runs");
      deaths.push(rows[0]?.cut_off ?? 0);
      child.kill("SIGKILL");
      await child.ended();
      // As if it had happened to more workers.
      if (began === 2) await pool.query("UPDATE photodrift.due_runs SET cut_off = 9");
      if (began === 4) await pool.query("UPDATE photodrift.due_runs SET cut_off = 14");
    }
    expect(deaths).toEqual([0, 1, 10, 11, 15]);
    start({ tenants: ["a"], due, runMs: 10, times });
    await until(states, (found) => found["failed"] === 1);
    expect(await ran()).toHaveLength(5);
  });
});
