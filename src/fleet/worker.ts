import { setTimeout as sleep } from "node:timers/promises";
import { Logger, run, runMigrations, type Runner, type RunnerOptions, type TaskList } from "graphile-worker";
import { describeError } from "../model/describe-error.js";
import type { Stop } from "./after-run.js";
import { settleDue } from "./due.js";
import { heal } from "./follow.js";
import { followedFiles, type FleetEntries, type FollowedFiles } from "./followed-files.js";
import { addDueJob, ENGINE_SCHEMA, duePayload, keyOf, TASKS } from "./jobs.js";
import {
  freeDeadWorkers,
  LIVENESS_TIMES,
  registerWorker,
  tidy,
  type Liveness,
  type LivenessTimes,
  type WorkerIdentity,
} from "./liveness.js";
import { makeNotMine, type NotMine } from "./not-mine.js";
import type { EngineDatabase, FleetEntry, FleetEvents, FleetExecute, FleetLog } from "./ports.js";
import { makeRunTask, type RunTask } from "./run-task.js";
import { either, everySoOften, within } from "./waiting.js";

export interface FleetWorkerOptions {
  readonly database: EngineDatabase;
  readonly identity: WorkerIdentity;
  readonly entries: FleetEntries;
  readonly execute: FleetExecute;
  readonly log: FleetLog;
  readonly events: FleetEvents;
  /** Aborts on SIGTERM and SIGINT. */
  readonly signal: AbortSignal;
  /** Told of each life of this worker, and of its end. */
  readonly onLife?: (life: WorkerLife | null) => void;
  readonly times?: Partial<WorkerTimes>;
}

/** Milliseconds but where named otherwise. */
export interface WorkerTimes extends LivenessTimes {
  /** How often files are looked at. */
  readonly files: number;
  /** How often an idle slot looks for jobs; a job that is added wakes it at once. */
  readonly poll: number;
  /** After the signal: how long runs may go on before they are told to end, and how long they then have. */
  readonly finish: number;
  readonly abort: number;
  readonly longestRun: number;
  /** How long a run is put off that may be what kills workers. */
  readonly afterDeaths: number;
  /** Seconds. */
  readonly longestPause: number;
}

const TIMES: WorkerTimes = {
  ...LIVENESS_TIMES,
  files: 15_000,
  poll: 1_000,
  finish: 10_000,
  abort: 10_000,
  longestRun: 24 * 3_600_000,
  afterDeaths: 60_000,
  longestPause: 60,
};

/** A worker as its sign of life tells it. */
export interface WorkerLife {
  readonly id: string;
  readonly running: () => readonly FleetEntry[];
}

/** How long to wait before a worker that was cut off tries to come back. */
const RETURN_MS = 5_000;

/**
 * Works until the signal aborts: follows the schedules, settles due times, carries out runs, frees what dead workers held. Cut off from the
 * database it ends what it does at once, and comes back under a new name.
 * @throws what the database says where it cannot be reached at the start
 */
export async function runFleetWorker(options: FleetWorkerOptions): Promise<void> {
  const { database, log, signal } = options;
  const times = { ...TIMES, ...options.times };
  await prepareEngine(database);
  // What was read stays known from one life to the next: the source tells what changed only once.
  const files = followedFiles(database, options.entries);
  for (let first = true; !signal.aborted; first = false) {
    try {
      const end = await live(options, times, files);
      options.onLife?.(null);
      if (end === "stopped") return;
      log.warn("this worker was cut off from the database; it ends its runs and comes back under a new name");
    } catch (error) {
      options.onLife?.(null);
      if (first) throw error;
      log.error(`the database cannot be used: ${describeError(error)}`);
      await sleep(RETURN_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Brings the engine's and the fleet's tables up to date. Safe to call from many workers at once. */
export async function prepareEngine(database: Pick<EngineDatabase, "pool" | "migrate">): Promise<void> {
  await database.migrate();
  await runMigrations({ pgPool: database.pool, schema: ENGINE_SCHEMA, logger: silent() });
}

async function live(
  options: FleetWorkerOptions,
  times: WorkerTimes,
  files: FollowedFiles,
): Promise<"stopped" | "lost"> {
  const { database, log, signal } = options;
  const { entries } = files;
  const notMine = makeNotMine(entries, Date.now);
  const runs = makeRunTask({
    ...options,
    notMine,
    now: Date.now,
    entryOf: (tenant, schedule) => entries.get(keyOf(tenant, schedule)) ?? null,
    longestPause: times.longestPause,
    longestRunMs: times.longestRun,
    pauseAfterDeaths: times.afterDeaths,
  });
  const liveness = await registerWorker(database, options.identity, times);
  try {
    await files.read(true);
    const engines = await startEngines(options, times, { liveness, runs, entries, notMine });
    const stopTimers = everySoOften(log, [
      [times.files, () => files.read(false)],
      [60_000, () => heal(database, [...entries.values()])],
      [times.sweep, () => sweep(database, log)],
      [3_600_000, () => tidy(database)],
    ]);
    options.onLife?.({ id: liveness.id, running: runs.running });
    log.info(`worker ${liveness.id} is at work`, { entries: entries.size });
    await sweep(database, log).catch((error: unknown) => log.error(describeError(error)));
    await either(signal, liveness.lost);
    stopTimers();
    await endEngines(engines, runs, liveness.lost.aborted ? null : times);
    return liveness.lost.aborted ? "lost" : "stopped";
  } finally {
    await liveness.end();
  }
}

async function sweep(database: EngineDatabase, log: FleetLog): Promise<void> {
  const freed = await freeDeadWorkers(database);
  if (freed.length > 0) log.warn(`freed what dead workers held: ${freed.join(", ")}`);
}

interface Life {
  readonly liveness: Liveness;
  readonly runs: RunTask;
  readonly entries: ReadonlyMap<string, FleetEntry>;
  readonly notMine: NotMine;
}

/** Two engines: due times must not wait for a place among runs that take hours. */
async function startEngines(options: FleetWorkerOptions, times: WorkerTimes, life: Life): Promise<readonly Runner[]> {
  const { runs } = life;
  const common = engineOptions(options.database, times, life);
  const due: TaskList = { [TASKS.due]: (payload) => whenDue(options, life, payload) };
  const carry: TaskList = { [TASKS.run]: (payload, helpers) => runs.task(life.liveness.id, payload, helpers) };
  return Promise.all([
    run({ ...common, concurrency: 1, taskList: due }),
    run({ ...common, concurrency: options.identity.concurrency, taskList: carry }),
  ]);
}

async function whenDue(
  { database, log }: FleetWorkerOptions,
  { entries, notMine }: Life,
  payload: unknown,
): Promise<void> {
  const { tenant, schedule } = duePayload.parse(payload);
  const entry = entries.get(keyOf(tenant, schedule));
  if (entry === undefined) {
    // Another worker's files may have it; the entry is forgotten when none had it for a day.
    notMine.met(tenant, schedule);
    await addDueJob(database.pool, { tenant, schedule: { name: schedule } }, Date.now());
    return;
  }
  const settled = await settleDue(database, entry, Date.now());
  if (settled === "skipped") log.warn(`${schedule} of ${tenant}: skipped, the run before it has not ended yet`);
}

function engineOptions({ pool }: EngineDatabase, times: WorkerTimes, { liveness, notMine }: Life): RunnerOptions {
  return {
    forbiddenFlags: () => notMine.flags(),
    pgPool: pool,
    schema: ENGINE_SCHEMA,
    pollInterval: times.poll,
    noHandleSignals: true,
    logger: silent(),
    preset: {
      plugins: [
        {
          name: "photodrift-slots",
          version: "1.0.0",
          worker: { hooks: { startWorker: async (_context, { worker }) => liveness.addSlot(worker.workerId) } },
        },
      ],
    },
  };
}

/** @param times null where the worker is lost: nothing is waited for that could still write */
async function endEngines(engines: readonly Runner[], runs: RunTask, times: WorkerTimes | null): Promise<void> {
  const ended = Promise.allSettled(engines.map((engine) => engine.stop())).then(() => undefined);
  const stop: Stop = { kind: times === null ? "lost" : "shutdown" };
  if (times !== null) await within(times.finish, ended);
  runs.stop(stop);
  await within(times?.abort ?? 60_000, ended);
}

/** What is worth telling this program tells itself. */
function silent(): Logger {
  return new Logger(() => () => undefined);
}
