import { readStatus } from "../../fleet/index.js";
import { EXIT } from "../../model/exit-codes.js";
import { fleetSchema, type FleetStatus, type TenantStatus } from "../../model/fleet-report.js";
import { textTable } from "../../report/index.js";
import { withEngine } from "./engine.js";
import type { FleetFlags } from "./flags.js";
import type { Invocation } from "../line/globals.js";
import { requireFormats } from "../terminal/formats.js";
import { jsonText, writeList, writeResult } from "../terminal/results.js";
import { readFleetFiles } from "./files.js";
import { lookedAt } from "./look.js";

const COLUMNS = ["tenant", "id", "now", "next", "last run", "verdict", "users drifted"];

/** Tenants with last and next run, verdict, and the workers alive. */
export async function fleetStatus(flags: FleetFlags, invocation: Invocation): Promise<number> {
  if (flags.schema) {
    requireFormats(invocation, "--schema", ["json"]);
    await writeResult(invocation, () => [jsonText(fleetSchema("status"))]);
    return EXIT.ok;
  }
  const { fleet, tenants, problems } = readFleetFiles(flags.fleet, invocation.env);
  const looked = await lookedAt(tenants);
  const status = await withEngine(fleet, (database) => readStatus(database, looked, problems));
  await writeList(invocation, {
    title: "Fleet",
    columns: COLUMNS,
    rows: status.tenants.map(rowOf),
    json: status,
    text: textOf(status),
  });
  return EXIT.ok;
}

function textOf(status: FleetStatus): string {
  const workers = status.workers.map(({ id, version, startedAt, concurrency, running }) => [
    id,
    version,
    startedAt,
    `${String(running)} of ${String(concurrency)}`,
  ]);
  const none = "No worker is alive. Next: photodrift fleet worker\n";
  const problems = status.problems.map(({ message }) => `problem: ${message}\n`);
  return [
    workers.length === 0 ? none : textTable(["worker", "version", "since", "runs"], workers),
    "\n",
    textTable(COLUMNS, status.tenants.map(rowOf)),
    ...problems,
  ].join("");
}

function rowOf({ name, tenant, open, next, lastRun, usersWithDrift, usersInScope }: TenantStatus): readonly string[] {
  return [
    name,
    tenant,
    nowOf(open),
    next === null ? "-" : `${next.at} ${next.schedule}`,
    lastRun === null ? "never" : `${lastRun.mode} ${lastRun.finishedAt}`,
    lastRun?.verdict ?? "-",
    usersWithDrift === null ? "-" : `${String(usersWithDrift)}/${String(usersInScope ?? 0)}`,
  ];
}

function nowOf(open: TenantStatus["open"]): string {
  if (open === null) return "-";
  if (open.state === "running") return `runs ${open.schedule} on ${open.worker ?? "?"}`;
  if (open.notBefore !== null) return `${open.schedule} again at ${open.notBefore}: ${open.reason ?? ""}`;
  return `${open.schedule} waits`;
}
