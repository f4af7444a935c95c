import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LIST_COLUMNS, listRow, listText } from "../../src/cli/schedule/rows.js";
import { viewSchedule } from "../../src/schedule/list.js";
import type { Tick } from "../../src/schedule/ports.js";
import { openScheduleRecords } from "../../src/schedule/open-records.js";
import { sqliteScheduleRecords } from "../../src/schedule/records.js";
import { madeSchedule } from "../support/made-schedule.js";

const HOUR = 3_600_000;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "photodrift-records-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function two(database = new Database(":memory:")) {
  const alive = () => false;
  return {
    a: sqliteScheduleRecords(database, { host: "one", pid: 1, token: "a", alive }),
    b: sqliteScheduleRecords(database, { host: "two", pid: 1, token: "b", alive }),
  };
}

describe("schedule records", () => {
  it("gives the daemon's place to one, and to another host only after two silent minutes", () => {
    const { a, b } = two();
    a.acquire(0);
    expect(() => b.acquire(60_000)).toThrow(expect.objectContaining({ code: "schedule-running" }) as Error);
    expect(a.beat(100_000)).toBe(true);
    expect(() => b.acquire(219_000)).toThrow();
    b.acquire(221_000);
    expect(a.beat(222_000)).toBe(false);
    a.release();
    expect(b.beat(223_000)).toBe(true);
  });

  it("gives a due time away once", () => {
    const { a } = two();
    a.follow("s", "x", 0);
    expect(a.claim("s", HOUR, "tick", 0)).toEqual({ attempt: 1 });
    expect(a.claim("s", HOUR, "tick", 0)).toBe(false);
    a.skip("s", 2 * HOUR, "busy");
    expect(a.claim("s", 2 * HOUR, "tick", 0)).toBe(false);
    expect(a.state("s")?.settledTo).toBe(2 * HOUR);
  });

  it("recovers from a clock that stood years ahead", () => {
    const { a } = two();
    a.follow("s", "x", 0);
    a.settle("s", Date.UTC(2099, 0, 1));
    expect(a.follow("s", "x", Date.UTC(2026, 0, 1))).toBe(Date.UTC(2026, 0, 1));
  });

  it("keeps a bounded history", () => {
    const { a } = two();
    a.follow("s", "x", 0);
    const end = { state: "done", runId: "r", verdict: "drift", reason: null, successful: true } as const;
    for (let due = 1; due <= 620; due++) {
      a.claim("s", due * HOUR, "tick", 0);
      a.start("s", due * HOUR, due * HOUR);
      a.finish("s", due * HOUR, end, due * HOUR + 1);
    }
    const ticks = a.ticks("s", 10_000);
    expect(ticks).toHaveLength(500);
    expect(ticks[0]).toEqual({
      schedule: "s",
      due: new Date(620 * HOUR).toISOString(),
      state: "done",
      trigger: "tick",
      missed: 0,
      attempts: 1,
      startedAt: new Date(620 * HOUR).toISOString(),
      finishedAt: new Date(620 * HOUR + 1).toISOString(),
      runId: "r",
      verdict: "drift",
      reason: null,
    });
  });

  it("opens a file durably, and explains one that it cannot use", () => {
    const path = join(folder, "schedule.db");
    const first = openScheduleRecords(path);
    first.records.acquire(1);
    first.records.follow("s", "x", 5);
    first.close();
    const second = openScheduleRecords(path);
    second.records.acquire(2);
    expect(second.records.state("s")).toMatchObject({ settledTo: 5, lastAttempted: null });
    second.close();
    writeFileSync(join(folder, "not.db"), "this is no database at all, only text that is long enough");
    for (const name of ["not.db", "absent/x.db"]) {
      expect(() => openScheduleRecords(join(folder, name))).toThrow(
        expect.objectContaining({ code: "schedule-records" }) as Error,
      );
    }
  });
});

describe("viewSchedule", () => {
  const schedule = madeSchedule("s", { onlyOn: ["host1"] });
  const now = new Date("2026-11-23T00:30:00Z");

  it("tells the next starts, jitter included, and none where it does not run", () => {
    expect(viewSchedule(schedule, null, "HOST1", now, 2).next.map((date) => date.toISOString())).toEqual([
      "2026-11-23T01:00:00.000Z",
      "2026-11-23T02:00:00.000Z",
    ]);
    const late = viewSchedule({ ...schedule, jitterMs: HOUR }, null, "host1", now, 1);
    expect(late.next[0]?.getTime()).toBeGreaterThan(now.getTime());
    expect((late.next[0]?.getTime() ?? 0) % HOUR).toBe(late.delayMs % HOUR);
    expect(viewSchedule(schedule, null, "host2", now, 2)).toMatchObject({
      here: false,
      next: [],
      state: null,
      lastTick: null,
    });
    expect(viewSchedule({ ...schedule, suspend: true }, null, "host1", now, 2)).toMatchObject({ here: true, next: [] });
  });
});

describe("schedule list tells why the last due time was not done", () => {
  const reason = "The disk is full.\u001b[31m Make room.";
  const tick = { due: "2026-11-23T02:30:00.000Z", state: "failed", reason } as Tick;
  const view = (lastTick: Tick | null) => ({ ...viewSchedule(madeSchedule("s"), null, "h", new Date(0), 0), lastTick });

  it("as a sentence below the table, in a column elsewhere, and not at all where all is well", () => {
    expect(listText([view(tick)])).toMatch(
      /\n\ns: failed at 2026-11-23T02:30:00\.000Z: The disk is full\..*Make room\.\n$/u,
    );
    expect(listText([view(tick)])).not.toContain("\u001b");
    expect(listRow(view(tick)).at(-1)).toBe(reason);
    expect(listRow(view(tick))).toHaveLength(LIST_COLUMNS.length);
    for (const well of [null, { ...tick, reason: null }]) {
      expect(
        listText([view(well)])
          .trimEnd()
          .split("\n"),
      ).toHaveLength(2);
      expect(listRow(view(well)).at(-1)).toBe("-");
    }
  });
});
