import { readStatus } from "../../fleet/index.js";
import { EXIT } from "../../model/exit-codes.js";
import { fleetSchema, type FleetStatus, type TenantStatus } from "../../model/fleet-report.js";
import { plain } from "../../model/text.js";
import { textTable } from "../../report/index.js";
import { withEngine } from "./engine.js";
import type { FleetFlags } from "./flags.js";
import type { Invocation } from "../line/globals.js";
import { requireFormats } from "../terminal/formats.js";
import { jsonText, writeList, writeResult } from "../terminal/results.js";
import { readFleetFiles } from "./files.js";
import { lookedAt } from "./look.js";

const COLUMNS = ["tenant", "id", "now", "next", "last run", "verdict", "users drifted", "why"];

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
  const told = status.tenants.filter(({ trouble }) => trouble !== null);
  const troubles = told.map(({ name, trouble }) => `${plain(name)}: ${plain(trouble ?? "")}\n`);
  const rows = status.tenants.map((tenant) => rowOf(tenant).slice(0, -1));
  return [
    workers.length === 0 ? none : textTable(["worker", "version", "since", "runs"], workers),
    "\n",
    textTable(COLUMNS.slice(0, -1), rows),
    ...(told.length > 0 ? ["\nNot well:\n", ...troubles] : []),
    ...problems,
  ].join("");
}

function rowOf(status: TenantStatus): readonly string[] {
  const { name, tenant, open, next, lastRun, usersWithDrift, usersInScope, trouble } = status;
  return [
    name,
    tenant,
    nowOf(open),
    next === null ? "-" : `${next.at} ${next.schedule}`,
    lastRun === null ? "never" : `${lastRun.mode} ${lastRun.finishedAt}`,
    lastRun?.verdict ?? "-",
    usersWithDrift === null ? "-" : `${String(usersWithDrift)}/${String(usersInScope ?? 0)}`,
    trouble ?? "-",
  ];
}

function nowOf(open: TenantStatus["open"]): string {
  if (open === null) return "-";
  if (open.state === "running") return `runs ${open.schedule} on ${open.worker ?? "?"}`;
  if (open.notBefore !== null) return `${open.schedule} again at ${open.notBefore}: ${open.reason ?? ""}`;
  return `${open.schedule} waits`;
}
