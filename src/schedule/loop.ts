import { byText } from "../model/ids.js";
import type { Schedule } from "../model/schedule.js";
import type { Clock } from "../run/ports.js";
import { startHealthServer } from "./health.js";
import { makeLanes, type Job } from "./lanes.js";
import { makeMetrics } from "./metrics.js";
import { expressionOf } from "./next-runs.js";
import { nextStart, planOf, settle, type Plan } from "./plan.js";
import type { Execute, ScheduleFiles, ScheduleLog, ScheduleRecords, ScheduleSource, Timers } from "./ports.js";

export interface SchedulerOptions {
  readonly source: ScheduleSource;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly records: ScheduleRecords;
  readonly execute: Execute;
  /** Names the tenant of a schedule: schedules of one tenant never run at the same time. */
  readonly tenantOf: (schedule: Schedule) => string;
  readonly log: ScheduleLog;
  /** Aborts on SIGTERM and SIGINT. */
  readonly signal: AbortSignal;
  /** For `onlyOn`. */
  readonly hostName: string;
  /** Loopback port of /healthz and /metrics; 0 takes a free one, null serves nothing. */
  readonly healthPort: number | null;
  readonly onHealthPort?: (port: number) => void;
  /** How often files and the clock are looked at; milliseconds. */
  readonly pollMs?: number;
  /** Runs at the same time, of all tenants together. */
  readonly mostAtOnce?: number;
  /** The longest a run may take before it is told to end; 24 hours when absent. */
  readonly longestRunMs?: number;
  /** After the signal: how long runs may go on before they are told to end, and how long they then have. */
  readonly finishMs?: number;
  readonly abortMs?: number;
}

const BEAT_MS = 30_000;
const COUNTED = 1_000;

/**
 * Runs the schedules until the signal aborts. Each due time is settled exactly once - run, skipped or missed - and stays settled over
 * restarts: due times that passed while nothing ran lead to one catch-up run, a run that was cut off is tried again.
 * @throws PhotodriftError `schedule-running` while another daemon holds the records, `schedule-port` when the port is taken
 */
export async function runScheduler(options: SchedulerOptions): Promise<void> {
  const { clock, records, log, signal, timers } = options;
  const pollMs = options.pollMs ?? 5_000;
  const plans = new Map<string, Plan>();
  const metrics = makeMetrics();
  const lanes = makeLanes({ ...options, events: metrics });
  let invalidFiles = 0;
  let lastWake = clock.now();
  let lastBeat = clock.now();

  function reload(files: ScheduleFiles, now: number): void {
    const names = new Set(files.schedules.map((schedule) => schedule.name));
    for (const name of plans.keys()) {
      if (names.has(name)) continue;
      plans.delete(name);
      log.info(`${name}: schedule removed`, { schedule: name });
    }
    for (const schedule of files.schedules) {
      const settledTo = records.follow(schedule.name, expressionOf(schedule), now);
      const plan = planOf(schedule, options.hostName, settledTo);
      plans.set(schedule.name, plan);
      const state = plan.idle ? "idle" : `next ${new Date(nextStart(plan)).toISOString()}`;
      log.info(`${schedule.name}: ${schedule.cron} ${schedule.timezone}, ${state}`, { schedule: schedule.name });
    }
    for (const { message } of files.problems) log.error(message);
    invalidFiles = files.problems.length;
  }

  /** The one job a schedule has now, with earlier due times that nothing ran at folded into it. */
  function jobOf(plan: Plan, now: number, starting: boolean): Job | null {
    const { schedule, recurrence, delayMs } = plan;
    const horizon = now - delayMs;
    if (plan.settledTo > now + 86_400_000) settle(plan, records.follow(schedule.name, expressionOf(schedule), now));
    const due = plan.nextDue > horizon ? null : recurrence.lastIn(plan.settledTo, horizon);
    if (plan.idle) {
      if (due !== null) {
        settle(plan, due);
        records.settle(schedule.name, due);
      }
      return null;
    }
    if (due === null) {
      const cut = starting ? records.cutOff(schedule.name) : null;
      return cut && { schedule, due: cut.due, startAt: cut.due + delayMs, kind: "catch-up", missed: 0 };
    }
    const missed = recurrence.countIn(plan.settledTo, due - 1, COUNTED);
    if (missed > 0) {
      records.missed(schedule.name, plan.nextDue, missed);
      metrics.missed(schedule, missed);
    }
    const late = starting || missed > 0 || now - due - delayMs > Math.max(60_000, 2 * pollMs);
    settle(plan, due);
    return { schedule, due, startAt: due + delayMs, kind: late ? "catch-up" : "tick", missed };
  }

  function wake(starting: boolean): void {
    const now = clock.now();
    lastWake = now;
    const files = options.source.read();
    if (files) reload(files, now);
    const jobs = [...plans.values()].map((plan) => jobOf(plan, now, starting)).filter((job) => job !== null);
    jobs.sort((a, b) => a.startAt - b.startAt || byText(a.schedule.name, b.schedule.name));
    for (const job of jobs) lanes.admit(job);
  }

  function untilNext(): number {
    const now = clock.now();
    let next = now + pollMs;
    for (const plan of plans.values()) if (!plan.idle) next = Math.min(next, nextStart(plan));
    return Math.max(1, next - now);
  }

  /** False when another daemon has taken over. */
  function beat(): boolean {
    if (Math.abs(clock.now() - lastBeat) < BEAT_MS) return true;
    lastBeat = clock.now();
    return records.beat(lastBeat);
  }

  function health() {
    const schedules = [...plans.values()].map((plan) => ({
      name: plan.schedule.name,
      idle: plan.idle,
      next: plan.idle ? null : new Date(nextStart(plan)).toISOString(),
      state: records.state(plan.schedule.name),
    }));
    const ok = clock.now() - lastWake < Math.max(60_000, 3 * pollMs);
    return { ok, invalidFiles, running: lanes.runningNames(), schedules };
  }

  async function end(): Promise<void> {
    try {
      lanes.close();
      await within(timers, options.finishMs ?? 10_000, lanes.idle());
      lanes.abort();
      await within(timers, options.abortMs ?? 10_000, lanes.idle());
      lanes.abandon();
    } finally {
      await server?.close();
      records.release();
    }
  }

  records.acquire(clock.now());
  const server =
    options.healthPort === null
      ? null
      : await startHealthServer({ port: options.healthPort }, health, () => metrics.render(health())).catch(
          (error: unknown) => {
            records.release();
            throw error;
          },
        );
  if (server) options.onHealthPort?.(server.port);
  try {
    for (let starting = true; !signal.aborted; starting = false) {
      wake(starting);
      await pause(timers, untilNext(), signal);
      if (!beat()) {
        log.error("another schedule daemon has taken over these records; this one ends");
        break;
      }
    }
  } finally {
    await end();
  }
}

/** Resolves after `ms` or when the signal aborts. */
function pause(timers: Timers, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    function end(): void {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    }
    const cancel = timers.after(ms, end);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}

/** Resolves when the work has ended, at the latest after `ms`. */
function within(timers: Timers, ms: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = timers.after(ms, resolve);
    void work.finally(() => {
      cancel();
      resolve();
    });
  });
}

/** Timers of the running machine. */
export const systemTimers: Timers = {
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(ms, 2_147_483_647));
    return () => clearTimeout(timer);
  },
};
