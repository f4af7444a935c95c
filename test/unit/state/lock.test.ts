import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
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
