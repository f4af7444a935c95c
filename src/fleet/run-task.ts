import type { JobHelpers } from "graphile-worker";
import { describeError } from "../model/describe-error.js";
import { afterDeaths, afterError, afterResult, isTold, type Next, type Stop } from "./after-run.js";
import { ENGINE_SCHEMA, isMine, runPayload, type RunPayload } from "./jobs.js";
import type { NotMine } from "./not-mine.js";
import type { EngineDatabase, FleetEntry, FleetEvents, FleetExecute, FleetLog, FleetRunResult } from "./ports.js";
import { beginRun, endRun, putBackRun, type BegunRun } from "./records.js";

export interface RunTaskParts {
  readonly database: EngineDatabase;
  readonly execute: FleetExecute;
  readonly entryOf: (tenant: string, schedule: string) => FleetEntry | null;
  readonly notMine: NotMine;
  readonly log: FleetLog;
  readonly events: FleetEvents;
  readonly now: () => number;
  /** A pause that a service asks for and that is longer than this gives the place back; seconds. */
  readonly longestPause: number;
  readonly longestRunMs: number;
  /** See {@link afterDeaths}. */
  readonly pauseAfterDeaths?: number | undefined;
}

/** Runs under way in this process. */
export interface RunTask {
  task(worker: string, payload: unknown, helpers: JobHelpers): Promise<void>;
  /** Tells every run to end; each journals what is in hand and is put back. */
  stop(stop: Stop): void;
  readonly running: () => readonly FleetEntry[];
}

interface Running {
  readonly entry: FleetEntry;
  readonly end: (stop: Stop) => void;
}

export function makeRunTask(parts: RunTaskParts): RunTask {
  const { database, log, events, now } = parts;
  const running = new Set<Running>();

  async function task(worker: string, given: unknown, helpers: JobHelpers): Promise<void> {
    const payload = runPayload.parse(given);
    const begun = await beginRun(database, payload, worker);
    if (begun === null) return;
    const entry = parts.entryOf(payload.tenant, payload.schedule);
    const next = entry === null ? await withoutEntry(payload) : await attempt(entry, begun);
    const ours = await settle(begun, next);
    await leave(helpers, ours);
  }

  async function attempt(entry: FleetEntry, begun: BegunRun): Promise<Next> {
    const deaths = afterDeaths(begun, { now: now(), pause: parts.pauseAfterDeaths });
    if (deaths !== null) {
      if (deaths.kind === "end") events.failed(entry);
      else events.putBack(entry, deaths.back.reason);
      return deaths;
    }
    const { signal, stopped, close } = begin(entry);
    const started = now();
    const due = new Date(begun.payload.due).toISOString();
    const trigger = { kind: begun.kind, due, missed: begun.missed, attempt: begun.attempt };
    const fields = { schedule: entry.schedule.name, tenant: entry.tenant };
    log.info(`${nameOf(entry)}: ${entry.schedule.mode} started`, { ...fields, ...trigger });
    const ended = (): { attempt: number; now: number; stop: Stop | null } => ({
      attempt: begun.attempt - begun.cutOff,
      now: now(),
      stop: stopped(),
    });
    try {
      const paused = (host: string, seconds: number): void => {
        if (seconds > parts.longestPause) close({ kind: "throttled", host, seconds });
      };
      let told = false;
      const tells = (result: Parameters<typeof afterResult>[0]): boolean => {
        const next = afterResult(result, ended());
        return (told = isTold(next, { due: begun.payload.due, now: now(), told: begun.told }));
      };
      const result = await parts.execute({ entry, trigger, signal, paused, isTold: tells });
      const next = afterResult(result, ended());
      logEnd(entry, result, next, (now() - started) / 1_000);
      return next.kind === "end" ? next : { ...next, back: { ...next.back, told } };
    } catch (error) {
      log.error(`${nameOf(entry)}: ${describeError(error)}`, fields);
      const next = afterError(error, ended());
      if (next.kind === "end") events.failed(entry);
      else events.putBack(entry, next.back.reason);
      return next;
    } finally {
      close(null);
    }
  }

  function logEnd(entry: FleetEntry, result: FleetRunResult, next: Next, seconds: number): void {
    const { id, verdict, exitCode } = result.head;
    const fields = { schedule: entry.schedule.name, tenant: entry.tenant, run: id, exitCode, seconds };
    const why = next.kind === "again" ? next.back.reason : next.end.reason;
    if (why === null || verdict === "interrupted") log.info(`${nameOf(entry)}: ${verdict}`, fields);
    else log.error(`${nameOf(entry)}: ${verdict}, ${why}`, { ...fields, verdict, reason: why });
    if (next.kind === "again") events.putBack(entry, next.back.reason);
    else events.finished(entry, result, seconds);
  }

  function begin(entry: FleetEntry) {
    const controller = new AbortController();
    let stop: Stop | null = null;
    function end(why: Stop): void {
      stop ??= why;
      controller.abort();
    }
    const one: Running = { entry, end };
    running.add(one);
    const timer = setTimeout(() => end({ kind: "too-long" }), Math.min(parts.longestRunMs, 2_147_483_647));
    function close(why: Stop | null): void {
      if (why !== null) return end(why);
      clearTimeout(timer);
      running.delete(one);
    }
    return { signal: controller.signal, stopped: () => stop, close };
  }

  /** No longer followed: settled. Followed, but not in the files of this worker: put back for one that has it. */
  async function withoutEntry({ tenant, schedule }: RunPayload): Promise<Next> {
    const { rowCount } = await database.pool.query(
      "SELECT FROM photodrift.followed WHERE tenant = $1 AND schedule = $2",
      [tenant, schedule],
    );
    const reason = "this schedule is not among the worker's files";
    if (rowCount === 1) {
      parts.notMine.met(tenant, schedule);
      return { kind: "again", back: { at: now(), reason, counts: false } };
    }
    return { kind: "end", end: { state: "failed", runId: null, verdict: null, reason: "the schedule was removed" } };
  }

  async function settle(begun: BegunRun, next: Next): Promise<boolean> {
    if (next.kind === "end") return endRun(database, begun, next.end);
    const { at, reason } = next.back;
    const name = `${begun.payload.schedule} of ${begun.payload.tenant}`;
    const ours = await putBackRun(database, begun, next.back);
    if (ours) log.warn(`${name}: put back until ${new Date(at).toISOString()}, ${reason}`);
    return ours;
  }

  /**
   * The engine deletes a job by its number alone when a task returns: one that was freed meanwhile is another worker's by now, and a task
   * that throws leaves it alone.
   */
  async function leave(helpers: JobHelpers, ours: boolean): Promise<void> {
    const slot = helpers.job.locked_by ?? "";
    if (ours && (await isMine(database, helpers.job.id, slot))) return;
    if (!ours) throw new Error("another worker has taken this run up");
    // The job is gone, its queue must not stay locked.
    await database.pool.query(`SELECT ${ENGINE_SCHEMA}.force_unlock_workers($1::text[])`, [[slot]]);
    throw new Error("this job was taken from its worker");
  }

  return {
    task,
    stop(stop) {
      for (const one of running) one.end(stop);
    },
    running: () => [...running].map(({ entry }) => entry),
  };
}

function nameOf({ tenant, schedule }: FleetEntry): string {
  return `${schedule.name} of ${tenant}`;
}
