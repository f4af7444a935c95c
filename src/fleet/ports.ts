import type pg from "pg";
import type { Failure } from "../model/describe-error.js";
import type { Cost, RunHead, RunSummary } from "../model/run.js";
import type { Schedule } from "../model/schedule.js";

/** What the engine needs of the fleet's database. */
export interface EngineDatabase {
  readonly pool: pg.Pool;
  /** Brings the tables up to date, the engine's own apart. */
  migrate(): Promise<void>;
  /**
   * A connection of its own that PostgreSQL drops, with its locks, when this process died, was stopped or is cut off; times in milliseconds.
   * What is written there is safe after `commit`.
   */
  session(
    name: string,
    times: { readonly beat: number; readonly patience: number; readonly silence: number },
  ): Promise<{
    readonly client: Pick<pg.Client, "query">;
    readonly lost: AbortSignal;
    commit(): Promise<void>;
    end(): Promise<void>;
  }>;
}

/** When a schedule is due for one tenant; made by schedule/, which knows time zones, words and jitter. Instants: milliseconds since 1970 UTC. */
export interface Timetable {
  /** Never due: suspended. */
  readonly idle: boolean;
  /** What a due time is put off by. */
  readonly delayMs: number;
  /** Equal where two versions of a schedule mean the same times. */
  readonly expression: string;
  /** The first due time after an instant. */
  readonly after: (instant: number) => number;
  /** The last due time in (from, to], or null. */
  readonly lastIn: (from: number, to: number) => number | null;
  /** Due times in (from, to], counted up to `most`. */
  readonly countIn: (from: number, to: number, most: number) => number;
}

/** One schedule of one tenant. */
export interface FleetEntry {
  /** Tenant id, lower case. */
  readonly tenant: string;
  readonly schedule: Schedule;
  readonly timetable: Timetable;
}

/** Why a run starts. */
export interface FleetTrigger {
  /** `tick`: on time. `catch-up`: for one or more due times at which nothing could run. */
  readonly kind: "tick" | "catch-up";
  /** ISO 8601 UTC of the (last) due time. */
  readonly due: string;
  /** Earlier due times that this run stands for as well. */
  readonly missed: number;
  /** 1, or more when earlier attempts for this due time failed or were cut off. */
  readonly attempt: number;
}

export interface FleetRunResult {
  readonly head: RunHead;
  readonly summary: RunSummary;
  readonly cost: Cost;
  /** What cut it off; null where nothing did, or it was told to stop. */
  readonly failure: Failure | null;
}

export interface FleetRun {
  readonly entry: FleetEntry;
  readonly trigger: FleetTrigger;
  /** Aborts when the run has to end: it journals what is in hand and resolves with the verdict `interrupted`. */
  readonly signal: AbortSignal;
  /** To be told when a service asks for a pause, in seconds. */
  readonly paused: (host: string, seconds: number) => void;
  /** Whether people are to be notified of a run that ended like this. */
  readonly isTold: (result: Pick<FleetRunResult, "head" | "failure">) => boolean;
}

/** Carries out one run; rejects only where there is no run to speak of (bad configuration, no state, another holder). */
export type FleetExecute = (run: FleetRun) => Promise<FleetRunResult>;

export interface FleetLog {
  info(message: string, fields?: { readonly [key: string]: unknown }): void;
  warn(message: string, fields?: { readonly [key: string]: unknown }): void;
  error(message: string, fields?: { readonly [key: string]: unknown }): void;
}

export type DueState = "waiting" | "running" | "done" | "failed" | "skipped" | "missed";

/** Told of what a worker does; for metrics. */
export interface FleetEvents {
  finished(entry: FleetEntry, result: FleetRunResult, seconds: number): void;
  failed(entry: FleetEntry): void;
  putBack(entry: FleetEntry, reason: string): void;
}
