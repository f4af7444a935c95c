import { stableId } from "../model/ids.js";
import type { Schedule } from "../model/schedule.js";
import { expressionOf, recurrence, type Recurrence } from "./next-runs.js";

/** A schedule in force. */
export interface Plan {
  readonly schedule: Schedule;
  readonly recurrence: Recurrence;
  /** What a due time is put off by, 0 to `jitterMs`: always the same for a schedule, so that order and distance stay. */
  readonly delayMs: number;
  /** False where `onlyOn` names other hosts. */
  readonly here: boolean;
  /** Never runs here: suspended, or meant for other hosts. */
  readonly idle: boolean;
  /** Due times up to here are settled; `nextDue` is the first one after. Moved on by {@link settle}. */
  settledTo: number;
  nextDue: number;
}

export function planOf(schedule: Schedule, hostName: string, settledTo: number): Plan {
  const here = schedule.onlyOn.length === 0 || schedule.onlyOn.includes(hostName.toLowerCase());
  const share = Number.parseInt(stableId(schedule.name).slice(0, 8), 16) / 0xffffffff;
  const times = recurrence(schedule);
  return {
    schedule,
    recurrence: times,
    delayMs: Math.floor(schedule.jitterMs * share),
    here,
    idle: schedule.suspend || !here,
    settledTo,
    nextDue: times.after(settledTo),
  };
}

/** When a schedule is due, apart from what has become of it. @param seed what its delay is drawn from: many of one name start apart */
export function timetableOf(schedule: Schedule, seed: string) {
  const { after, lastIn, countIn } = recurrence(schedule);
  const { delayMs } = planOf({ ...schedule, name: seed }, "", 0);
  return { idle: schedule.suspend, delayMs, expression: expressionOf(schedule), after, lastIn, countIn };
}

export function settle(plan: Plan, to: number): void {
  plan.settledTo = to;
  plan.nextDue = plan.recurrence.after(to);
}

/** When the next due time is to be acted on, jitter included. */
export function nextStart(plan: Plan): number {
  return plan.nextDue + plan.delayMs;
}
