import type { Schedule } from "../../model/schedule.js";
import { expandCron, type CronFields } from "../cron.js";
import {
  argumentsOf,
  environmentNote,
  FEWER_ARENAS,
  noJitter,
  notesOf,
  notExportable,
  safeName,
  type ExportedFile,
  type ExportFormat,
  type ExportPlaces,
} from "./command.js";

/**
 * A crontab (crontab(5)). `CRON_TZ` is cronie's; Debian's cron ignores it and follows the machine's zone, as the notes say.
 * @param environment names of variables that the configuration takes
 * @throws PhotodriftError `schedule-export` when the schedule counts seconds, which cron does not
 */
export function toCrontab(
  schedule: Schedule,
  places: ExportPlaces,
  environment: readonly string[] = [],
): readonly ExportedFile[] {
  const command = [...places.program, ...argumentsOf(schedule, places)].map(quote).join(" ").replaceAll("%", "\\%");
  const line = `${fiveFields(schedule, "cron")} ${command}`;
  const content = [
    ...[
      ...notesOf(schedule),
      ...noJitter(schedule, "cron"),
      ...environmentNote(environment, "set them above the line, NAME=value"),
    ].map((note) => `# ${note}`),
    "# cron catches no missed time up, and starts a run though the one before still goes on; photodrift then ends at once.",
    "# Exit code 2 means drift was found. Where cron knows no CRON_TZ the times are those of the machine's own zone.",
    `CRON_TZ=${schedule.timezone}`,
    FEWER_ARENAS,
    schedule.suspend ? `# ${line}` : line,
    "",
  ];
  return [{ name: `${safeName(schedule.name)}.crontab`, content: content.join("\n") }];
}

/** The five classic fields; lists instead of steps, for steps change how cron joins the two day fields. */
export function fiveFields(schedule: Schedule, format: ExportFormat): string {
  const fields: CronFields = expandCron(schedule.cron);
  if (fields.second?.length !== 1 || fields.second[0] !== 0) {
    throw notExportable(schedule, format, "its times count seconds");
  }
  return [fields.minute, fields.hour, fields.dayOfMonth, fields.month, fields.dayOfWeek]
    .map((values) => values?.join(",") ?? "*")
    .join(" ");
}

function quote(argument: string): string {
  const text = argument.replace(/[\r\n]+/g, " ");
  return /^[\w@+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
