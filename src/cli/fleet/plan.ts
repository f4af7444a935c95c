import { parseDuration } from "../../config/index.js";
import type { FleetEntry } from "../../fleet/index.js";
import { PhotodriftError } from "../../model/errors.js";
import { EXIT } from "../../model/exit-codes.js";
import { byText } from "../../model/ids.js";
import type { Invocation } from "../line/globals.js";
import { textTable } from "../../report/index.js";
import { local } from "../schedule/rows.js";
import { writeList } from "../terminal/results.js";
import { readFleetFiles, requireSoundFiles } from "./files.js";

interface Planned {
  readonly at: number;
  readonly entry: FleetEntry;
}

/** Rows of the text; other formats have all. */
const SHOWN = 100;
/** More than these are no plan to read, in any format. */
const MOST = 20_000;
const YEAR_MS = 366 * 86_400_000;

/** Shows what would run until when, from the files alone: no database is asked. Files with problems end it, each named. */
export async function fleetPlan(
  { fleet, until }: { readonly fleet: string; readonly until: string },
  invocation: Invocation,
): Promise<number> {
  const ahead = parseDuration(until);
  if (ahead === null || ahead > YEAR_MS) {
    const cure = "For example --until 24h or 7d, at most 366d.";
    throw new PhotodriftError("usage", `--until does not take "${until}".`, cure, "usage");
  }
  const files = readFleetFiles(fleet, invocation.env);
  requireSoundFiles(files);
  const now = Date.now();
  const names = new Map(files.tenants.map(({ id, name }) => [id, name]));
  const timesOf = timesBetween(files.entries, now, now + ahead);
  const planned: Planned[] = [];
  for (const entry of files.entries) {
    for (const at of timesOf(entry)) planned.push({ at, entry });
    if (planned.length > MOST) throw tooMany(until);
  }
  planned.sort((a, b) => a.at - b.at || byText(a.entry.tenant, b.entry.tenant));
  const columns = ["UTC", "local", "tenant", "name", "schedule", "mode"];
  const rows = planned.map(({ at, entry: { tenant, schedule } }) => [
    iso(at),
    local(new Date(at), schedule.timezone),
    tenant,
    names.get(tenant) ?? "",
    schedule.name,
    schedule.mode,
  ]);
  await writeList(invocation, {
    title: `Fleet until ${iso(now + ahead)}`,
    columns,
    rows,
    text: textOf(columns, rows),
    json: {
      until: iso(now + ahead),
      tenants: files.tenants.length,
      plan: planned.map(({ at, entry: { tenant, schedule } }) => ({
        at: iso(at),
        tenant,
        schedule: schedule.name,
        mode: schedule.mode,
      })),
    },
  });
  return EXIT.ok;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function textOf(columns: readonly string[], rows: readonly string[][]): string {
  if (rows.length === 0) return "Nothing is due: no schedule, or all suspended.\n";
  const more = rows.length - SHOWN;
  const table = textTable(columns, rows.slice(0, SHOWN));
  return more <= 0 ? table : `${table}… and ${String(more)} more. A shorter --until, or --format csv, shows all.\n`;
}

/**
 * When entries are acted on in (from, to], in milliseconds since 1970 UTC; of one entry a few more than {@link MOST} at most. Tenants that
 * follow one expression differ by their delay only: its times are worked out once.
 */
function timesBetween(entries: readonly FleetEntry[], from: number, to: number) {
  const latest = new Map<string, number>();
  for (const { timetable } of entries)
    latest.set(timetable.expression, Math.max(timetable.delayMs, latest.get(timetable.expression) ?? 0));
  const known = new Map<string, readonly number[]>();

  function dueTimes({ expression, after }: FleetEntry["timetable"]): readonly number[] {
    const times: number[] = [];
    let due = after(from - (latest.get(expression) ?? 0));
    for (; due <= to && times.length <= MOST; due = after(due)) times.push(due);
    return times;
  }
  return ({ timetable }: FleetEntry): readonly number[] => {
    if (timetable.idle) return [];
    const due = known.get(timetable.expression) ?? dueTimes(timetable);
    known.set(timetable.expression, due);
    return due.map((at) => at + timetable.delayMs).filter((at) => at > from && at <= to);
  };
}

function tooMany(until: string): PhotodriftError {
  const message = `More than ${MOST.toLocaleString("en")} runs are due within ${until}.`;
  return new PhotodriftError("usage", message, "A shorter time shows them, for example --until 1h.", "usage");
}
