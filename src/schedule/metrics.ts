import type { RunResult, ScheduleState } from "./ports.js";
import type { Schedule } from "../model/schedule.js";
import type { LaneEvents } from "./lanes.js";

export interface HealthView {
  readonly ok: boolean;
  readonly invalidFiles: number;
  readonly running: readonly string[];
  readonly schedules: readonly {
    readonly name: string;
    readonly idle: boolean;
    readonly next: string | null;
    readonly state: ScheduleState | null;
  }[];
}

type Labels = { readonly [label: string]: string };
interface Metric {
  readonly type: "counter" | "gauge";
  readonly text: string;
  readonly values: Map<string, number>;
}

export interface Metrics extends LaneEvents {
  missed(schedule: Schedule, count: number): void;
  /** Prometheus text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats). */
  render(view: HealthView): string;
}

/** Counters since the start of the daemon, and the last drift of each schedule. */
export function makeMetrics(): Metrics {
  const metrics = new Map<string, Metric>();

  function metric(name: string, type: Metric["type"], text: string): Metric {
    const known = metrics.get(name) ?? { type, text, values: new Map<string, number>() };
    metrics.set(name, known);
    return known;
  }
  function add(name: string, text: string, labels: Labels, by: number): void {
    const { values } = metric(name, "counter", text);
    const key = series(labels);
    values.set(key, (values.get(key) ?? 0) + by);
  }
  function set(name: string, text: string, labels: Labels, to: number): void {
    metric(name, "gauge", text).values.set(series(labels), to);
  }
  function countRun(schedule: Schedule, tenant: string, verdict: string): void {
    const labels = { schedule: schedule.name, tenant, verdict };
    add("photodrift_runs_total", "Runs by verdict.", labels, 1);
  }

  function finished(schedule: Schedule, tenant: string, result: RunResult, seconds: number): void {
    const labels = { schedule: schedule.name, tenant };
    const { cost, summary } = result;
    const { verdict, complete } = result.head;
    countRun(schedule, tenant, complete && result.failure !== null ? "failed" : verdict);
    add("photodrift_run_duration_seconds_sum", "Seconds spent in runs.", labels, seconds);
    add("photodrift_run_duration_seconds_count", "Runs that were timed.", labels, 1);
    for (const [service, count] of Object.entries(cost.requests)) {
      add("photodrift_requests_total", "Requests by service.", { tenant, service }, count);
    }
    add("photodrift_throttled_total", "Answers that asked to wait.", { tenant }, cost.throttled);
    add("photodrift_throttled_wait_seconds_total", "Seconds waited on request.", { tenant }, cost.waitedSeconds);
    add("photodrift_received_bytes_total", "Bytes received.", { tenant }, cost.bytesIn);
    add("photodrift_sent_bytes_total", "Bytes sent.", { tenant }, cost.bytesOut);
    if (!complete) return;
    setFindings(labels, summary.byRule);
    set("photodrift_users_with_drift", "Users with drift in the last complete run.", labels, summary.usersWithDrift);
    set("photodrift_users_in_scope", "Users in scope of the last complete run.", labels, summary.usersInScope);
    for (const age of ["new", "persisting", "resolved"] as const) {
      set(
        "photodrift_findings_by_age",
        "New, persisting and resolved in the last run.",
        { ...labels, age },
        summary[age],
      );
    }
  }

  /** A rule that finds nothing any more stays with 0: a series that vanishes would look like a failure. */
  function setFindings(labels: Labels, byRule: { readonly [rule: string]: number }): void {
    const text = "Findings of the last complete run, by rule.";
    const { values } = metric("photodrift_findings", "gauge", text);
    const own = series(labels).slice(0, -1);
    for (const key of values.keys()) if (key.startsWith(`${own},`)) values.set(key, 0);
    for (const [rule, count] of Object.entries(byRule)) set("photodrift_findings", text, { ...labels, rule }, count);
  }

  function render(view: HealthView): string {
    set("photodrift_schedule_files_invalid", "Schedule files with problems.", {}, view.invalidFiles);
    for (const name of [
      "next_timestamp_seconds",
      "last_attempted_timestamp_seconds",
      "last_successful_timestamp_seconds",
      "running",
    ])
      metrics.delete(`photodrift_schedule_${name}`);
    for (const { name, next, state } of view.schedules) {
      const labels = { schedule: name };
      const text = "Seconds since 1970.";
      set("photodrift_schedule_running", "1 while a run is under way.", labels, view.running.includes(name) ? 1 : 0);
      if (next) set("photodrift_schedule_next_timestamp_seconds", text, labels, Date.parse(next) / 1_000);
      if (state?.lastAttempted)
        set(
          "photodrift_schedule_last_attempted_timestamp_seconds",
          text,
          labels,
          Date.parse(state.lastAttempted) / 1_000,
        );
      if (state?.lastSuccessful)
        set(
          "photodrift_schedule_last_successful_timestamp_seconds",
          text,
          labels,
          Date.parse(state.lastSuccessful) / 1_000,
        );
    }
    return [...metrics]
      .map(([name, { type, text, values }]) => {
        const lines = [...values].map(([labels, value]) => `${name}${labels} ${value}`);
        return [`# HELP ${name} ${text}`, `# TYPE ${name} ${type}`, ...lines, ""].join("\n");
      })
      .join("");
  }

  return {
    finished,
    failed: (schedule, tenant) => countRun(schedule, tenant, "failed"),
    skipped: (schedule, tenant) =>
      add(
        "photodrift_ticks_skipped_total",
        "Due times skipped, for a run was under way.",
        { schedule: schedule.name, tenant },
        1,
      ),
    missed: (schedule, count) =>
      add("photodrift_ticks_missed_total", "Due times at which nothing ran.", { schedule: schedule.name }, count),
    render,
  };
}

function series(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
