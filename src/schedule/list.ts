import type { Schedule } from "../model/schedule.js";
import { nextRuns } from "./next-runs.js";
import { planOf } from "./plan.js";
import type { ScheduleRecords, ScheduleState, Tick } from "./ports.js";

/** What `schedule list` tells of one schedule. */
export interface ScheduleView {
  readonly schedule: Schedule;
  /** False where `onlyOn` names other hosts. */
  readonly here: boolean;
  /** Delay by jitter, milliseconds; already counted in `next`. */
  readonly delayMs: number;
  /** Next starts; empty when suspended or not meant for this host. */
  readonly next: readonly Date[];
  /** Null before the first daemon has seen it. */
  readonly state: ScheduleState | null;
  readonly lastTick: Tick | null;
}

/** A schedule as `schedule list` shows it, with its next `count` times from `now` on. Records null: the daemon never ran here. */
export function viewSchedule(
  schedule: Schedule,
  records: Pick<ScheduleRecords, "state" | "ticks"> | null,
  host: string,
  now: Date,
  count: number,
): ScheduleView {
  const plan = planOf(schedule, host, now.getTime());
  const due = plan.idle ? [] : nextRuns(schedule, new Date(now.getTime() - plan.delayMs), count);
  return {
    schedule,
    here: plan.here,
    delayMs: plan.delayMs,
    next: due.map((date) => new Date(date.getTime() + plan.delayMs)),
    state: records?.state(schedule.name) ?? null,
    lastTick: records?.ticks(schedule.name, 1)[0] ?? null,
  };
}
