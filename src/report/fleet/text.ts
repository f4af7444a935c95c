import type { FleetReport, TenantReport } from "../../model/fleet-report.js";
import { plain } from "../../model/text.js";
import { textTable } from "../text-table.js";
import * as words from "../wording.js";
import { certificateEnds, inTrouble, mostThrottled, neverSeen, rulesOf, slowest } from "./order.js";

/** Names in the short lists. */
const NAMED = 5;
/** Tenants in the text; all are in the other formats. */
const LISTED = 40;

/** The fleet for a terminal: what drifts first, then what else needs a look. */
export function* fleetText(report: FleetReport): Iterable<string> {
  const { totals, tenants } = report;
  yield `${words.count(totals.usersWithDrift)} of ${words.counted(totals.usersInScope, "user")} in scope differ from what is wanted, in ${words.count(totals.tenantsWithDrift)} of ${words.counted(totals.tenants, "tenant")}.\n\n`;
  yield textTable(FLEET_COLUMNS, tenants.slice(0, LISTED).map(fleetRow));
  if (tenants.length > LISTED)
    yield `… and ${words.counted(tenants.length - LISTED, "tenant")} more, all in --format html, csv or json.\n`;
  yield* list(
    "Rules",
    rulesOf(report).map(([rule, n]) => `${rule} ${words.count(n)}`),
  );
  yield* list(
    "Slowest",
    slowest(report, NAMED).map((row) => `${named(row)} ${(row.lastRun?.seconds ?? 0).toFixed(1)} s`),
  );
  yield* list(
    "Most throttled",
    mostThrottled(report, NAMED).map(
      (row) => `${named(row)} ${words.count(row.cost.throttled)}×, waited ${row.cost.waitedSeconds.toFixed(0)} s`,
    ),
  );
  yield* list(
    "Certificates that end",
    certificateEnds(report).map(
      ({ row, days, day }) => `${named(row)} ${days < 0 ? "ended" : `in ${words.counted(days, "day")}`} (${day})`,
    ),
  );
  yield* list(
    "In trouble",
    inTrouble(report).map((row) => `${named(row)}: ${plain(row.trouble ?? "")}`),
  );
  yield* list("Never looked at", neverSeen(report).slice(0, LISTED).map(named));
  yield* list(
    "Files with problems",
    report.problems.map(({ message }) => plain(message)),
  );
}

function* list(title: string, lines: readonly string[]): Iterable<string> {
  if (lines.length === 0) return;
  yield `\n${title}\n`;
  for (const line of lines) yield `  ${line}\n`;
}

function named({ name, tenant }: TenantReport): string {
  return name === tenant ? plain(name) : `${plain(name)} (${plain(tenant)})`;
}

export const FLEET_COLUMNS = [
  "tenant",
  "id",
  "with drift",
  "in scope",
  "new",
  "last run",
  "verdict",
  "took",
  "throttled",
] as const;

/** One tenant as cells of {@link FLEET_COLUMNS}. */
export function fleetRow({ name, tenant, found, lastRun, cost }: TenantReport): readonly string[] {
  return [
    name,
    tenant,
    found === null ? "-" : String(found.usersWithDrift),
    found === null ? "-" : String(found.usersInScope),
    found === null ? "-" : String(found.new),
    lastRun === null ? "never" : `${lastRun.mode} ${lastRun.finishedAt}`,
    lastRun?.verdict ?? "-",
    lastRun === null ? "-" : `${lastRun.seconds.toFixed(1)} s`,
    `${String(cost.throttled)}×`,
  ];
}
