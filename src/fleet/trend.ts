import type { FleetDay } from "../model/fleet-report.js";
import type { EngineDatabase } from "./ports.js";

interface DayRow {
  readonly tenant: string;
  readonly day: string;
  readonly in_scope: number;
  readonly with_drift: number;
}

/** The last 90 days. */
export async function readTrend(
  { pool }: Pick<EngineDatabase, "pool">,
  ids: readonly string[],
): Promise<readonly FleetDay[]> {
  const { rows } = await pool.query<DayRow>(
    `SELECT DISTINCT ON (day, tenant) tenant, to_char(finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day,
            (summary->>'usersInScope')::integer AS in_scope, (summary->>'usersWithDrift')::integer AS with_drift
       FROM photodrift.runs
      WHERE tenant = ANY($1) AND finished_at > now() - interval '90 days' AND mode <> 'undo' AND (head->>'complete')::boolean
      ORDER BY day, tenant, finished_at DESC`,
    [ids],
  );
  return trendOf(rows);
}

/** Carries each tenant's last look forward, so that a day on which few were looked at does not look like a good day. */
function trendOf(rows: readonly DayRow[]): readonly FleetDay[] {
  const known = new Map<string, DayRow>();
  const days = new Map<string, FleetDay>();
  let usersInScope = 0;
  let usersWithDrift = 0;
  for (const row of rows) {
    const before = known.get(row.tenant);
    usersInScope += row.in_scope - (before?.in_scope ?? 0);
    usersWithDrift += row.with_drift - (before?.with_drift ?? 0);
    known.set(row.tenant, row);
    days.set(row.day, { day: row.day, tenants: known.size, usersInScope, usersWithDrift });
  }
  return [...days.values()];
}
