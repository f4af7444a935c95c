import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";
import { PhotodriftError } from "../../model/errors.js";
import type { Db } from "./database.js";

/** How often a holder shows that it lives, and after which silence another machine may take the lock over, milliseconds. */
const BEAT_MS = 20_000;
const SILENT_MS = 5 * 60_000;

const holderSchema = z.object({
  pid: z.number(),
  host: z.string(),
  boot: z.string().nullable(),
  started: z.string().nullable(),
  space: z.string().nullish(),
  doing: z.string(),
  since: z.string(),
});

/**
 * `boot` of the machine and `started` of the process: a pid alone may be used again. `space`: the pid namespace that the pid counts in, of containers
 * with the network of their host, which have its name, too; missing in locks of former versions. `doing` is what it does: `photodrift apply`; `since` is
 * ISO 8601 UTC.
 */
export type LockHolder = Readonly<z.infer<typeof holderSchema>>;

export interface RunLock {
  /** Aborted when it turns out that another run took the lock over. */
  readonly lost: AbortSignal;
  /** Throws PhotodriftError (incomplete) `lease-lost` where another run took the lock over, e.g. while this machine slept. */
  prove(): void;
  release(): void;
}

export interface LockSurroundings {
  now(): number;
  self(): Pick<LockHolder, "pid" | "host" | "boot" | "started" | "space">;
  /** Start of that process as `self` would give it, null when unknown; undefined when there is no such process. */
  startOf(pid: number): string | null | undefined;
}

/**
 * One run at a time per tenant. A holder that is dead (same machine) or silent for five minutes (another one, or another container) is replaced.
 * Throws PhotodriftError (refused) `run-in-progress`, naming holder, age and cure.
 */
export function acquireRunLock(db: Db, tenant: string, doing: string, around: LockSurroundings = machine): RunLock {
  const key = tenant.toLowerCase();
  const mine: LockHolder = { ...around.self(), doing, since: new Date(around.now()).toISOString() };
  const text = JSON.stringify(mine);
  // A sign of life from a clock that runs ahead counts from when it was seen: a holder that lives gives the next one soon.
  db.prepare("UPDATE run_lock SET beat_at = ? WHERE tenant = ? AND beat_at > ? AND typeof(beat_at) = 'integer'").run(
    around.now(),
    key,
    around.now(),
  );
  db.transaction(() => {
    const row = db
      .prepare<[string], { holder: string; beat_at: number }>("SELECT holder, beat_at FROM run_lock WHERE tenant = ?")
      .get(key);
    if (row !== undefined) {
      const holder = holderOf(row.holder);
      const beatAt = row.beat_at;
      if (holder === null) {
        if (around.now() - beatAt < SILENT_MS) throw unknownHolder(db.name, around.now() - beatAt);
      } else if (isAlive(holder, beatAt, around)) throw inProgress(holder, beatAt, around.now());
    }
    db.prepare("INSERT OR REPLACE INTO run_lock(tenant, holder, beat_at) VALUES (?, ?, ?)").run(
      key,
      text,
      around.now(),
    );
  }).immediate();
  return holding(db, { tenant, key, text }, around);
}

/** The lock in this run's hands: it beats, and asks the row before a request where it may have been taken over. */
function holding(
  db: Db,
  { tenant, key, text }: { readonly tenant: string; readonly key: string; readonly text: string },
  around: LockSurroundings,
): RunLock {
  const lost = new AbortController();
  const update = db.prepare("UPDATE run_lock SET beat_at = ? WHERE tenant = ? AND holder = ?");
  let beaten = around.now();
  const beat = (): void => {
    const now = around.now();
    if (update.run(now, key, text).changes === 0) lost.abort();
    beaten = now;
  };
  const timer = setInterval(() => {
    try {
      beat();
    } catch {
      // A beat that is missed once (disk busy or full) is made up by the next; the run itself reports what is wrong.
    }
  }, BEAT_MS);
  timer.unref();
  return {
    lost: lost.signal,
    prove() {
      if (Math.abs(around.now() - beaten) > 2 * BEAT_MS) beat();
      if (lost.signal.aborted) throw takenOver(tenant);
    },
    release() {
      clearInterval(timer);
      if (db.open) db.prepare("DELETE FROM run_lock WHERE tenant = ? AND holder = ?").run(key, text);
    },
  };
}

function takenOver(tenant: string): PhotodriftError {
  return new PhotodriftError(
    "lease-lost",
    `Another run took tenant ${tenant} over: this one gave no sign of life for 5 minutes, or the clocks of two machines differ by as much.`,
    "Nothing more is written from here; the other run looks first at what was on its way. `photodrift runs` shows it.",
    "incomplete",
  );
}

/** Null where the row was not written by this program. */
function holderOf(text: unknown): LockHolder | null {
  try {
    return holderSchema.parse(JSON.parse(String(text)));
  } catch {
    return null;
  }
}

function unknownHolder(file: string, silentMs: number): PhotodriftError {
  return new PhotodriftError(
    "run-in-progress",
    `The run lock in ${file} is held, and by whom cannot be read (last sign of life ${words(silentMs)} ago).`,
    "Wait for the other run to end; a lock without a sign of life for 5 minutes is taken over by itself.",
    "refused",
  );
}

function isAlive(holder: LockHolder, beatAt: number, around: LockSurroundings): boolean {
  const self = around.self();
  const speaks = around.now() - beatAt < SILENT_MS;
  if (holder.host !== self.host) return speaks;
  if (differ(holder.boot, self.boot)) return false;
  // Its pid is another process here, or none.
  if (differ(holder.space, self.space)) return speaks;
  const start = around.startOf(holder.pid);
  if (start === undefined) return false;
  return start === null || holder.started === null || start === holder.started;
}

/** Both are known, and not the same. */
function differ(a: string | null | undefined, b: string | null | undefined): boolean {
  return a != null && b != null && a !== b;
}

function inProgress(holder: LockHolder, beatAt: number, now: number): PhotodriftError {
  const { pid, host, doing, since } = holder;
  const age = words(now - Date.parse(since));
  const silent = words(now - beatAt);
  return new PhotodriftError(
    "run-in-progress",
    `Another run holds this tenant: ${doing}, process ${pid} on ${host}, for ${age} (since ${since}, last sign of life ${silent} ago).`,
    `Wait for it to end, or stop process ${pid} on ${host}; the lock of a dead process is taken over by itself, from another machine or container after 5 minutes of silence.`,
    "refused",
  );
}

function words(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

const machine: LockSurroundings = {
  now: () => Date.now(),
  self: () => ({
    pid: process.pid,
    host: hostname(),
    boot: firstLine("/proc/sys/kernel/random/boot_id"),
    started: startedAt(process.pid),
    space: pidSpace(),
  }),
  startOf(pid) {
    try {
      process.kill(pid, 0);
    } catch (error) {
      // EPERM: it lives, but belongs to another user.
      if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return undefined;
    }
    return startedAt(pid);
  },
};

/** The pid namespace of this process (pid_namespaces(7)), null where there are none. */
function pidSpace(): string | null {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return null;
  }
}

/** Field 22 of /proc/<pid>/stat (clock ticks since boot), counted after the command name, which may hold anything. */
function startedAt(pid: number): string | null {
  const stat = firstLine(`/proc/${pid}/stat`);
  if (stat === null) return null;
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}

function firstLine(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return null;
  }
}
