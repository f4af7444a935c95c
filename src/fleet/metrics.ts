import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { FleetReport, FleetStatus } from "../model/fleet-report.js";
import type { FleetEvents } from "./ports.js";

export interface FleetMetrics extends FleetEvents {
  /** Prometheus text format. What concerns tenants is read from the database, the same on every worker: take `max by (tenant)`. */
  render(look: { readonly status: FleetStatus; readonly report: FleetReport }): Promise<string>;
}

/** Counters of this process, and gauges of the fleet. */
export function makeFleetMetrics(): FleetMetrics {
  const registry = new Registry();
  const registers = [registry];
  const runs = new Counter({
    name: "photodrift_runs_total",
    help: "Runs of this worker by verdict.",
    labelNames: ["tenant", "schedule", "verdict"],
    registers,
  });
  const putBack = new Counter({
    name: "photodrift_runs_put_back_total",
    help: "Runs whose place this worker gave back: throttled, held elsewhere, to be tried again.",
    labelNames: ["tenant", "schedule"],
    registers,
  });
  const seconds = new Histogram({
    name: "photodrift_run_duration_seconds",
    help: "Duration of this worker's runs.",
    labelNames: ["schedule"],
    buckets: [1, 5, 15, 60, 300, 900, 3_600, 14_400],
    registers,
  });
  const throttled = new Counter({
    name: "photodrift_throttled_wait_seconds_total",
    help: "Seconds that runs of this worker waited because a service asked them to.",
    labelNames: ["tenant"],
    registers,
  });
  const gauges = makeGauges(registers);
  return {
    finished({ tenant, schedule }, { head, cost }, took) {
      runs.inc({ tenant, schedule: schedule.name, verdict: head.verdict });
      seconds.observe({ schedule: schedule.name }, took);
      throttled.inc({ tenant }, cost.waitedSeconds);
    },
    failed: ({ tenant, schedule }) => runs.inc({ tenant, schedule: schedule.name, verdict: "failed" }),
    putBack: ({ tenant, schedule }) => putBack.inc({ tenant, schedule: schedule.name }),
    async render({ status, report }) {
      gauges(status, report);
      return registry.metrics();
    },
  };
}

function makeGauges(registers: Registry[]): (status: FleetStatus, report: FleetReport) => void {
  const gauge = (name: string, help: string, labelNames: string[] = ["tenant", "name"]): Gauge =>
    new Gauge({ name: `photodrift_${name}`, help, labelNames, registers });
  const workers = gauge("workers", "Workers alive in the fleet.", []);
  const lastRun = gauge("last_run_timestamp_seconds", "End of the tenant's last run, seconds since 1970.");
  const verdict = gauge("last_run_verdict", "1 for the verdict of the tenant's last run.", [
    "tenant",
    "name",
    "verdict",
  ]);
  const took = gauge("last_run_duration_seconds", "Duration of the tenant's last run.");
  const next = gauge("next_run_timestamp_seconds", "The tenant's next due time, seconds since 1970.");
  const open = gauge("due_run_open", "1 while a due run of the tenant is under way or waits.", [
    "tenant",
    "name",
    "state",
  ]);
  const drift = gauge("users_with_drift", "Users with drift in the tenant's last complete run.");
  const scope = gauge("users_in_scope", "Users in scope of the tenant's last complete run.");
  const findings = gauge("findings", "Findings of the tenant's last complete run, by rule.", [
    "tenant",
    "name",
    "rule",
  ]);
  const waited = gauge("throttled_seconds_30d", "Seconds the tenant's services asked to wait, in 30 days.");
  const certificate = gauge(
    "certificate_end_timestamp_seconds",
    "End of the tenant's certificate, seconds since 1970.",
  );
  const all = [lastRun, verdict, took, next, open, drift, scope, findings, waited, certificate];
  const instant = (iso: string): number => Date.parse(iso) / 1_000;
  return (status, report) => {
    for (const one of all) one.reset();
    workers.set(status.workers.length);
    for (const row of status.tenants) {
      const labels = { tenant: row.tenant, name: row.name };
      if (row.open !== null) open.set({ ...labels, state: row.open.state }, 1);
      if (row.next !== null) next.set(labels, instant(row.next.at));
      if (row.lastRun === null) continue;
      lastRun.set(labels, instant(row.lastRun.finishedAt));
      took.set(labels, row.lastRun.seconds);
      verdict.set({ ...labels, verdict: row.lastRun.verdict }, 1);
    }
    for (const row of report.tenants) {
      const labels = { tenant: row.tenant, name: row.name };
      waited.set(labels, row.cost.waitedSeconds);
      if (row.certificateEndsAt !== null) certificate.set(labels, instant(row.certificateEndsAt));
      if (row.found === null) continue;
      drift.set(labels, row.found.usersWithDrift);
      scope.set(labels, row.found.usersInScope);
      for (const [rule, count] of Object.entries(row.found.byRule)) findings.set({ ...labels, rule }, count);
    }
  };
}
