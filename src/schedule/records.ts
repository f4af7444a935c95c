import type { Database } from "better-sqlite3";
import { PhotodriftError } from "../model/errors.js";
import type { Verdict } from "../model/run.js";
import type { ScheduleRecords, ScheduleState, Tick, TickEnd, TickState, Trigger } from "./ports.js";

/** Who the daemon is. `token` differs from process to process, also where pids repeat (containers are always pid 1). */
export interface DaemonIdentity {
  readonly host: string;
  readonly pid: number;
  readonly token: string;
  /** Whether a process of this host lives. */
  readonly alive: (pid: number) => boolean;
}

/** A daemon on another host that has been silent for this long is dead. It beats every 30 s. */
const SILENT_MS = 120_000;
/** A run that was cut off this often is not tried again: it may be what kills the daemon. */
const MOST_ATTEMPTS = 3;
const KEPT_TICKS = 500;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS schedule_daemon (
  one INTEGER PRIMARY KEY CHECK (one = 1), host TEXT NOT NULL, pid INTEGER NOT NULL, token TEXT NOT NULL, beat INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS schedule_state (
  schedule TEXT PRIMARY KEY, expression TEXT NOT NULL, settled_to INTEGER NOT NULL, last_attempted INTEGER,
  last_successful INTEGER, last_verdict TEXT, last_run_id TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS schedule_tick (
  schedule TEXT NOT NULL, due INTEGER NOT NULL, state TEXT NOT NULL, kind TEXT NOT NULL, missed INTEGER NOT NULL,
  attempts INTEGER NOT NULL, started INTEGER, finished INTEGER, run_id TEXT, verdict TEXT, reason TEXT,
  PRIMARY KEY (schedule, due)
) STRICT, WITHOUT ROWID;`;

interface StateRow {
  readonly schedule: string;
  readonly expression: string;
  readonly settled_to: number;
  readonly last_attempted: number | null;
  readonly last_successful: number | null;
  readonly last_verdict: string | null;
  readonly last_run_id: string | null;
}

interface TickRow {
  readonly schedule: string;
  readonly due: number;
  readonly state: TickState;
  readonly kind: Trigger["kind"];
  readonly missed: number;
  readonly attempts: number;
  readonly started: number | null;
  readonly finished: number | null;
  readonly run_id: string | null;
  readonly verdict: string | null;
  readonly reason: string | null;
}

/** The records of the daemon in SQLite; creates its own `schedule_` tables. Throws `schedule-running` beside another daemon. */
export function sqliteScheduleRecords(database: Database, identity: DaemonIdentity): ScheduleRecords {
  database.exec(SCHEMA);
  const sql = {
    daemon: database.prepare<[], { host: string; pid: number; token: string; beat: number }>(
      "SELECT * FROM schedule_daemon",
    ),
    takeDaemon: database.prepare("INSERT OR REPLACE INTO schedule_daemon VALUES (1, ?, ?, ?, ?)"),
    beat: database.prepare("UPDATE schedule_daemon SET beat = ? WHERE token = ?"),
    release: database.prepare("DELETE FROM schedule_daemon WHERE token = ?"),
    cutAll: database.prepare(
      "UPDATE schedule_tick SET state = 'interrupted', reason = 'the program ended' WHERE state IN ('waiting', 'running')",
    ),
    state: database.prepare<[string], StateRow>("SELECT * FROM schedule_state WHERE schedule = ?"),
    follow: database.prepare(
      `INSERT INTO schedule_state (schedule, expression, settled_to) VALUES (?, ?, ?)
       ON CONFLICT (schedule) DO UPDATE SET expression = excluded.expression, settled_to = excluded.settled_to`,
    ),
    settle: database.prepare("UPDATE schedule_state SET settled_to = max(settled_to, ?) WHERE schedule = ?"),
    lastRun: database.prepare<[string], TickRow>(
      "SELECT * FROM schedule_tick WHERE schedule = ? AND state NOT IN ('skipped', 'missed') ORDER BY due DESC LIMIT 1",
    ),
    tick: database.prepare<[string, number], TickRow>("SELECT * FROM schedule_tick WHERE schedule = ? AND due = ?"),
    add: database.prepare(
      "INSERT OR IGNORE INTO schedule_tick (schedule, due, state, kind, missed, attempts, reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
    ),
    again: database.prepare(
      `UPDATE schedule_tick SET state = 'waiting', kind = ?, missed = ?, attempts = attempts + 1, started = NULL, reason = NULL
       WHERE schedule = ? AND due = ?`,
    ),
    start: database.prepare("UPDATE schedule_tick SET state = 'running', started = ? WHERE schedule = ? AND due = ?"),
    attempted: database.prepare("UPDATE schedule_state SET last_attempted = ? WHERE schedule = ?"),
    end: database.prepare(
      "UPDATE schedule_tick SET state = ?, finished = ?, run_id = ?, verdict = ?, reason = ? WHERE schedule = ? AND due = ?",
    ),
    ended: database.prepare(
      `UPDATE schedule_state SET last_verdict = ?, last_run_id = ?, last_successful = coalesce(?, last_successful)
       WHERE schedule = ?`,
    ),
    interrupt: database.prepare(
      "UPDATE schedule_tick SET state = 'interrupted', attempts = attempts - 1, reason = ? WHERE schedule = ? AND due = ? AND state IN ('waiting', 'running')",
    ),
    prune: database.prepare(
      `DELETE FROM schedule_tick WHERE schedule = ? AND due <
       (SELECT due FROM schedule_tick WHERE schedule = ? ORDER BY due DESC LIMIT 1 OFFSET ${KEPT_TICKS - 1})`,
    ),
    ticks: database.prepare<[string, number], TickRow>(
      "SELECT * FROM schedule_tick WHERE schedule = ? ORDER BY due DESC LIMIT ?",
    ),
  };

  function atomic<Args extends unknown[], Result>(work: (...args: Args) => Result): (...args: Args) => Result {
    const transaction = database.transaction(work);
    return (...args) => transaction.immediate(...args);
  }

  function acquire(now: number): void {
    const holder = sql.daemon.get();
    if (holder && holder.token !== identity.token && lives(holder, identity, now)) {
      throw new PhotodriftError(
        "schedule-running",
        `Another photodrift schedule (process ${holder.pid} on ${holder.host}) runs these schedules already.`,
        "Stop it first; after a crash on another host wait two minutes.",
        "refused",
      );
    }
    sql.takeDaemon.run(identity.host, identity.pid, identity.token, now);
    sql.cutAll.run();
  }

  function follow(schedule: string, expression: string, now: number): number {
    const known = sql.state.get(schedule);
    // A clock that stood far in the future must not keep the schedule silent until then.
    if (known?.expression === expression && known.settled_to <= now + 86_400_000) return known.settled_to;
    sql.follow.run(schedule, expression, now);
    return now;
  }

  function claim(schedule: string, due: number, kind: Trigger["kind"], missed: number): { attempt: number } | false {
    const known = sql.tick.get(schedule, due);
    if (known && (known.state !== "interrupted" || known.attempts >= MOST_ATTEMPTS)) {
      sql.settle.run(due, schedule);
      return false;
    }
    if (known) sql.again.run(kind, missed, schedule, due);
    else sql.add.run(schedule, due, "waiting", kind, missed, 1, null);
    sql.settle.run(due, schedule);
    return { attempt: (known?.attempts ?? 0) + 1 };
  }

  function cutOff(schedule: string): { due: number; attempts: number } | null {
    const last = sql.lastRun.get(schedule);
    const again = last?.state === "interrupted" && last.attempts < MOST_ATTEMPTS;
    return again ? { due: last.due, attempts: last.attempts } : null;
  }

  return {
    acquire: atomic(acquire),
    beat: (now) => sql.beat.run(now, identity.token).changes === 1,
    release: () => void sql.release.run(identity.token),
    follow: atomic(follow),
    settle: (schedule, to) => void sql.settle.run(to, schedule),
    cutOff,
    claim: atomic(claim),
    missed: (schedule, due, count) =>
      void sql.add.run(schedule, due, "missed", "tick", count, 0, "nothing ran at that time"),
    skip: atomic((schedule: string, due: number, reason: string) => {
      sql.add.run(schedule, due, "skipped", "tick", 0, 0, reason);
      sql.settle.run(due, schedule);
    }),
    start: atomic((schedule: string, due: number, now: number) => {
      sql.start.run(now, schedule, due);
      sql.attempted.run(now, schedule);
    }),
    finish: atomic((schedule: string, due: number, end: TickEnd, now: number) => {
      sql.end.run(end.state, now, end.runId, end.verdict, end.reason, schedule, due);
      sql.ended.run(end.verdict, end.runId, end.successful ? now : null, schedule);
      sql.prune.run(schedule, schedule);
    }),
    interrupt: (schedule, due, reason) => void sql.interrupt.run(reason, schedule, due),
    state: (schedule) => toState(sql.state.get(schedule)),
    ticks: (schedule, limit) => sql.ticks.all(schedule, limit).map(toTick),
  };
}

function lives(holder: { host: string; pid: number; beat: number }, identity: DaemonIdentity, now: number): boolean {
  // On the same host the process table knows better than the clock.
  if (holder.host === identity.host) return holder.pid !== identity.pid && identity.alive(holder.pid);
  return now - holder.beat < SILENT_MS;
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function toState(row: StateRow | undefined): ScheduleState | null {
  if (!row) return null;
  return {
    schedule: row.schedule,
    settledTo: row.settled_to,
    lastAttempted: iso(row.last_attempted),
    lastSuccessful: iso(row.last_successful),
    lastVerdict: row.last_verdict as Verdict | null,
    lastRunId: row.last_run_id,
  };
}

function toTick(row: TickRow): Tick {
  return {
    schedule: row.schedule,
    due: new Date(row.due).toISOString(),
    state: row.state,
    trigger: row.kind,
    missed: row.missed,
    attempts: row.attempts,
    startedAt: iso(row.started),
    finishedAt: iso(row.finished),
    runId: row.run_id,
    verdict: row.verdict as Verdict | null,
    reason: row.reason,
  };
}
