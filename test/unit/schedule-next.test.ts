import { describe, expect, it, vi } from "vitest";
import { cronProblem, expandCron } from "../../src/schedule/cron.js";
import { nextRuns, recurrence } from "../../src/schedule/next-runs.js";
import { firstInstant, isTimeZone, offsetAt } from "../../src/schedule/time-zone.js";

function times(cron: string, timezone: string, from: string, count: number): string[] {
  return nextRuns({ cron, timezone }, new Date(from), count).map((date) =>
    date.toISOString().replace(/:00\.000Z$/, "Z"),
  );
}

describe("nextRuns", () => {
  it("runs a 02:30 job once on both change days of Berlin", () => {
    // 2026: clocks go 02:00 -> 03:00 on 29 March and 03:00 -> 02:00 on 25 October.
    expect(times("30 2 * * *", "Europe/Berlin", "2026-03-27T12:00Z", 3)).toEqual([
      "2026-03-28T01:30Z",
      "2026-03-29T01:00Z",
      "2026-03-30T00:30Z",
    ]);
    expect(times("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", 2)).toEqual([
      "2026-10-25T00:30Z",
      "2026-10-26T01:30Z",
    ]);
  });

  it("does not run a second time when asked between the two 02:30s", () => {
    for (const from of ["2026-10-25T00:30Z", "2026-10-25T00:59:59.999Z", "2026-10-25T01:15Z", "2026-10-25T01:30Z"]) {
      expect(times("30 2 * * *", "Europe/Berlin", from, 1)).toEqual(["2026-10-26T01:30Z"]);
    }
  });

  it("is right south of the equator, and where clocks move by half an hour", () => {
    // Sydney: 4 October 2026 02:00 -> 03:00, 5 April 03:00 -> 02:00. Lord Howe: 30 minutes.
    expect(times("30 2 * * *", "Australia/Sydney", "2026-10-03T00:00Z", 2)).toEqual([
      "2026-10-03T16:00Z",
      "2026-10-04T15:30Z",
    ]);
    expect(times("30 2 * * *", "Australia/Sydney", "2026-04-04T00:00Z", 2)).toEqual([
      "2026-04-04T15:30Z",
      "2026-04-05T16:30Z",
    ]);
    expect(times("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00Z", 2)).toEqual([
      "2026-10-03T15:30Z",
      "2026-10-04T15:15Z",
    ]);
  });

  it("keeps an hourly or more frequent job in real time over both changes", () => {
    expect(times("0 * * * *", "Europe/Berlin", "2026-03-28T23:30Z", 4)).toEqual([
      "2026-03-29T00:00Z",
      "2026-03-29T01:00Z",
      "2026-03-29T02:00Z",
      "2026-03-29T03:00Z",
    ]);
    const autumn = times("*/30 * * * *", "Europe/Berlin", "2026-10-24T23:30Z", 7);
    expect(autumn).toEqual([
      "2026-10-25T00:00Z",
      "2026-10-25T00:30Z",
      "2026-10-25T01:00Z",
      "2026-10-25T01:30Z",
      "2026-10-25T02:00Z",
      "2026-10-25T02:30Z",
      "2026-10-25T03:00Z",
    ]);
  });

  it("joins several times in the gap into one, and with the time that follows it", () => {
    expect(times("0,20,40 2,3 * * *", "Europe/Berlin", "2026-03-29T00:30Z", 3)).toEqual([
      "2026-03-29T01:00Z",
      "2026-03-29T01:20Z",
      "2026-03-29T01:40Z",
    ]);
  });

  it.each([
    "* * * * *",
    "*/7 * * * *",
    "30 2 * * *",
    "0 */2 * * *",
    "59 23 * * *",
    "0 0 * * 1-5",
    "0 12 1 * *",
    "15 1,2,3 * * 0",
  ])("always moves on and loses no day, in any zone: %s", (cron) => {
    for (const timezone of [
      "Europe/Berlin",
      "America/New_York",
      "Australia/Lord_Howe",
      "Asia/Kolkata",
      "Africa/Casablanca",
      "UTC",
    ]) {
      for (const month of [2, 9]) {
        const { after } = recurrence({ cron, timezone });
        let at = Date.UTC(2026, month, 24, 12, 0, 0, 123);
        for (let i = 0; i < 12; i++) {
          const next = after(at);
          expect(next).toBeGreaterThan(at);
          expect(after(next - 1)).toBe(next);
          at = next;
        }
      }
    }
  });

  it.each(["2026-01-15T00:00Z", "2026-07-15T00:00Z"])(
    "gives the same answer when asked in the season of %s",
    (season) => {
      vi.useFakeTimers({ now: new Date(season) });
      try {
        expect(times("*/30 * * * *", "Europe/Berlin", "2026-10-25T01:00Z", 1)).toEqual(["2026-10-25T01:30Z"]);
        expect(times("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", 1)).toEqual(["2026-10-25T00:30Z"]);
      } finally {
        vi.useRealTimers();
      }
    },
  );

  it("takes seconds, names, words, either-or days and leap days", () => {
    expect(times("*/20 * * * * *", "UTC", "2026-01-01T00:00Z", 3)).toEqual([
      "2026-01-01T00:00:20.000Z",
      "2026-01-01T00:00:40.000Z",
      "2026-01-01T00:01Z",
    ]);
    expect(times("0 6 * JAN MON-FRI", "UTC", "2026-01-02T12:00Z", 1)).toEqual(["2026-01-05T06:00Z"]);
    expect(times("@weekly", "UTC", "2026-11-23T00:00Z", 2)).toEqual(["2026-11-29T00:00Z", "2026-12-06T00:00Z"]);
    expect(times("0 0 13 * 5", "UTC", "2026-11-12T00:00Z", 3)).toEqual([
      "2026-11-13T00:00Z",
      "2026-11-20T00:00Z",
      "2026-11-27T00:00Z",
    ]);
    expect(times("0 0 29 2 *", "UTC", "2026-01-01T00:00Z", 1)).toEqual(["2028-02-29T00:00Z"]);
  });

  it("finds the last due time of an outage without walking through all of it", () => {
    const every = recurrence({ cron: "* * * * * *", timezone: "Europe/Berlin" });
    const from = Date.UTC(2020, 0, 1);
    const to = Date.UTC(2026, 0, 1, 0, 0, 0, 500);
    expect(every.lastIn(from, to)).toBe(to - 500);
    expect(every.countIn(from, to, 1_000)).toBe(1_000);
    const yearly = recurrence({ cron: "@yearly", timezone: "UTC" });
    expect(yearly.lastIn(from, Date.UTC(2025, 11, 31))).toBe(Date.UTC(2025, 0, 1));
    expect(yearly.lastIn(Date.UTC(2025, 0, 1), Date.UTC(2025, 11, 31))).toBeNull();
  });
});

describe("cronProblem", () => {
  it.each([
    "* * * *",
    "60 * * * *",
    "0 0 30 2 *",
    "@dayly",
    "0 2 L * *",
    "a b c d e",
    "5-1 * * * *",
    "*/0 * * * *",
    "1 2 3 4 5 6 7",
  ])("refuses %s", (expression) => expect(cronProblem(expression)).toEqual(expect.any(String)));
  it.each(["@daily", "@Hourly", "0 2 * * *", " 0 2 * * MON-FRI ", "0 0 29 2 *", "*/10 * * * * *", "0 2 * * 7"])(
    "takes %s",
    (expression) => expect(cronProblem(expression)).toBeNull(),
  );
});

describe("expandCron", () => {
  it("lists the values of each field, null for all of them", () => {
    expect(expandCron("*/15 2-4 1,15 jan-mar sun,7")).toEqual({
      second: [0],
      minute: [0, 15, 30, 45],
      hour: [2, 3, 4],
      dayOfMonth: [1, 15],
      month: [1, 2, 3],
      dayOfWeek: [0],
    });
    expect(expandCron("0-58 * * * *").minute).toHaveLength(59);
    expect(expandCron("5/20 * * * 1-7").minute).toEqual([5, 25, 45]);
    expect(expandCron("@hourly").hour).toBeNull();
    expect(expandCron("0 0 * * 0-7").dayOfWeek).toBeNull();
  });
});

describe("time zones", () => {
  it("knows zones by name only", () => {
    expect(["Europe/Berlin", "UTC", "europe/berlin"].map(isTimeZone)).toEqual([true, true, true]);
    expect(["+02:00", "Berlin", "", "Mars/Base"].map(isTimeZone)).toEqual([false, false, false, false]);
  });

  it.each([
    ["0 0 29 2 *", 9],
    ["@yearly", 20],
    ["@daily", 3_000],
  ])("%s: the list ends where a time lies more than eight years ahead", (cron, count) => {
    const now = new Date();
    const runs = nextRuns({ cron, timezone: "Europe/Berlin" }, now, count);
    expect(runs.length).toBeGreaterThan(0);
    expect(runs.length).toBeLessThan(count);
    expect(runs.at(-1)?.getUTCFullYear()).toBeLessThanOrEqual(now.getUTCFullYear() + 8);
  });

  it("survives a day that never was", () => {
    // Samoa left out 30 December 2011.
    expect(offsetAt("Pacific/Apia", Date.UTC(2011, 11, 31, 12))).toBe(14 * 3_600_000);
    expect(new Date(firstInstant("Pacific/Apia", Date.UTC(2011, 11, 30, 12))).toISOString()).toBe(
      "2011-12-30T10:00:00.000Z",
    );
  });
});
