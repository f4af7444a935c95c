import type { Schedule } from "../../model/schedule.js";
import { expandCron, type CronFields } from "../cron.js";
import {
  argumentsOf,
  environmentNote,
  isInUtc,
  notesOf,
  notExportable,
  safeName,
  type ExportedFile,
  type ExportPlaces,
} from "./command.js";

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
/** The Task Scheduler takes no more (learn.microsoft.com/windows/win32/taskschd/taskschedulerschema-triggers-tasktype-element). */
const MOST_TRIGGERS = 48;

/**
 * A task for `schtasks /Create /XML` (Task Scheduler schema 1.4). Triggers know the machine's zone or UTC only: for another zone the
 * notes say so. `StartWhenAvailable` catches a missed time up once, `IgnoreNew` skips a start that falls into a running one.
 * @param environment names of variables that the configuration takes
 * @throws PhotodriftError `schedule-export` when the times need seconds or more than 48 triggers
 */
export function toTaskScheduler(
  schedule: Schedule,
  places: ExportPlaces,
  environment: readonly string[] = [],
): readonly ExportedFile[] {
  const fields = expandCron(schedule.cron);
  if (fields.second?.length !== 1 || fields.second[0] !== 0)
    throw notExportable(schedule, "task-scheduler", "its times count seconds");
  const triggers = startsOf(fields).flatMap((start) =>
    calendars(fields).map((days) => trigger(schedule, places, start, days)),
  );
  if (triggers.length > MOST_TRIGGERS) {
    throw notExportable(
      schedule,
      "task-scheduler",
      `it needs ${triggers.length} triggers of the ${MOST_TRIGGERS} a task may have`,
    );
  }
  const zone = isInUtc(schedule) ? [] : [`Times are those of a machine whose zone is ${schedule.timezone}.`];
  const [command = "", ...words] = [...places.program, ...argumentsOf(schedule, places)];
  const content = `<?xml version="1.0"?>
<Task version="1.4" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>${escape([...notesOf(schedule), ...zone, ...environmentNote(environment, "set them for the account that the task runs as")].join(" "))}</Description>
  </RegistrationInfo>
  <Triggers>
${triggers.join("\n")}
  </Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <StartWhenAvailable>true</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>true</RunOnlyIfNetworkAvailable>
    <Enabled>${!schedule.suspend}</Enabled>
    <ExecutionTimeLimit>PT12H</ExecutionTimeLimit>
  </Settings>
  <Actions>
    <Exec>
      <Command>${escape(command)}</Command>
      <Arguments>${escape(words.map(quote).join(" "))}</Arguments>
    </Exec>
  </Actions>
</Task>
`;
  return [{ name: `${safeName(schedule.name)}.xml`, content }];
}

interface Start {
  readonly hour: number;
  readonly minute: number;
  /** Minutes between repetitions over the day, or null. */
  readonly every: number | null;
}

/** Evenly spread times become one trigger that repeats; others one trigger for each time. */
function startsOf(fields: CronFields): readonly Start[] {
  const hours = fields.hour ?? Array.from({ length: 24 }, (_, i) => i);
  const minutes = fields.minute ?? Array.from({ length: 60 }, (_, i) => i);
  const times = hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute));
  const first = times[0] ?? 0;
  const every = (times[1] ?? 0) - first;
  const even =
    times.length > 2 &&
    1_440 % every === 0 &&
    times.length === 1_440 / every &&
    times.every((at, i) => at === first + i * every);
  if (even) return [{ hour: Math.floor(first / 60), minute: first % 60, every }];
  return times.map((at) => ({ hour: Math.floor(at / 60), minute: at % 60, every: null }));
}

/** cron joins the two day fields with "or": two calendars where both are given. */
function calendars(fields: CronFields): readonly string[] {
  const months = (fields.month ?? MONTHS.map((_, i) => i + 1)).map((month) => `<${MONTHS[month - 1]} />`).join("");
  const found: string[] = [];
  if (fields.dayOfMonth || (fields.month && !fields.dayOfWeek)) {
    const days = (fields.dayOfMonth ?? Array.from({ length: 31 }, (_, i) => i + 1))
      .map((day) => `<Day>${day}</Day>`)
      .join("");
    found.push(`<ScheduleByMonth><DaysOfMonth>${days}</DaysOfMonth><Months>${months}</Months></ScheduleByMonth>`);
  }
  if (fields.dayOfWeek) {
    const days = `<DaysOfWeek>${fields.dayOfWeek.map((day) => `<${DAYS[day]} />`).join("")}</DaysOfWeek>`;
    found.push(
      fields.month
        ? `<ScheduleByMonthDayOfWeek><Weeks>${["1", "2", "3", "4", "Last"].map((week) => `<Week>${week}</Week>`).join("")}</Weeks>${days}<Months>${months}</Months></ScheduleByMonthDayOfWeek>`
        : `<ScheduleByWeek><WeeksInterval>1</WeeksInterval>${days}</ScheduleByWeek>`,
    );
  }
  return found.length > 0 ? found : ["<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>"];
}

/** The order of the elements is the schema's. */
function trigger(schedule: Schedule, places: ExportPlaces, start: Start, days: string): string {
  const clock = `${String(start.hour).padStart(2, "0")}:${String(start.minute).padStart(2, "0")}:00`;
  const repetition =
    start.every === null
      ? ""
      : `<Repetition><Interval>PT${start.every}M</Interval><Duration>P1D</Duration></Repetition>`;
  const boundary = `<StartBoundary>${places.startDay}T${clock}${isInUtc(schedule) ? "Z" : ""}</StartBoundary>`;
  const delay = schedule.jitterMs > 0 ? `<RandomDelay>PT${Math.round(schedule.jitterMs / 1_000)}S</RandomDelay>` : "";
  return `    <CalendarTrigger>${repetition}${boundary}<Enabled>true</Enabled>${delay}${days}</CalendarTrigger>`;
}

/** CommandLineToArgvW: quotes around, backslashes doubled before a quote (learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments). */
function quote(argument: string): string {
  if (/^[^\s"]+$/.test(argument)) return argument;
  return `"${argument.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1")}"`;
}

/** XML text in plain ASCII, so that the file needs no encoding; characters that XML forbids become spaces. */
function escape(text: string): string {
  return Array.from(text, (char) => {
    const code = char.codePointAt(0) ?? 0;
    if ("&<>\"'".includes(char) || code > 126) return code >= 0xd800 && code <= 0xdfff ? " " : `&#${code};`;
    return code < 32 ? " " : char;
  }).join("");
}
