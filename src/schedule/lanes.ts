import { describeError, describeFailure } from "../model/describe-error.js";
import type { Schedule } from "../model/schedule.js";
import type { Clock } from "../run/ports.js";
import type { Execute, RunResult, ScheduleLog, ScheduleRecords, Timers, Trigger } from "./ports.js";

export interface Job {
  readonly schedule: Schedule;
  readonly due: number;
  /** When it was to start: the due time and the schedule's own delay. */
  readonly startAt: number;
  readonly kind: Trigger["kind"];
  readonly missed: number;
}

interface Lane {
  running: { readonly name: string; readonly since: number } | null;
  readonly queue: { readonly job: Job; readonly attempt: number }[];
}

export interface Lanes {
  /** Runs the job, lets it wait behind one that was due no later, or records it as skipped. */
  admit(job: Job): void;
  readonly busy: () => boolean;
  readonly runningNames: () => readonly string[];
  /** No waiting job starts any more; they count as cut off. */
  close(): void;
  /** Tells the running ones to journal and end. */
  abort(): void;
  /** Resolves when nothing runs. */
  idle(): Promise<void>;
  /** Records what still runs as cut off. */
  abandon(): void;
}

export interface LaneEvents {
  finished(schedule: Schedule, tenant: string, result: RunResult, seconds: number): void;
  failed(schedule: Schedule, tenant: string): void;
  skipped(schedule: Schedule, tenant: string): void;
}

/** One lane for each tenant: one run at a time inside it, no lane waits for another. */
export function makeLanes(parts: {
  readonly clock: Clock;
  readonly records: ScheduleRecords;
  readonly execute: Execute;
  /** The tenant of a schedule; may throw, then the config file itself is the lane. */
  readonly tenantOf: (schedule: Schedule) => string;
  readonly timers: Timers;
  readonly log: ScheduleLog;
  readonly events: LaneEvents;
  /** A run that takes longer is told to end and counts as failed: one that hangs must not silence its tenant. Milliseconds. */
  readonly longestRunMs?: number;
  /** Runs at the same time, of all tenants together; those that are due wait for a place in the order of their due times. */
  readonly mostAtOnce?: number;
}): Lanes {
  const {
    clock,
    records,
    execute,
    timers,
    log,
    events,
    longestRunMs = 24 * 3_600_000,
    mostAtOnce = MOST_AT_ONCE,
  } = parts;
  const lanes = new Map<string, Lane>();
  const running = new Map<Promise<void>, { readonly job: Job; readonly controller: AbortController }>();
  let closed = false;

  function laneKey(schedule: Schedule): string {
    try {
      return parts.tenantOf(schedule);
    } catch {
      return schedule.config;
    }
  }

  function admit(job: Job): void {
    const tenant = laneKey(job.schedule);
    const lane = lanes.get(tenant) ?? { running: null, queue: [] };
    lanes.set(tenant, lane);
    const { name } = job.schedule;
    const busy = lane.running !== null && lane.running.since < job.startAt ? lane.running.name : null;
    const waiting = lane.queue.some((entry) => entry.job.schedule.name === name);
    if (busy !== null || waiting || (lane.running?.name === name && job.due <= lane.running.since)) {
      const reason = busy !== null ? `a run of ${busy} was under way` : "the run before it has not ended yet";
      records.skip(name, job.due, reason);
      log.warn(`${name}: skipped, ${reason}`, { schedule: name, due: new Date(job.due).toISOString() });
      events.skipped(job.schedule, tenant);
      return;
    }
    const claimed = records.claim(name, job.due, job.kind, job.missed);
    if (claimed === false) return;
    lane.queue.push({ job, attempt: claimed.attempt });
    startWaiting();
  }

  function startWaiting(): void {
    const startOf = ({ queue }: Lane): number => queue[0]?.job.startAt ?? Infinity;
    const waiting = [...lanes].filter(([, lane]) => lane.running === null && lane.queue.length > 0);
    waiting.sort(([, a], [, b]) => startOf(a) - startOf(b));
    for (const [tenant, lane] of waiting) startNext(tenant, lane);
  }

  function startNext(tenant: string, lane: Lane): void {
    const next = closed || running.size >= mostAtOnce ? undefined : lane.queue.shift();
    if (!next) return;
    lane.running = { name: next.job.schedule.name, since: clock.now() };
    // A signal of its own: listeners on one that lives for years would pile up.
    const controller = new AbortController();
    const cancel = timers.after(longestRunMs, () => controller.abort(TOO_LONG));
    const run: Promise<void> = carryOut(tenant, next.job, next.attempt, controller.signal)
      .catch((error: unknown) => log.error(`${next.job.schedule.name}: ${describeError(error)}`))
      .finally(() => {
        cancel();
        running.delete(run);
        lane.running = null;
        startWaiting();
      });
    running.set(run, { job: next.job, controller });
  }

  async function carryOut(tenant: string, job: Job, attempt: number, signal: AbortSignal): Promise<void> {
    const { schedule, due } = job;
    const { name } = schedule;
    const started = clock.now();
    const trigger: Trigger = { kind: job.kind, due: new Date(due).toISOString(), missed: job.missed, attempt };
    records.start(name, due, started);
    log.info(`${name}: ${schedule.mode} started`, { schedule: name, tenant, ...trigger });
    try {
      const result = await execute(schedule, trigger, signal);
      const { id, verdict, exitCode } = result.head;
      const ended = clock.now();
      const seconds = (ended - started) / 1_000;
      const fields = { schedule: name, tenant, run: id, exitCode, seconds };
      if (verdict === "interrupted" && onRequest(signal)) {
        records.interrupt(name, due, "stopped on request");
        log.info(`${name}: ${verdict}`, fields);
      } else {
        const reason = reasonOf(result, signal);
        const successful = reason === null;
        const end = { state: successful ? "done" : "failed", runId: id, verdict, reason, successful } as const;
        records.finish(name, due, end, ended);
        if (successful) log.info(`${name}: ${verdict}`, fields);
        else log.error(`${name}: ${verdict}, ${reason}`, { ...fields, verdict, reason });
      }
      events.finished(schedule, tenant, result, seconds);
    } catch (error) {
      const reason = signal.reason === TOO_LONG ? TOO_LONG : describeError(error);
      if (onRequest(signal)) records.interrupt(name, due, reason);
      else {
        const end = { state: "failed", runId: null, verdict: "failed", reason, successful: false } as const;
        records.finish(name, due, end, clock.now());
      }
      log.error(`${name}: ${reason}`, { schedule: name, tenant });
      events.failed(schedule, tenant);
    }
  }

  return {
    admit,
    busy: () => running.size > 0,
    runningNames: () => [...running.values()].map(({ job }) => job.schedule.name),
    close() {
      closed = true;
      for (const lane of lanes.values()) {
        for (const { job } of lane.queue.splice(0))
          records.interrupt(job.schedule.name, job.due, "stopped before it began");
      }
    },
    abort() {
      for (const { controller } of running.values()) controller.abort();
    },
    async idle() {
      while (running.size > 0) await Promise.allSettled([...running.keys()]);
    },
    abandon() {
      for (const { job } of running.values()) records.interrupt(job.schedule.name, job.due, "did not end in time");
    },
  };
}

/** A run holds some 50 MiB: what is due at once must not fill the machine. */
export const MOST_AT_ONCE = 4;

const TOO_LONG = "it took longer than a run may take";

/** Why a run that left a record did not go well; null where it did. */
function reasonOf({ head, failure }: RunResult, signal: AbortSignal): string | null {
  const { id, verdict } = head;
  if (failure !== null) return describeFailure(failure);
  if (verdict === "in-sync" || verdict === "drift") return null;
  if (signal.reason === TOO_LONG) return TOO_LONG;
  if (verdict === "incomplete") return `some users or stores could not be read or written: photodrift report ${id}`;
  return `verdict ${verdict}`;
}

function onRequest(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason !== TOO_LONG;
}
