import { parseDuration } from "../../config/index.js";
import type { FleetEntry } from "../../fleet/index.js";
import { PhotodriftError } from "../../model/errors.js";
import { EXIT } from "../../model/exit-codes.js";
import { byText } from "../../model/ids.js";
import type { Invocation } from "../line/globals.js";
import { local } from "../schedule/rows.js";
import { writeList } from "../terminal/results.js";
import { readFleetFiles, requireSoundFiles } from "./files.js";

interface Planned {
  readonly at: number;
  readonly entry: FleetEntry;
}

/** Shows what would run until when, from the files alone: no database is asked. Files with problems end it, each named. */
export async function fleetPlan(
  { fleet, until }: { readonly fleet: string; readonly until: string },
  invocation: Invocation,
): Promise<number> {
  const ahead = parseDuration(until);
  if (ahead === null) {
    throw new PhotodriftError("usage", `--until does not take "${until}".`, "For example --until 24h or 7d.", "usage");
  }
  const files = readFleetFiles(fleet, invocation.env);
  requireSoundFiles(files);
  const now = Date.now();
  const names = new Map(files.tenants.map(({ id, name }) => [id, name]));
  const planned = files.entries.flatMap((entry) => timesOf(entry, now, now + ahead));
  planned.sort((a, b) => a.at - b.at || byText(a.entry.tenant, b.entry.tenant));
  const iso = (at: number): string => new Date(at).toISOString();
  await writeList(invocation, {
    title: `Fleet until ${iso(now + ahead)}`,
    columns: ["UTC", "local", "tenant", "name", "schedule", "mode"],
    rows: planned.map(({ at, entry: { tenant, schedule } }) => [
      iso(at),
      local(new Date(at), schedule.timezone),
      tenant,
      names.get(tenant) ?? "",
      schedule.name,
      schedule.mode,
    ]),
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
    ...(planned.length === 0 ? { text: "Nothing is due: no schedule, or all suspended.\n" } : {}),
  });
  return EXIT.ok;
}

function timesOf(entry: FleetEntry, from: number, to: number): readonly Planned[] {
  const { timetable } = entry;
  if (timetable.idle) return [];
  const times: Planned[] = [];
  let due = timetable.after(from - timetable.delayMs);
  for (; due + timetable.delayMs <= to; due = timetable.after(due)) times.push({ at: due + timetable.delayMs, entry });
  return times;
}
