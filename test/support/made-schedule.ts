import type { Schedule } from "../../src/model/schedule.js";

/** A schedule that audits everything every hour in UTC, with whatever is given instead. */
export function madeSchedule(name: string, parts: Partial<Schedule> = {}): Schedule {
  return {
    name,
    file: `/s/${name}.yaml`,
    config: "/s/a.yaml",
    cron: "0 * * * *",
    timezone: "UTC",
    mode: "audit",
    stores: [],
    rules: [],
    users: [],
    groups: [],
    full: false,
    suspend: false,
    jitterMs: 0,
    formats: [],
    notify: null,
    onlyOn: [],
    ...parts,
  };
}

/** A schedule that uses most of what a schedule can say: two words in its name, a filter of each kind, jitter. */
export function applyingSchedule(parts: Partial<Schedule> = {}): Schedule {
  return madeSchedule("Nightly Audit", {
    file: "/s/a.yaml",
    config: "/etc/photo drift/it's.yaml",
    cron: "30 2 * * MON-FRI",
    mode: "apply",
    stores: ["sharepoint"],
    rules: ["missing-thumbnail"],
    full: true,
    jitterMs: 900_000,
    formats: ["html"],
    ...parts,
  });
}

/** Where an exported schedule finds program, reports and image, on a machine with systemd. */
export const EXPORT_PLACES = {
  program: ["/usr/bin/photodrift"],
  reports: "/var/lib/photodrift",
  image: "photodrift:0.1.0",
  startDay: "2026-11-23",
};
