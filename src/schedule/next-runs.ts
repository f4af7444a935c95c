import { CronTime } from "cron";
import type { Schedule } from "../model/schedule.js";
import { expandCron, isTooFar } from "./cron.js";
import { firstInstant, offsetAt, transition, wallAt } from "./time-zone.js";

/**
 * When an expression comes true. CronTime finds the clock times (in UTC, where every day has 24 hours); the zone's clock is laid on
 * top here, because CronTime's own answer for a doubled hour depends on the season in which it is asked.
 *
 * A schedule that names its hours runs once for each clock time: of two 02:30s the first, and a 02:30 that the clocks skip at the
 * end of the gap. A schedule for every hour follows real time: it runs in both of the doubled hours and not in the skipped one.
 */
export interface Recurrence {
  /** The first due time after an instant; milliseconds since 1970 UTC. */
  readonly after: (instant: number) => number;
  /** The last due time in (from, to], or null. */
  readonly lastIn: (from: number, to: number) => number | null;
  /** Due times in (from, to], counted up to `most`. */
  readonly countIn: (from: number, to: number, most: number) => number;
}

const MINUTE_MS = 60_000;
const LOOK_BACK_MS = [MINUTE_MS, 60 * MINUTE_MS, 1_440 * MINUTE_MS, 32 * 1_440 * MINUTE_MS, 366 * 1_440 * MINUTE_MS];

/** Thousands of tenants of a fleet follow one expression: what was found out for one serves all. */
const recurrences = new Map<string, Recurrence>();
const MOST_KEPT = 1_000;

export function recurrence(schedule: Pick<Schedule, "cron" | "timezone">): Recurrence {
  const key = expressionOf(schedule);
  const known = recurrences.get(key);
  if (known !== undefined) return known;
  if (recurrences.size >= MOST_KEPT) recurrences.clear();
  const made = makeRecurrence(schedule);
  recurrences.set(key, made);
  return made;
}

/** Marks when two versions of a schedule mean the same times. */
export function expressionOf({ cron, timezone }: Pick<Schedule, "cron" | "timezone">): string {
  return `${cron.trim().toLowerCase()} ${timezone}`;
}

function makeRecurrence(schedule: Pick<Schedule, "cron" | "timezone">): Recurrence {
  const time = new CronTime(schedule.cron.trim(), "UTC");
  const zone = schedule.timezone;
  const everyHour = expandCron(schedule.cron).hour === null;
  // CronTime walks field by field through a date library; the loop asks for the same stretch of time again and again.
  const known: { readonly from: number; readonly next: number }[] = [];
  function nextClockTime(wall: number): number {
    const stretch = known.find(({ from, next }) => from <= wall && wall < next);
    if (stretch) return stretch.next;
    const next = time.getNextDateFrom(new Date(wall), "UTC").toMillis();
    known.unshift({ from: wall, next });
    known.splice(32);
    return next;
  }

  function inRealTime(instant: number): number {
    let from = instant;
    for (;;) {
      const offset = offsetAt(zone, from);
      const due = nextClockTime(from + offset) - offset;
      if (offsetAt(zone, due) === offset) return due;
      const change = transition(zone, from, due);
      const afterChange = nextClockTime(wallAt(zone, change) - 1_000) - offsetAt(zone, change);
      if (offsetAt(zone, afterChange) === offsetAt(zone, change)) return afterChange;
      from = change;
    }
  }

  function byTheClock(instant: number): number {
    let wall = wallAt(zone, instant);
    for (;;) {
      wall = nextClockTime(wall);
      const due = firstInstant(zone, wall);
      if (due > instant) return due;
    }
  }

  const after = everyHour ? inRealTime : byTheClock;

  function lastIn(from: number, to: number): number | null {
    for (const span of [...LOOK_BACK_MS, Infinity]) {
      let last: number | null = null;
      const start = Math.max(from, to - span);
      for (let due = after(start); due <= to; due = after(due)) last = due;
      if (last !== null || start === from) return last;
    }
    return null;
  }

  function countIn(from: number, to: number, most: number): number {
    let count = 0;
    for (let due = after(from); due <= to && count < most; due = after(due)) count++;
    return count;
  }

  return { after, lastIn, countIn };
}

/**
 * The next `count` due times after `from`, without jitter; a suspended schedule has the times it would have. Fewer where the others are more
 * than eight years ahead.
 */
export function nextRuns(schedule: Pick<Schedule, "cron" | "timezone">, from: Date, count: number): readonly Date[] {
  const { after } = recurrence(schedule);
  const runs: Date[] = [];
  try {
    for (let at = from.getTime(); runs.length < count; runs.push(new Date(at))) at = after(at);
  } catch (error) {
    if (!isTooFar(error)) throw error;
  }
  return runs;
}
