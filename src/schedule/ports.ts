import type { Failure } from "../model/describe-error.js";
import type { Cost, RunHead, RunSummary, Verdict } from "../model/run.js";
import type { Schedule } from "../model/schedule.js";

/** Why a run starts. */
export interface Trigger {
  /** `tick`: on time. `catch-up`: for one or more due times at which nothing could run. */
  readonly kind: "tick" | "catch-up";
  /** ISO 8601 UTC of the (last) due time. */
  readonly due: string;
  /** Earlier due times that this run stands for as well. */
  readonly missed: number;
  /** 1, or more when earlier attempts for this due time were cut off. */
  readonly attempt: number;
}

/** What a scheduled run came to. */
export interface RunResult {
  readonly head: RunHead;
  readonly summary: RunSummary;
  readonly cost: Cost;
  /** What cut it off, or kept its reports from being written; null where nothing did, or it was told to stop. */
  readonly failure: Failure | null;
}

/**
 * Carries out one run: load the config, audit or apply, write reports, notify. Rejects only when there is no run to speak of (bad
 * config, no state). When `signal` aborts it journals what is in hand and resolves soon with the verdict `interrupted`.
 */
export type Execute = (schedule: Schedule, trigger: Trigger, signal: AbortSignal) => Promise<RunResult>;

/** The folder of schedule files, to be asked again and again. Never throws: what cannot be read is a problem of the files. */
export interface ScheduleSource {
  /** Everything as it is now, or null when nothing has changed since the last call. */
  read(): ScheduleFiles | null;
}

/** The folder of schedules as it is now. */
export interface ScheduleFiles {
  readonly schedules: readonly Schedule[];
  /** Files that are no schedules; `schedules` holds their last good version if there was one. */
  readonly problems: readonly { readonly file: string; readonly message: string }[];
}

export type TickState = "waiting" | "running" | "done" | "failed" | "interrupted" | "skipped" | "missed";

/** One due time and what became of it. Times are ISO 8601 UTC. */
export interface Tick {
  readonly schedule: string;
  readonly due: string;
  readonly state: TickState;
  readonly trigger: Trigger["kind"];
  /** For `missed`: how many due times this row stands for; for runs: how many earlier ones they cover. */
  readonly missed: number;
  readonly attempts: number;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly runId: string | null;
  readonly verdict: Verdict | null;
  /** Why it was skipped or failed. */
  readonly reason: string | null;
}

export interface ScheduleState {
  readonly schedule: string;
  /** Due times up to here are settled; milliseconds. */
  readonly settledTo: number;
  readonly lastAttempted: string | null;
  /** Last run with nothing failed or left out. */
  readonly lastSuccessful: string | null;
  readonly lastVerdict: Verdict | null;
  readonly lastRunId: string | null;
}

export interface TickEnd {
  readonly state: "done" | "failed";
  readonly runId: string | null;
  readonly verdict: Verdict | null;
  readonly reason: string | null;
  readonly successful: boolean;
}

/** The memory of the daemon. Every method is one durable transaction. Times are milliseconds since 1970 UTC. */
export interface ScheduleRecords {
  /**
   * Makes this process the one daemon on these records; ticks that a dead one left waiting or running become `interrupted`.
   * @throws PhotodriftError `schedule-running` (refused) while another daemon lives
   */
  acquire(now: number): void;
  /** Tells that this daemon lives, at least every 30 s. False when another daemon has taken over: stop. */
  beat(now: number): boolean;
  release(): void;
  /** Begins or goes on following a schedule; another expression starts afresh at `now`. Returns how far due times are settled. */
  follow(schedule: string, expression: string, now: number): number;
  settle(schedule: string, to: number): void;
  /** The due time of a schedule's last run if that was cut off and may be tried again. */
  cutOff(schedule: string): { readonly due: number; readonly attempts: number } | null;
  /** Takes a due time for a run; false when it is taken already. Settles up to it. */
  claim(schedule: string, due: number, kind: Trigger["kind"], missed: number): { readonly attempt: number } | false;
  missed(schedule: string, due: number, count: number): void;
  skip(schedule: string, due: number, reason: string): void;
  start(schedule: string, due: number, now: number): void;
  finish(schedule: string, due: number, end: TickEnd, now: number): void;
  /** Cut off on request: unlike a crash this does not count as an attempt. */
  interrupt(schedule: string, due: number, reason: string): void;
  state(schedule: string): ScheduleState | null;
  /** Newest first. */
  ticks(schedule: string, limit: number): readonly Tick[];
}

export interface Timers {
  /** Calls once after `ms`; the returned function cancels. */
  after(ms: number, callback: () => void): () => void;
}

/** Where the daemon tells what it does: a sentence, and fields for machines. */
export interface ScheduleLog {
  info(message: string, fields?: { readonly [key: string]: unknown }): void;
  warn(message: string, fields?: { readonly [key: string]: unknown }): void;
  error(message: string, fields?: { readonly [key: string]: unknown }): void;
}
