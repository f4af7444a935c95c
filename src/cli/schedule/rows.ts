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
