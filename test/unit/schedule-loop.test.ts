import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PhotodriftError } from "../../src/model/errors.js";
import { NO_COST, type RunSummary, type Verdict } from "../../src/model/run.js";
import type { Schedule } from "../../src/model/schedule.js";
import { runScheduler, type SchedulerOptions } from "../../src/schedule/loop.js";
import type { RunResult, ScheduleFiles, ScheduleRecords, Trigger } from "../../src/schedule/ports.js";
import { sqliteScheduleRecords } from "../../src/schedule/records.js";
import { FakeTime, settle } from "../support/fake-time.js";
import { madeSchedule } from "../support/made-schedule.js";

const SUMMARY: RunSummary = {
  users: 10,
  usersInScope: 9,
  usersInSync: 8,
  usersWithDrift: 1,
  masters: 9,
  byRule: { "stale-photo": 1 },
  byStore: { exchange: 1 },
  new: 1,
  persisting: 0,
  resolved: 0,
};

function schedule(name: string, cron: string, more: Partial<Schedule> = {}): Schedule {
  return madeSchedule(name, { cron, timezone: "Europe/Berlin", ...more });
}

function result(id: string, verdict: Verdict, failure: RunResult["failure"] = null): RunResult {
  const head = { id, mode: "audit", trigger: "schedule", tenant: "t", startedAt: "", finishedAt: "" } as const;
  const complete = verdict === "in-sync" || verdict === "drift";
  return {
    head: { ...head, verdict, exitCode: complete ? 0 : 1, complete },
    summary: SUMMARY,
    cost: { ...NO_COST, throttled: 2 },
    failure,
  };
}

interface Daemon {
  readonly stop: () => Promise<void>;
  /** SIGKILL: nothing of it does anything any more. */
  readonly kill: () => void;
  readonly records: ScheduleRecords;
  readonly done: Promise<void>;
}

let time: FakeTime;
let database: Database.Database;
/** One line a run: when, which, what kind, how many missed, attempt. */
let runs: string[];
let log: string[];
let files: ScheduleFiles;
let version: number;
let minutes: (name: string, due: string) => number;
let verdictOf: (name: string) => Verdict;
let failureOf: (name: string) => RunResult["failure"];
let pids: Set<number>;
let nextPid: number;

beforeEach(() => {
  time = new FakeTime("2026-10-01T00:00:30Z");
  database = new Database(":memory:");
  runs = [];
  log = [];
  version = 0;
  minutes = () => 10;
  verdictOf = () => "drift";
  failureOf = () => null;
  pids = new Set();
  nextPid = 100;
});
afterEach(() => database.close());

function use(...schedules: Schedule[]): void {
  files = { schedules, problems: [] };
  version++;
}

function start(more: Partial<SchedulerOptions> = {}): Daemon {
  const controller = new AbortController();
  const pid = nextPid++;
  pids.add(pid);
  const records = sqliteScheduleRecords(database, { host: "h", pid, token: `t${pid}`, alive: (id) => pids.has(id) });
  let read = 0;
  let dead = false;
  const note = (message: string) => void log.push(message);
  const done = runScheduler({
    source: {
      read: () => {
        if (read === version) return null;
        read = version;
        return files;
      },
    },
    clock: time,
    timers: time,
    records,
    execute: async (entry: Schedule, trigger: Trigger, signal: AbortSignal) => {
      const at = new Date(time.now()).toISOString().slice(5, 16);
      const extra = trigger.kind === "tick" ? "" : ` catch-up missed=${trigger.missed} attempt=${trigger.attempt}`;
      runs.push(`${at} ${entry.name}${extra}`);
      await new Promise<void>((resolve) => {
        time.after(minutes(entry.name, trigger.due) * 60_000, resolve);
        signal.addEventListener("abort", () => resolve());
      });
      if (dead) return new Promise<RunResult>(() => undefined);
      return result(
        `${entry.name}-${at}`,
        signal.aborted ? "interrupted" : verdictOf(entry.name),
        failureOf(entry.name),
      );
    },
    tenantOf: (entry) => entry.config,
    log: { info: note, warn: note, error: note },
    signal: controller.signal,
    hostName: "Host1",
    healthPort: null,
    pollMs: 3_600_000,
    ...more,
  });
  done.catch(() => undefined);
  return {
    records,
    done,
    stop: async () => {
      controller.abort();
      await done;
      pids.delete(pid);
    },
    kill: () => {
      dead = true;
      pids.delete(pid);
    },
  };
}

function ticks(records: ScheduleRecords, name: string): string[] {
  return records
    .ticks(name, 500)
    .toReversed()
    .map((tick) => `${tick.due.slice(5, 16)} ${tick.state}`);
}

describe("a simulated month", () => {
  it("runs exactly what it should, with both clock changes, an outage, an overlap and a suspended schedule", async () => {
    // October to November: Berlin leaves summer time on 25 October; Chile (second tenant) is on summer time; New York leaves on 1 November.
    use(
      schedule("nightly", "30 2 * * *"),
      schedule("weekly", "30 2 * * 0", { full: true }),
      schedule("noon", "0 12 * * *"),
      schedule("paused", "0 * * * *", { suspend: true }),
      schedule("other-tenant", "30 1 * * *", { config: "/s/b.yaml", timezone: "America/New_York" }),
    );
    // On the 8th the nightly run takes ten hours and is still under way at noon.
    minutes = (name, due) => (name === "nightly" && due.startsWith("2026-10-08") ? 600 : 10);
    const first = start();
    await time.advanceTo("2026-10-14T08:00:00Z");
    // Power is gone for two days.
    first.kill();
    time.outage("2026-10-16T08:00:00Z");
    const second = start();
    await time.advanceTo("2026-11-03T00:00:00Z");

    const days = (name: string) =>
      runs.filter((line) => line.split(" ")[1] === name).map((line) => line.replace(` ${name}`, ""));
    const dates = (from: string, to: string, clock: string) => {
      const list: string[] = [];
      for (let at = Date.parse(`2026-${from}T00:00Z`); at <= Date.parse(`2026-${to}T00:00Z`); at += 86_400_000) {
        list.push(`${new Date(at).toISOString().slice(5, 10)}T${clock}`);
      }
      return list;
    };
    expect(days("nightly")).toEqual([
      ...dates("10-01", "10-14", "00:30"),
      "10-16T08:10 catch-up missed=1 attempt=1",
      ...dates("10-17", "10-25", "00:30"),
      ...dates("10-26", "11-02", "01:30"),
    ]);
    // On Sundays it waits behind the nightly run that is due at the same minute, instead of never running.
    expect(days("weekly")).toEqual(["10-04T00:40", "10-11T00:40", "10-18T00:40", "10-25T00:40", "11-01T01:40"]);
    expect(days("noon")).toEqual([
      ...dates("10-01", "10-13", "10:00").filter((day) => !day.startsWith("10-08")),
      "10-16T08:00 catch-up missed=1 attempt=1",
      ...dates("10-16", "10-24", "10:00"),
      ...dates("10-25", "11-02", "11:00"),
    ]);
    expect(days("paused")).toEqual([]);
    expect(days("other-tenant")).toEqual([
      ...dates("10-01", "10-14", "05:30"),
      "10-16T08:00 catch-up missed=1 attempt=1",
      ...dates("10-17", "11-01", "05:30"),
      "11-02T06:30",
    ]);
    expect(second.records.ticks("noon", 99).find((tick) => tick.state === "skipped")).toMatchObject({
      due: "2026-10-08T10:00:00.000Z",
      reason: "a run of nightly was under way",
    });
    expect(second.records.ticks("nightly", 99).filter((tick) => tick.state === "missed")).toMatchObject([
      { due: "2026-10-15T00:30:00.000Z", missed: 1 },
    ]);
    await second.stop();
  });

  it("runs once in the hour that the clocks skip", async () => {
    time = new FakeTime("2026-03-27T12:00:00Z");
    use(schedule("nightly", "30 2 * * *"));
    const daemon = start();
    await time.advanceTo("2026-03-31T00:00:00Z");
    expect(runs).toEqual(["03-28T01:30 nightly", "03-29T01:00 nightly", "03-30T00:30 nightly"]);
    await daemon.stop();
  });
});

describe("restarts", () => {
  it("tries a run again that was cut off, at most three times, and nothing that has ended", async () => {
    use(schedule("hourly", "0 * * * *"));
    let daemon = start();
    await time.advanceTo("2026-10-01T01:05:00Z");
    for (const minute of ["06", "07", "08", "09"]) {
      daemon.kill();
      time.outage(`2026-10-01T01:${minute}:00Z`);
      daemon = start();
      await settle();
    }
    expect(runs).toEqual([
      "10-01T01:00 hourly",
      "10-01T01:06 hourly catch-up missed=0 attempt=2",
      "10-01T01:07 hourly catch-up missed=0 attempt=3",
    ]);
    expect(ticks(daemon.records, "hourly")).toEqual(["10-01T01:00 interrupted"]);
    await time.advanceTo("2026-10-01T02:15:00Z");
    daemon.kill();
    time.outage("2026-10-01T02:16:00Z");
    daemon = start();
    await settle();
    expect(runs.slice(3)).toEqual(["10-01T02:00 hourly"]);
    await daemon.stop();
  });

  it("brings back a cut-off run also when a later tick was skipped because of it", async () => {
    use(schedule("hourly", "0 * * * *"));
    minutes = () => 90;
    const daemon = start();
    await time.advanceTo("2026-10-01T02:10:00Z");
    daemon.kill();
    time.outage("2026-10-01T02:11:00Z");
    const again = start();
    await settle();
    expect(runs).toEqual(["10-01T01:00 hourly", "10-01T02:11 hourly catch-up missed=0 attempt=2"]);
    expect(ticks(again.records, "hourly")).toEqual(["10-01T01:00 running", "10-01T02:00 skipped"]);
    await time.advanceTo("2026-10-01T03:45:00Z");
    expect(ticks(again.records, "hourly")).toEqual(["10-01T01:00 done", "10-01T02:00 skipped", "10-01T03:00 skipped"]);
    await again.stop();
  });

  it("catches up nothing for a schedule it sees for the first time, or whose times were changed", async () => {
    use(schedule("a", "0 3 * * *", { timezone: "UTC" }));
    const daemon = start();
    await time.advanceTo("2026-10-01T04:00:00Z");
    await daemon.stop();
    time.set("2026-10-03T12:00:00Z");
    use(schedule("a", "0 4 * * *", { timezone: "UTC" }), schedule("b", "0 3 * * *", { timezone: "UTC" }));
    const again = start();
    await time.advanceTo("2026-10-04T05:00:00Z");
    expect(runs).toEqual(["10-01T03:00 a", "10-04T03:00 b", "10-04T04:00 a"]);
    await again.stop();
  });

  it("refuses a second daemon while the first one lives", async () => {
    use(schedule("a", "0 3 * * *"));
    const daemon = start();
    await settle();
    await expect(start().done).rejects.toMatchObject({ code: "schedule-running", errorClass: "refused" });
    await daemon.stop();
    const after = start();
    await settle();
    await after.stop();
  });
});

describe("the end", () => {
  it("lets a short run finish", async () => {
    use(schedule("a", "0 * * * *"));
    minutes = () => 1 / 60;
    const daemon = start();
    await time.advanceTo("2026-10-01T01:00:00Z");
    const stopped = daemon.stop();
    await time.advanceTo("2026-10-01T01:00:30Z");
    await stopped;
    expect(ticks(daemon.records, "a")).toEqual(["10-01T01:00 done"]);
  });

  it("tells a long run to journal, starts no waiting one, and takes both up again", async () => {
    use(schedule("a", "0 * * * *"), schedule("b", "0 * * * *"));
    const daemon = start();
    await time.advanceTo("2026-10-01T01:00:10Z");
    const stopped = daemon.stop();
    await time.advanceTo("2026-10-01T01:00:40Z");
    await stopped;
    expect(ticks(daemon.records, "a")).toEqual(["10-01T01:00 interrupted"]);
    expect(ticks(daemon.records, "b")).toEqual(["10-01T01:00 interrupted"]);
    const again = start();
    await time.advanceTo("2026-10-01T01:30:00Z");
    expect(runs).toEqual([
      "10-01T01:00 a",
      "10-01T01:00 a catch-up missed=0 attempt=1",
      "10-01T01:10 b catch-up missed=0 attempt=1",
    ]);
    expect(again.records.state("a")).toMatchObject({
      lastVerdict: "drift",
      lastSuccessful: "2026-10-01T01:10:40.000Z",
    });
    await again.stop();
  });
});

describe("tenants and files", () => {
  it("keeps tenants apart: one that hangs or throws delays no other", async () => {
    use(
      schedule("hangs", "0 * * * *", { config: "/s/a.yaml" }),
      schedule("throws", "0 * * * *", { config: "/s/b.yaml" }),
      schedule("works", "0 * * * *", { config: "/s/c.yaml" }),
    );
    minutes = (name) => (name === "hangs" ? 100_000 : 5);
    const daemon = start({
      tenantOf: (entry) => {
        if (entry.name === "throws") throw new PhotodriftError("config-invalid", "bad", "mend it", "usage");
        return entry.config;
      },
      execute: async (entry) => {
        runs.push(entry.name);
        if (entry.name === "throws") throw new PhotodriftError("config-invalid", "bad", "mend it", "usage");
        if (entry.name === "hangs") await new Promise(() => undefined);
        return result(entry.name, "in-sync");
      },
    });
    await time.advanceTo("2026-10-01T03:30:00Z");
    expect(runs.toSorted()).toEqual(["hangs", "throws", "throws", "throws", "works", "works", "works"]);
    expect(ticks(daemon.records, "hangs").map((line) => line.split(" ")[1])).toEqual(["running", "skipped", "skipped"]);
    expect(daemon.records.ticks("throws", 1)[0]).toMatchObject({
      state: "failed",
      reason: "config-invalid: bad mend it",
    });
    const stopped = daemon.stop();
    await time.advanceTo("2026-10-01T03:31:00Z");
    await stopped;
    expect(ticks(daemon.records, "hangs")[0]).toBe("10-01T01:00 interrupted");
  });

  it("ends a run that hangs, so that its tenant is heard of again", async () => {
    use(schedule("a", "0 * * * *"));
    minutes = () => 1_000;
    const daemon = start({ longestRunMs: 5_400_000 });
    await time.advanceTo("2026-10-01T03:05:00Z");
    expect(ticks(daemon.records, "a")).toEqual(["10-01T01:00 failed", "10-01T02:00 skipped", "10-01T03:00 running"]);
    expect(daemon.records.ticks("a", 9).at(-1)?.reason).toBe("it took longer than a run may take");
    const stopped = daemon.stop();
    await time.advanceTo("2026-10-01T03:06:00Z");
    await stopped;
  });

  const DISK = { message: "The disk is full.", hint: "Make room." };
  it.each<
    readonly [string, Verdict, RunResult["failure"], { state: string; reason: string | null; successful: boolean }]
  >([
    ["all is well", "drift", null, { state: "done", reason: null, successful: true }],
    ["an error", "failed", DISK, { state: "failed", reason: "The disk is full. Make room.", successful: false }],
    ["a refusal", "refused", DISK, { state: "failed", reason: "The disk is full. Make room.", successful: false }],
    [
      "reports that cannot be written",
      "drift",
      DISK,
      { state: "failed", reason: "The disk is full. Make room.", successful: false },
    ],
    [
      "users who cannot be read",
      "incomplete",
      null,
      {
        state: "failed",
        reason: "some users or stores could not be read or written: photodrift report a-10-01T01:00",
        successful: false,
      },
    ],
  ])("tells why a run failed in its records and once in its log: %s", async (_, verdict, failure, wanted) => {
    const logged: [string, string, unknown][] = [];
    const note =
      (level: string) =>
      (message: string, fields?: unknown): void =>
        void logged.push([level, message, fields]);
    use(schedule("a", "0 * * * *"));
    verdictOf = () => verdict;
    failureOf = () => failure;
    const daemon = start({ log: { info: note("info"), warn: note("warn"), error: note("error") } });
    await time.advanceTo("2026-10-01T01:30:00Z");
    const [tick] = daemon.records.ticks("a", 1);
    const { state, reason } = wanted;
    expect(tick).toMatchObject({ state, verdict, reason, runId: "a-10-01T01:00" });
    expect(daemon.records.state("a")?.lastSuccessful !== null).toBe(wanted.successful);
    const errors = logged.filter(([level]) => level === "error");
    const fields = { schedule: "a", run: "a-10-01T01:00", verdict, reason };
    expect(errors).toEqual(
      reason === null ? [] : [["error", `a: ${verdict}, ${reason}`, expect.objectContaining(fields) as object]],
    );
    await daemon.stop();
  });

  it("keeps last attempted and last successful apart", async () => {
    use(schedule("a", "0 * * * *"));
    const daemon = start();
    await time.advanceTo("2026-10-01T01:30:00Z");
    verdictOf = () => "incomplete";
    await time.advanceTo("2026-10-01T02:30:00Z");
    expect(daemon.records.state("a")).toMatchObject({
      lastAttempted: "2026-10-01T02:00:00.000Z",
      lastSuccessful: "2026-10-01T01:10:00.000Z",
      lastVerdict: "incomplete",
    });
    await daemon.stop();
  });

  it("follows changed, suspended and removed files without a restart, and catches nothing up for the pause", async () => {
    use(schedule("a", "0 * * * *"));
    const daemon = start({ pollMs: 60_000 });
    await time.advanceTo("2026-10-01T01:30:00Z");
    use(schedule("a", "0 * * * *", { suspend: true }));
    await time.advanceTo("2026-10-01T04:30:00Z");
    use(schedule("a", "0 * * * *"));
    await time.advanceTo("2026-10-01T05:30:00Z");
    use(schedule("a", "45 * * * *"));
    await time.advanceTo("2026-10-01T06:30:00Z");
    use();
    await time.advanceTo("2026-10-01T09:00:00Z");
    expect(runs).toEqual(["10-01T01:00 a", "10-01T05:00 a", "10-01T05:45 a"]);
    await daemon.stop();
  });

  it("runs only where onlyOn says, and spreads starts by a fixed jitter", async () => {
    use(
      schedule("here", "0 * * * *", { onlyOn: ["host1"] }),
      schedule("there", "0 * * * *", { onlyOn: ["host2"] }),
      schedule("late", "0 * * * *", { config: "/s/c.yaml", jitterMs: 1_800_000 }),
    );
    const daemon = start();
    await time.advanceTo("2026-10-01T03:59:00Z");
    expect(runs.filter((line) => line.endsWith(" here"))).toHaveLength(3);
    expect(runs.filter((line) => line.endsWith(" there"))).toHaveLength(0);
    const late = runs.filter((line) => line.endsWith(" late")).map((line) => Number(line.slice(9, 11)));
    expect(late).toHaveLength(3);
    expect(new Set(late).size).toBe(1);
    expect(late[0]).toBeGreaterThan(0);
    expect(late[0]).toBeLessThanOrEqual(30);
    await daemon.stop();
  });

  it("does nothing twice when the clock is set back, and catches up once when it is set forward", async () => {
    use(schedule("a", "0 * * * *"));
    const daemon = start({ pollMs: 60_000 });
    await time.advanceTo("2026-10-01T03:30:00Z");
    time.set("2026-10-01T01:30:00Z");
    await time.advanceTo("2026-10-01T03:45:00Z");
    expect(runs).toHaveLength(3);
    time.set("2026-10-01T08:30:00Z");
    await time.advanceTo("2026-10-01T08:45:00Z");
    expect(runs.slice(3)).toHaveLength(1);
    expect(runs[3]).toMatch(/catch-up missed=4/);
    await daemon.stop();
  });
});

describe("many tenants due in the same minute", () => {
  it.each([1, 4])("no more than %i run at the same time, all run, in the order of their due times", async (most) => {
    use(
      ...Array.from({ length: 12 }, (_, i) =>
        schedule(`n${String(i).padStart(2, "0")}`, "0 3 * * *", { config: `/s/${i}.yaml` }),
      ),
    );
    let now = 0;
    let peak = 0;
    const daemon = start({
      mostAtOnce: most,
      execute: async ({ name }) => {
        runs.push(name);
        peak = Math.max(peak, ++now);
        await new Promise<void>((resolve) => time.after(600_000, resolve));
        now--;
        return result(name, "in-sync");
      },
    });
    await time.advanceTo("2026-10-01T04:00:00Z");
    expect(peak).toBe(most);
    await time.advanceTo("2026-10-01T06:00:00Z");
    expect(runs).toEqual(files.schedules.map(({ name }) => name));
    await daemon.stop();
  });
});

describe("health port", () => {
  it("serves /healthz and /metrics on loopback", async () => {
    use(schedule('quo"ted', "0 * * * *"));
    let port = 0;
    const daemon = start({ healthPort: 0, onHealthPort: (open) => (port = open) });
    while (port === 0) await settle();
    await time.advanceTo("2026-10-01T01:30:00Z");
    const health = await fetch(`http://127.0.0.1:${port}/healthz`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({
      status: "ok",
      schedules: [{ next: "2026-10-01T02:00:00.000Z", state: { lastVerdict: "drift" } }],
    });
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).toContain('photodrift_runs_total{schedule="quo\\"ted",tenant="/s/a.yaml",verdict="drift"} 1\n');
    expect(metrics).toContain('photodrift_findings{schedule="quo\\"ted",tenant="/s/a.yaml",rule="stale-photo"} 1\n');
    expect(metrics).toContain('photodrift_throttled_total{tenant="/s/a.yaml"} 2\n');
    expect(metrics).toContain('photodrift_run_duration_seconds_sum{schedule="quo\\"ted",tenant="/s/a.yaml"} 600\n');
    expect(metrics).toMatch(/photodrift_requests_total\{tenant="\/s\/a.yaml",service="graph"\} 0\n/);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${port}/metrics`, { method: "POST" })).status).toBe(405);
    await expect(
      start({
        healthPort: port,
        records: sqliteScheduleRecords(new Database(":memory:"), { host: "x", pid: 1, token: "x", alive: () => true }),
      }).done,
    ).rejects.toMatchObject({ code: "schedule-port" });
    await daemon.stop();
  });
});
