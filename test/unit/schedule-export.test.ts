import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { Schedule } from "../../src/model/schedule.js";
import { EXPORT_FORMATS, exportSchedule, exportSchedules, type ExportFormat } from "../../src/schedule/export/index.js";
import { nextRuns } from "../../src/schedule/next-runs.js";
import { applyingSchedule, EXPORT_PLACES as PLACES } from "../support/made-schedule.js";

/** Programs of the machine that check the files where they are installed. */
const ANALYZE = "systemd-analyze";
const XMLLINT = "xmllint";

function schedule(more: Partial<Schedule> = {}): Schedule {
  return applyingSchedule({ timezone: "Europe/Berlin", users: ['50% "x" $HOME\\'], onlyOn: ["host1"], ...more });
}

function only(format: ExportFormat, more: Partial<Schedule> = {}, file = 0): string {
  return exportSchedule(schedule(more), format, PLACES)[file]?.content ?? "";
}

describe("systemd", () => {
  it("writes a service and a timer", () => {
    const [service, timer] = exportSchedule(schedule(), "systemd", PLACES);
    expect([service?.name, timer?.name]).toEqual([
      "photodrift-nightly-audit.service",
      "photodrift-nightly-audit.timer",
    ]);
    expect(service?.content).toContain(
      'ExecStart=/usr/bin/photodrift apply --yes --config "/etc/photo drift/it\'s.yaml" --store sharepoint --rule missing-thumbnail --user "50%% \\"x\\" $$HOME\\\\" --full --format html --output "/var/lib/photodrift/Nightly Audit.html"\n',
    );
    expect(service?.content).toContain("SuccessExitStatus=2\n");
    expect(service?.content).toMatch(/^\[Service\]\n(?:.+\n)*Environment=MALLOC_ARENA_MAX=2$/m);
    expect(service?.content).toContain("ConditionHost=|host1\n");
    expect(timer?.content).toContain("OnCalendar=Mon,Tue,Wed,Thu,Fri *-*-* 02:30:00 Europe/Berlin\n");
    expect(timer?.content).toMatch(/RandomizedDelaySec=900\n.*\nPersistent=true/s);
  });

  it("keeps cron's either-or of the two day fields, and switches a suspended one off", () => {
    const timer = only("systemd", { cron: "0 6 13 * FRI", suspend: true }, 1);
    expect(timer.match(/OnCalendar=.*/g)).toEqual([
      "OnCalendar=*-*-13 06:00:00 Europe/Berlin",
      "OnCalendar=Fri *-*-* 06:00:00 Europe/Berlin",
    ]);
    expect(timer).not.toContain("[Install]");
  });

  const analyze = spawnSync(ANALYZE, ["--version"]).status === 0;
  it.runIf(analyze).each(["30 2 * * *", "*/15 8-18 1,15 */2 *", "0 0 5 * SUN", "*/20 * * * * *", "@weekdays"])(
    "means the same to systemd: %s",
    (cron) => {
      const calendars = [...only("systemd", { cron, timezone: "UTC" }, 1).matchAll(/OnCalendar=(.*)/g)].map(
        ([, line]) => line ?? "",
      );
      const shown = spawnSync(
        ANALYZE,
        ["calendar", "--base-time=2026-11-23 00:00:00 UTC", "--iterations=6", ...calendars],
        {
          encoding: "utf8",
          env: { ...process.env, TZ: "UTC", LC_ALL: "C" },
        },
      );
      expect(shown.status).toBe(0);
      const elapses = [
        ...shown.stdout.matchAll(
          /(?:Next elapse|Iter(?:ation)?\.? #?\d+): \w+ (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/g,
        ),
      ];
      const theirs = [...new Set(elapses.map(([, day, clock]) => `${day}T${clock}.000Z`))].sort().slice(0, 5);
      const ours = nextRuns({ cron, timezone: "UTC" }, new Date("2026-11-23T00:00:00Z"), 5).map((date) =>
        date.toISOString(),
      );
      expect(theirs).toEqual(ours);
    },
  );
});

describe("cron", () => {
  it("writes lists instead of steps, quotes for the shell, and hides percent signs", () => {
    const text = only("cron", { cron: "*/20 2 * * MON-FRI" });
    expect(text).toContain("CRON_TZ=Europe/Berlin\nMALLOC_ARENA_MAX=2\n");
    expect(text).toContain(
      "\n0,20,40 2 * * 1,2,3,4,5 /usr/bin/photodrift apply --yes --config '/etc/photo drift/it'\\''s.yaml' ",
    );
    expect(text).toContain(`--user '50\\% "x" $HOME\\' --full`);
    expect(only("cron", { suspend: true })).toMatch(/^# 30 2 /m);
  });

  it("says that it cannot count seconds", () => {
    for (const format of ["cron", "kubernetes", "task-scheduler"] as const) {
      expect(() => only(format, { cron: "*/10 * * * * *" })).toThrow(
        expect.objectContaining({ code: "schedule-export" }) as Error,
      );
    }
  });
});

describe("task-scheduler", () => {
  it("writes a task in the order of the schema, in plain ASCII", () => {
    const xml = only("task-scheduler", { name: "Nächtlich <1>", timezone: "UTC" });
    expect(xml).toContain(
      "<CalendarTrigger><StartBoundary>2026-11-23T02:30:00Z</StartBoundary><Enabled>true</Enabled><RandomDelay>PT900S</RandomDelay><ScheduleByWeek><WeeksInterval>1</WeeksInterval><DaysOfWeek><Monday /><Tuesday /><Wednesday /><Thursday /><Friday /></DaysOfWeek></ScheduleByWeek></CalendarTrigger>",
    );
    expect(xml).toContain("photodrift schedule N&#228;chtlich &#60;1&#62;:");
    expect(xml).toContain("<MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>");
    expect(xml).toContain("&#34;50% \\&#34;x\\&#34; $HOME\\\\&#34;");
    // eslint-disable-next-line no-control-regex
    expect(xml).toMatch(/^[\x00-\x7f]*$/);
    expect(spawnSync(XMLLINT, ["--noout", "-"], { input: xml }).status ?? 0).toBe(0);
  });

  it("repeats even times in one trigger, and refuses what needs too many", () => {
    expect(only("task-scheduler", { cron: "10 * * * *" })).toContain(
      "<Repetition><Interval>PT60M</Interval><Duration>P1D</Duration></Repetition><StartBoundary>2026-11-23T00:10:00</StartBoundary>",
    );
    expect(only("task-scheduler", { cron: "0 8,17 * * *" }).match(/<CalendarTrigger>/g)).toHaveLength(2);
    expect(only("task-scheduler", { cron: "0 3 1 JAN,JUL SUN" }).match(/<ScheduleBy\w+>/g)).toEqual([
      "<ScheduleByMonth>",
      "<ScheduleByMonthDayOfWeek>",
    ]);
    expect(() => only("task-scheduler", { cron: "*/7 8-18 * * *" })).toThrow(/triggers/);
  });
});

describe.each(EXPORT_FORMATS)("%s: every schedule, whatever it is called", (format) => {
  const files = (...names: readonly string[]) =>
    exportSchedules(
      names.map((name) => schedule({ name, timezone: "UTC" })),
      format,
      () => PLACES,
      new Map(),
    ).map(({ name }) => name);

  it.each([
    ["of another script", ["Ночной", "Неделя", "夜間", "毎週"]],
    ["that differ in letters with other marks alone", ["groß", "gro", "große-2"]],
    [
      "that are longer than the scheduler takes",
      [
        "nightly-audit-of-everybody-in-the-tenant-of-contoso-germany",
        "nightly-audit-of-everybody-in-the-tenant-of-contoso-france",
      ],
    ],
  ])("names %s are files of their own", (_what, names) => {
    const alone = files(names[0] ?? "");
    expect(new Set(files(...names)).size).toBe(alone.length * names.length);
    expect(files(...names)).toEqual(expect.arrayContaining(alone));
  });

  it("refuses two that would be one file, instead of losing the first", () => {
    expect(() => files("Nightly", "nightly")).toThrow(
      expect.objectContaining({ code: "schedule-export", errorClass: "usage" }) as Error,
    );
  });

  it("letters with marks lose these, not the name", () => {
    expect(files("nächtlich")[0]).toMatch(/^photodrift-nachtlich\./);
  });
});

describe.each(EXPORT_FORMATS)("%s: what it cannot take over is told", (format) => {
  const content = (more: Partial<Schedule>, config = "") =>
    exportSchedules(
      [schedule({ timezone: "UTC", ...more })],
      format,
      () => PLACES,
      new Map([[schedule().config, config]]),
    )
      .map((file) => file.content)
      .join("\n");

  it("a delay is carried out, or told to be none", () => {
    expect(content({ jitterMs: 900_000 })).toMatch(/RandomizedDelaySec=900|PT900S|knows no jitter/);
  });

  it("variables that the configuration takes from the environment are named", () => {
    expect(content({}, "credential: {clientSecret: '${CONTOSO_SECRET}'}")).toContain("CONTOSO_SECRET");
  });
});

it("the task names no security context that it does not define (ContextKeyRef of the schema)", () => {
  expect(only("task-scheduler")).not.toMatch(/Context=/);
});

it.each(["UTC", "Etc/UTC", "GMT"])("%s is UTC to every scheduler that counts in UTC", (timezone) => {
  expect(only("task-scheduler", { timezone })).toContain("T02:30:00Z</StartBoundary>");
  expect(only("container-apps", { timezone })).toContain("30 2 * * 1,2,3,4,5");
});
