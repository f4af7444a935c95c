import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openDatabase, type Db } from "../../../src/state/sqlite/database.js";
import { acquireRunLock, type LockHolder, type LockSurroundings } from "../../../src/state/sqlite/lock.js";

let folder: string;
let first: Db;
let second: Db;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photodrift-lock-"));
  first = openDatabase(join(folder, "state.db"), "contoso.com");
  second = openDatabase(join(folder, "state.db"), "contoso.com");
});

afterEach(() => {
  first.close();
  second.close();
  rmSync(folder, { recursive: true, force: true });
});

const NOW = Date.UTC(2026, 10, 23, 12);

/** A machine on which the given processes live. */
function machine(
  part: Partial<LockHolder> = {},
  alive: Record<number, string | null> = {},
  now = NOW,
): LockSurroundings {
  const self = { pid: 100, host: "vm1", boot: "boot-1", started: "777", ...part };
  return {
    now: () => now,
    self: () => self,
    startOf: (pid) => (pid in alive ? (alive[pid] ?? null) : undefined),
  };
}

describe("run lock", () => {
  it("lets one run in, names the holder to the other, and is free after release", () => {
    const held = acquireRunLock(first, "contoso.com", "photodrift apply", machine({}, { 100: "777" }));
    const other = machine({ pid: 200, started: "888" }, { 100: "777", 200: "888" }, NOW + 5 * 60_000);
    expect(() => acquireRunLock(second, "CONTOSO.com", "photodrift audit", other)).toThrow(
      expect.objectContaining({
        code: "run-in-progress",
        errorClass: "refused",
        message: expect.stringMatching(/photodrift apply, process 100 on vm1, for 5 min/) as unknown,
        hint: expect.stringContaining("stop process 100 on vm1") as unknown,
      }),
    );
    held.release();
    acquireRunLock(second, "contoso.com", "photodrift audit", other).release();
  });

  it.each([
    ["a process that ended", {}, {}],
    ["a pid that another process has now", {}, { 100: "999" }],
    ["a machine that was started anew", { boot: "boot-2" }, { 100: "777" }],
  ])("takes over from %s", (_, self, alive) => {
    acquireRunLock(first, "contoso.com", "photodrift apply", machine());
    const lock = acquireRunLock(second, "contoso.com", "photodrift apply", machine({ pid: 200, ...self }, alive));
    lock.release();
  });

  it("believes another machine for five minutes of silence", () => {
    acquireRunLock(first, "contoso.com", "photodrift apply", machine());
    const later = (minutes: number) => machine({ host: "vm2" }, {}, NOW + minutes * 60_000);
    expect(() => acquireRunLock(second, "contoso.com", "photodrift apply", later(4))).toThrow(/process 100 on vm1/);
    acquireRunLock(second, "contoso.com", "photodrift apply", later(6)).release();
  });

  // Containers with `--network host` have the name and the boot of their host, and each counts its pids from 1 (pid_namespaces(7)).
  it.each([
    ["its own pid", { pid: 1, started: "888" }, { 1: "888" }],
    ["no such pid", { pid: 7, started: "888" }, { 7: "888" }],
    ["a pid like that", { pid: 7, started: "888" }, { 1: "999", 7: "888" }],
  ])("does not look for a process of another container among its own: %s", (_, self, alive) => {
    const inside = machine({ pid: 1, space: "pid:[4026532208]" }, { 1: "777" });
    acquireRunLock(first, "contoso.com", "photodrift apply", inside);
    const other = (minutes: number, space: string | null) => machine({ ...self, space }, alive, NOW + minutes * 60_000);
    expect(() => acquireRunLock(second, "contoso.com", "photodrift audit", other(4, "pid:[4026532999]"))).toThrow(
      /process 1 on vm1/,
    );
    acquireRunLock(second, "contoso.com", "photodrift audit", other(6, "pid:[4026532999]")).release();
  });

  it.each([null, undefined, "pid:[4026531836]"])("knows a dead process where no other space is told: %s", (space) => {
    acquireRunLock(first, "contoso.com", "photodrift apply", machine({ space }));
    acquireRunLock(second, "contoso.com", "x", machine({ pid: 200, space: "pid:[4026531836]" }, {})).release();
  });

  it("a lock that was taken over is not released by its former holder", () => {
    const old = acquireRunLock(first, "contoso.com", "photodrift apply", machine());
    acquireRunLock(second, "contoso.com", "photodrift apply", machine({ pid: 200 }, { 200: "777" }));
    old.release();
    expect(() => acquireRunLock(first, "contoso.com", "x", machine({ pid: 300 }, { 200: "777" }))).toThrow(
      /process 200/,
    );
  });

  it("works with the real machine: held by this very process", () => {
    const lock = acquireRunLock(first, "contoso.com", "photodrift apply");
    expect(() => acquireRunLock(second, "contoso.com", "photodrift apply")).toThrow(/Another run holds this tenant/);
    lock.release();
    acquireRunLock(second, "contoso.com", "photodrift apply").release();
  });
});

const MINUTE = 60_000;

describe("run lock of machines whose clocks differ", () => {
  let passed = 0;
  /** A machine whose clock is so many minutes ahead of the true time. */
  const vm = (host: string, ahead: number): LockSurroundings => ({
    ...machine({ host }),
    now: () => NOW + passed + ahead * MINUTE,
  });
  const pass = (milliseconds: number): void => {
    passed += milliseconds;
    vi.advanceTimersByTime(milliseconds);
  };

  beforeEach(() => {
    passed = 0;
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  });
  afterEach(() => vi.useRealTimers());

  const ahead = [-3, -1, 0, 1, 4, 6, 60, 60 * 24 * 365];

  it.each(ahead)("%i minutes: a holder that lives is not taken over, however often it is asked", (minutes) => {
    const lock = acquireRunLock(first, "contoso.com", "photodrift apply", vm("vm1", minutes));
    for (let asked = 0; asked < 30; asked++) {
      pass(MINUTE);
      expect(() => acquireRunLock(second, "contoso.com", "photodrift audit", vm("vm2", 0))).toThrow(/on vm1/);
      lock.prove();
    }
    expect(lock.lost.aborted).toBe(false);
    lock.release();
    acquireRunLock(second, "contoso.com", "photodrift audit", vm("vm2", 0)).release();
  });

  it.each(ahead)("%i minutes: one that died is taken over after five minutes in which others asked", (minutes) => {
    acquireRunLock(first, "contoso.com", "photodrift apply", vm("vm1", minutes));
    vi.clearAllTimers();
    pass(MINUTE);
    expect(() => acquireRunLock(second, "contoso.com", "photodrift audit", vm("vm2", 0))).toThrow(/on vm1/);
    pass(5 * MINUTE + 1_000);
    acquireRunLock(second, "contoso.com", "photodrift audit", vm("vm2", 0)).release();
  });

  it("a holder whose clock is so far behind that it was taken over is told within a sign of life", () => {
    const lock = acquireRunLock(first, "contoso.com", "photodrift apply", vm("vm1", -6));
    const other = acquireRunLock(second, "contoso.com", "photodrift audit", vm("vm2", 0));
    pass(20_000);
    expect(lock.lost.aborted).toBe(true);
    expect(() => lock.prove()).toThrow(expect.objectContaining({ code: "lease-lost", errorClass: "incomplete" }));
    other.prove();
    lock.release();
    expect(() => acquireRunLock(first, "contoso.com", "x", vm("vm3", 0))).toThrow(/on vm2/);
  });

  it.each([6, 600])(
    "a machine that slept %i minutes sends nothing where another run took over meanwhile",
    (minutes) => {
      const lock = acquireRunLock(first, "contoso.com", "photodrift apply", vm("vm1", 0));
      passed += minutes * MINUTE;
      const other = acquireRunLock(second, "contoso.com", "photodrift audit", vm("vm2", 0));
      expect(() => lock.prove()).toThrow(expect.objectContaining({ code: "lease-lost" }));
      other.release();
      expect(() => lock.prove()).toThrow(expect.objectContaining({ code: "lease-lost" }));
    },
  );

  it("goes on after a sleep in which nobody took over", () => {
    const lock = acquireRunLock(first, "contoso.com", "photodrift apply", vm("vm1", 0));
    passed += 600 * MINUTE;
    lock.prove();
    expect(() => acquireRunLock(second, "contoso.com", "photodrift audit", vm("vm2", 0))).toThrow(/on vm1/);
  });
});

describe("a lock row that cannot be read", () => {
  it.each(["", "{", "null", "[]", '{"pid":"x"}', "\u0000\u0001"])(
    "%j: waited for while it beats, then taken over",
    (holder) => {
      const write = (beatAt: number | string) =>
        first
          .prepare("INSERT OR REPLACE INTO run_lock(tenant, holder, beat_at) VALUES ('contoso.com', ?, ?)")
          .run(holder, beatAt);
      write(NOW - 60_000);
      expect(() => acquireRunLock(second, "contoso.com", "photodrift audit", machine())).toThrow(
        expect.objectContaining({
          code: "run-in-progress",
          errorClass: "refused",
          hint: expect.stringContaining("5 minutes") as string,
        }) as Error,
      );

      write(NOW - 6 * 60_000);
      acquireRunLock(second, "contoso.com", "photodrift audit", machine()).release();
      write("never");
      acquireRunLock(second, "contoso.com", "photodrift audit", machine()).release();
    },
  );
});
