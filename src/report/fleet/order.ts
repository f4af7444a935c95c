import type { FleetReport, TenantReport } from "../../model/fleet-report.js";

/** Certificates that end within this many days are named. */
const SOON_DAYS = 60;
const DAY_MS = 86_400_000;

/** The longest single last runs first, those that took no time left out. */
export function slowest({ tenants }: FleetReport, most: number): readonly TenantReport[] {
  const seconds = (row: TenantReport): number => row.lastRun?.seconds ?? 0;
  return largest(tenants, seconds, most);
}

/** Those that waited longest because a service asked them to. */
export function mostThrottled({ tenants }: FleetReport, most: number): readonly TenantReport[] {
  return largest(tenants, ({ cost }) => cost.waitedSeconds + cost.throttled / 1_000, most);
}

export function inTrouble({ tenants }: FleetReport): readonly TenantReport[] {
  return tenants.filter(({ trouble }) => trouble !== null);
}

export function neverSeen({ tenants }: FleetReport): readonly TenantReport[] {
  return tenants.filter(({ lastRun }) => lastRun === null);
}

export interface CertificateEnd {
  readonly row: TenantReport;
  /** Negative: it has ended. */
  readonly days: number;
  readonly day: string;
}

/** Certificates that have ended or end soon, the first to end first. */
export function certificateEnds({ tenants, at }: FleetReport): readonly CertificateEnd[] {
  return tenants
    .flatMap((row) => {
      if (row.certificateEndsAt === null) return [];
      const days = Math.floor((Date.parse(row.certificateEndsAt) - Date.parse(at)) / DAY_MS);
      return days > SOON_DAYS ? [] : [{ row, days, day: row.certificateEndsAt.slice(0, 10) }];
    })
    .sort((a, b) => a.days - b.days);
}

/** Rules with findings, most first. */
export function rulesOf({ totals }: FleetReport): readonly (readonly [rule: string, findings: number])[] {
  return Object.entries(totals.byRule)
    .filter(([, findings]) => findings > 0)
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
}

function largest(
  rows: readonly TenantReport[],
  size: (row: TenantReport) => number,
  most: number,
): readonly TenantReport[] {
  return rows
    .filter((row) => size(row) > 0)
    .sort((a, b) => size(b) - size(a))
    .slice(0, most);
}
