import { z } from "zod";

/** Version of the documents of `fleet status` and `fleet report`. */
export const FLEET_FORMAT = "1.0";

const time = z.iso.datetime();
const natural = z.int().min(0);
const counts = z.record(z.string(), natural);

const lastRun = z.strictObject({
  id: z.string(),
  mode: z.string(),
  verdict: z.string(),
  startedAt: time,
  finishedAt: time,
  seconds: z.number().min(0),
});
/** The last run of a tenant that came to its end. */
export type FleetLastRun = z.infer<typeof lastRun>;

/** One tenant, as `fleet status` tells it. */
const tenantStatus = z.strictObject({
  tenant: z.string(),
  name: z.string(),
  /** What is under way or waits, the oldest. */
  open: z
    .strictObject({
      schedule: z.string(),
      state: z.enum(["waiting", "running"]),
      due: time,
      attempts: natural,
      worker: z.string().nullable(),
      /** Put back until then, and why. */
      notBefore: time.nullable(),
      reason: z.string().nullable(),
    })
    .nullable(),
  next: z.strictObject({ schedule: z.string(), at: time }).nullable(),
  lastRun: lastRun.nullable(),
  usersWithDrift: natural.nullable(),
  usersInScope: natural.nullable(),
  /** Why the last due run did not end well. */
  trouble: z.string().nullable(),
});
/** One tenant as it stands now. */
export type TenantStatus = z.infer<typeof tenantStatus>;

const worker = z.strictObject({
  id: z.string(),
  host: z.string(),
  pid: natural,
  version: z.string(),
  startedAt: time,
  concurrency: natural,
  running: natural,
});
/** One worker as its last sign of life told. */
export type WorkerStatus = z.infer<typeof worker>;

const problem = z.strictObject({ file: z.string(), message: z.string() });

export const fleetStatusSchema = z.strictObject({
  formatVersion: z.literal(FLEET_FORMAT),
  at: time,
  workers: z.array(worker),
  tenants: z.array(tenantStatus),
  problems: z.array(problem),
});
/** How a fleet stands now, as its JSON has it. */
export type FleetStatus = z.infer<typeof fleetStatusSchema>;

/** One tenant, as `fleet report` tells it. */
const tenantReport = z.strictObject({
  tenant: z.string(),
  name: z.string(),
  lastRun: lastRun.nullable(),
  /** Of the last complete run; null where there was none. */
  found: z
    .strictObject({
      runId: z.string(),
      finishedAt: time,
      users: natural,
      usersInScope: natural,
      usersWithDrift: natural,
      byRule: counts,
      new: natural,
      persisting: natural,
      resolved: natural,
    })
    .nullable(),
  /** Of all runs of the last 30 days. */
  cost: z.strictObject({
    runs: natural,
    failed: natural,
    seconds: z.number().min(0),
    requests: natural,
    throttled: natural,
    waitedSeconds: z.number().min(0),
  }),
  certificateEndsAt: time.nullable(),
  /** Why the last due run failed or was put back. */
  trouble: z.string().nullable(),
  /** Path of the tenant's own page, relative to the fleet's; null where none was written. */
  page: z.string().nullable(),
});
/** One tenant in the report of a fleet. */
export type TenantReport = z.infer<typeof tenantReport>;

const day = z.strictObject({
  /** `2026-11-28`, UTC. */
  day: z.iso.date(),
  tenants: natural,
  usersInScope: natural,
  usersWithDrift: natural,
});
/** One day of a fleet's trend. */
export type FleetDay = z.infer<typeof day>;

export const fleetReportSchema = z.strictObject({
  formatVersion: z.literal(FLEET_FORMAT),
  at: time,
  totals: z.strictObject({
    tenants: natural,
    tenantsWithDrift: natural,
    tenantsInTrouble: natural,
    users: natural,
    usersInScope: natural,
    usersWithDrift: natural,
    byRule: counts,
  }),
  /** Most users with drift first. */
  tenants: z.array(tenantReport),
  /** Every tenant as its last complete run of the day or before it found it; oldest first. */
  trend: z.array(day),
  problems: z.array(problem),
});
/** The report of a fleet, as its JSON has it. */
export type FleetReport = z.infer<typeof fleetReportSchema>;

/** JSON Schemas (draft 2020-12) of the two documents. */
export function fleetSchema(kind: "status" | "report"): object {
  const schema = kind === "status" ? fleetStatusSchema : fleetReportSchema;
  return {
    ...z.toJSONSchema(schema),
    $id: `urn:photodrift:fleet-${kind}:${FLEET_FORMAT}`,
    title: `photodrift fleet ${kind}`,
  };
}
