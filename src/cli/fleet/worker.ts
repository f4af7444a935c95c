import { hostname } from "node:os";
import {
  makeFleetMetrics,
  readReport,
  readStatus,
  runFleetWorker,
  type FleetEntries,
  type WorkerLife,
} from "../../fleet/index.js";
import type { FleetConfig, FleetTenant } from "../../model/fleet.js";
import { describeError } from "../../model/describe-error.js";
import { EXIT } from "../../model/exit-codes.js";
import { startHealthServer, type ScheduleLog } from "../../schedule/index.js";
import type { FleetDatabase } from "../../state/postgres/index.js";
import type { Invocation } from "../line/globals.js";
import { VERSION } from "../line/version.js";
import { daemonProgress, scheduleLog } from "../schedule/log.js";
import { fleetExecutor } from "./execute.js";
import { fleetReader, type FileProblem, type FleetFiles } from "./files.js";
import { lookedAt } from "./look.js";
import { withFleetDatabase, withWorkFolder } from "./session.js";

/** Scrapes that come closer together than this are answered with the same figures. */
const FRESH_MS = 10_000;

/** Runs one worker until it is told to end. @param concurrency of --concurrency @param port of --port */
export async function workUntilEnd(
  path: string,
  { concurrency, port }: { readonly concurrency: number | undefined; readonly port: number | undefined },
  invocation: Invocation,
): Promise<number> {
  const read = fleetReader(path, invocation.env);
  const first = read();
  const fleet = { ...first.fleet, concurrency: concurrency ?? first.fleet.concurrency };
  const log = scheduleLog(invocation);
  const files = watchedFiles(read, first, log);
  await withFleetDatabase(fleet, (database) =>
    withWorkFolder(fleet, async (folder) => {
      const metrics = makeFleetMetrics();
      let life: WorkerLife | null = null;
      const health = await serve({ fleet, port, database, files, metrics, life: () => life }, log);
      try {
        await runFleetWorker({
          database,
          identity: { host: hostname(), pid: process.pid, version: VERSION, concurrency: fleet.concurrency },
          entries: files,
          execute: fleetExecutor({
            database,
            folder,
            tenantOf: files.tenantOf,
            progress: daemonProgress(log, invocation.verbose),
            env: invocation.env,
          }),
          log,
          events: metrics,
          signal: invocation.signal,
          onLife: (now) => (life = now),
        });
      } finally {
        await health?.close();
      }
    }),
  );
  return EXIT.ok;
}

interface WatchedFiles extends FleetEntries {
  readonly tenantOf: (id: string) => FleetTenant | null;
  readonly now: () => FleetFiles;
}

/** Files that turn bad while the worker runs keep what they last said; what is wrong is told once. */
function watchedFiles(read: () => FleetFiles, first: FleetFiles, log: ScheduleLog): WatchedFiles {
  let now = first;
  let tenants = byId(first);
  let mark = "";
  let told = new Set<string>();
  function tell(problems: readonly FileProblem[]): void {
    for (const { message } of problems) if (!told.has(message)) log.error(message);
    told = new Set(problems.map(({ message }) => message));
  }
  return {
    now: () => now,
    tenantOf: (id) => tenants.get(id) ?? null,
    read() {
      try {
        now = read();
      } catch (error) {
        tell([{ file: first.fleet.file, message: describeError(error) }]);
        return null;
      }
      tell(now.problems);
      tenants = byId(now);
      const before = mark;
      mark = JSON.stringify(now.entries.map(({ tenant, schedule }) => [tenant, schedule]));
      return mark === before ? null : now.entries;
    },
  };
}

function byId({ tenants }: FleetFiles): Map<string, FleetTenant> {
  return new Map(tenants.map((tenant) => [tenant.id, tenant]));
}

interface Served {
  readonly fleet: FleetConfig;
  readonly port: number | undefined;
  readonly database: FleetDatabase;
  readonly files: WatchedFiles;
  readonly metrics: ReturnType<typeof makeFleetMetrics>;
  readonly life: () => WorkerLife | null;
}

async function serve(served: Served, log: ScheduleLog) {
  const port = served.port ?? served.fleet.health.port;
  if (port === null) return null;
  let last: { readonly at: number; readonly text: Promise<string> } | null = null;
  function figures(): Promise<string> {
    if (last === null || Date.now() - last.at > FRESH_MS) last = { at: Date.now(), text: look(served) };
    return last.text;
  }
  const { host } = served.fleet.health;
  const server = await startHealthServer({ port, host }, () => healthOf(served.life()), figures);
  log.info(`health and metrics: http://${host}:${String(server.port)}/healthz and /metrics`);
  return server;
}

async function look({ database, files, metrics }: Served): Promise<string> {
  const { tenants, problems } = files.now();
  const looked = await lookedAt(tenants);
  const status = await readStatus(database, looked, problems);
  return metrics.render({ status, report: await readReport(database, looked, problems) });
}

/** A worker that is cut off from the database is not well, but comes back by itself. */
function healthOf(life: WorkerLife | null): {
  readonly ok: boolean;
  readonly worker: string | null;
  readonly running: readonly object[];
} {
  const running = (life?.running() ?? []).map(({ tenant, schedule }) => ({ tenant, schedule: schedule.name }));
  return { ok: life !== null, worker: life?.id ?? null, running };
}
