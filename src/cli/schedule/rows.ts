import type { Schedule } from "../../model/schedule.js";
import type { ScheduleView } from "../../schedule/index.js";

export function jsonOf({ schedule, here, next: times, state, lastTick }: ScheduleView): object {
  const { name, file, config, cron, timezone, mode, suspend } = schedule;
  return {
    name,
    file,
    config,
    cron,
    timezone,
    mode,
    suspend,
    here,
    next: times[0]?.toISOString() ?? null,
    state,
    lastTick,
  };
}

export function local(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" }).format(at);
}

/** One time at which a schedule is due. */
interface DueTime {
  readonly schedule: Schedule;
  readonly at: Date;
}

export function nextEntry({ schedule, at }: DueTime): object {
  return { schedule: schedule.name, at: at.toISOString(), mode: schedule.mode };
}

export function nextRow({ schedule, at }: DueTime): readonly string[] {
  return [at.toISOString(), local(at, schedule.timezone), schedule.name, schedule.mode];
}
