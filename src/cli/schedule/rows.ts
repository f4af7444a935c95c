import { plain } from "../../model/text.js";
import type { Schedule } from "../../model/schedule.js";
import { textTable } from "../../report/index.js";
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

export const LIST_COLUMNS = [
  "schedule",
  "mode",
  "when",
  "next",
  "last attempted",
  "last successful",
  "verdict",
  "why",
] as const;

export function listRow({ schedule, here, next: times, state, lastTick }: ScheduleView): readonly string[] {
  return [
    schedule.name,
    schedule.mode,
    `${schedule.cron} ${schedule.timezone}`,
    schedule.suspend ? "suspended" : here ? (times[0]?.toISOString() ?? "never") : "on other hosts",
    state?.lastAttempted ?? "never",
    state?.lastSuccessful ?? "never",
    state?.lastVerdict ?? "-",
    lastTick?.reason ?? "-",
  ];
}

/** The table, and below it why the last due time of a schedule was not done: a sentence is too long for a column. */
export function listText(views: readonly ScheduleView[]): string {
  const table = textTable(
    LIST_COLUMNS.slice(0, -1),
    views.map((view) => listRow(view).slice(0, -1)),
  );
  const reasons = views.flatMap(({ schedule, lastTick }) => {
    if (lastTick === null || lastTick.reason === null) return [];
    return [`${schedule.name}: ${lastTick.state} at ${lastTick.due}: ${plain(lastTick.reason)}\n`];
  });
  return [table, ...(reasons.length > 0 ? ["\n", ...reasons] : [])].join("");
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
