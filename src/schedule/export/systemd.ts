import type { Schedule } from "../../model/schedule.js";
import { expandCron, type CronFields } from "../cron.js";
import {
  argumentsOf,
  DRIFT_EXIT_CODE,
  environmentNote,
  FEWER_ARENAS,
  notesOf,
  safeName,
  type ExportedFile,
  type ExportPlaces,
} from "./command.js";

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** A service and a timer (systemd.timer(5), systemd.time(7)). `Persistent` catches a missed time up once, as the daemon does.
 * @param environment names of variables that the configuration takes */
export function toSystemd(
  schedule: Schedule,
  places: ExportPlaces,
  environment: readonly string[] = [],
): readonly ExportedFile[] {
  const name = safeName(schedule.name);
  const notes = notesOf(schedule).map((note) => `# ${note}`);
  const command = [...places.program, ...argumentsOf(schedule, places)].map(quote).join(" ");
  const hosts = schedule.onlyOn.map((host) => `ConditionHost=|${host}`);
  const service = [
    ...notes,
    ...environmentNote(environment, "name a file that only root can read, EnvironmentFile=, under [Service]").map(
      (note) => `# ${note}`,
    ),
    "[Unit]",
    `Description=${escapeSpecifiers(notesOf(schedule)[0] ?? "")}`,
    "Wants=network-online.target",
    "After=network-online.target",
    ...hosts,
    "",
    "[Service]",
    "Type=oneshot",
    `Environment=${FEWER_ARENAS}`,
    `ExecStart=${command}`,
    `SuccessExitStatus=${DRIFT_EXIT_CODE}`,
    "KillSignal=SIGTERM",
    "TimeoutStopSec=30",
    "",
  ];
  const timer = [
    ...notes,
    ...(schedule.suspend ? ["# systemctl enable --now would start it all the same."] : []),
    "[Unit]",
    `Description=${escapeSpecifiers(notesOf(schedule)[0] ?? "")}`,
    "",
    "[Timer]",
    ...calendars(expandCron(schedule.cron)).map((calendar) => `OnCalendar=${calendar} ${schedule.timezone}`),
    "AccuracySec=1s",
    ...(schedule.jitterMs > 0
      ? [`RandomizedDelaySec=${Math.round(schedule.jitterMs / 1_000)}`, "FixedRandomDelay=true"]
      : []),
    "Persistent=true",
    "",
    ...(schedule.suspend ? [] : ["[Install]", "WantedBy=timers.target", ""]),
  ];
  return [
    { name: `${name}.service`, content: service.join("\n") },
    { name: `${name}.timer`, content: timer.join("\n") },
  ];
}

/** cron joins day of month and day of week with "or", systemd with "and": two lines where both are given. */
function calendars(fields: CronFields): readonly string[] {
  const clock = [fields.hour, fields.minute, fields.second].map((values) => listed(values)).join(":");
  const days = fields.dayOfWeek?.map((day) => DAYS[day]).join(",");
  const month = listed(fields.month);
  const byMonthDay = `*-${month}-${listed(fields.dayOfMonth)} ${clock}`;
  if (days === undefined) return [byMonthDay];
  const byWeekDay = `${days} *-${month}-* ${clock}`;
  return fields.dayOfMonth === null ? [byWeekDay] : [byMonthDay, byWeekDay];
}

function listed(values: readonly number[] | null): string {
  return values === null ? "*" : values.map((value) => String(value).padStart(2, "0")).join(",");
}

function escapeSpecifiers(text: string): string {
  return text.replaceAll("%", "%%");
}

/** systemd.service(5), command lines: double quotes, backslash escapes, `%` and `$` doubled. */
function quote(argument: string): string {
  const text = escapeSpecifiers(argument).replaceAll("$", "$$$$");
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, "\\$&").replace(/\n/g, "\\n")}"`;
}
