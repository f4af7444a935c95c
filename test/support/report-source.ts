import type { PhotoAddress } from "../../src/model/address.js";
import type { Finding, FindingUser } from "../../src/model/finding.js";
import { stableId } from "../../src/model/ids.js";
import { NO_PLACES, type RunPlaces } from "../../src/model/next-steps.js";
import type { ReportPicture, ReportSource } from "../../src/model/report.js";
import { NO_COST, type Outcome, type RunHead, type RunSummary, type TrendPoint } from "../../src/model/run.js";

export const RUN: RunHead = {
  id: "20261123T114900Z-4f2a",
  mode: "audit",
  trigger: "cli",
  tenant: "contoso.onmicrosoft.com",
  startedAt: "2026-11-23T11:49:00.000Z",
  finishedAt: "2026-11-23T11:49:12.000Z",
  verdict: "drift",
  exitCode: 2,
  complete: true,
};

export const SUMMARY: RunSummary = {
  users: 60,
  usersInScope: 58,
  usersInSync: 44,
  usersWithDrift: 14,
  masters: 57,
  byRule: { "wrong-person": 1, "stale-photo": 2 },
  byStore: { sharepoint: 1, exchange: 2 },
  new: 6,
  persisting: 8,
  resolved: 2,
};

export function user(upn: string, displayName: string): FindingUser {
  return { id: `${stableId(upn).slice(0, 8)}-0000-4000-8000-${stableId(upn).slice(4)}`, upn, displayName };
}

/** A stale photo of `user` in Exchange, with whatever is given instead. `address` may be any text. */
export function finding(
  changes: Partial<Omit<Finding, "address">> & { readonly address?: string; readonly user: FindingUser | null },
): Finding {
  const rule = changes.rule ?? "stale-photo";
  const address = (changes.address ?? `exchange/${changes.user?.upn ?? ""}`) as PhotoAddress;
  return {
    id: stableId(`${rule} ${address}`),
    rule,
    severity: "error",
    drift: true,
    attribution: null,
    cause: "unknown",
    expected: { file: "anna.berg.jpg", width: 648, height: 648 },
    actual: { width: 240, height: 240 },
    summary: "shows another picture than the master",
    remedy: { kind: "automatic", actions: ["upload-photo"] },
    firstSeen: RUN.startedAt,
    ...changes,
    address,
  };
}

export interface Given {
  readonly run?: Partial<RunHead>;
  readonly summary?: Partial<RunSummary>;
  readonly findings?: readonly Finding[] | (() => Iterable<Finding>);
  readonly outcomes?: readonly Outcome[];
  readonly trend?: readonly TrendPoint[];
  readonly tenantName?: string | null;
  readonly places?: Partial<RunPlaces>;
  readonly smaller?: ReportSource["smaller"];
  readonly pictures?: (finding: Finding) => Promise<readonly ReportPicture[]>;
}

export function sourceOf(given: Given): ReportSource {
  const { findings = [], outcomes = [] } = given;
  return {
    run: { ...RUN, ...given.run },
    tenantName: given.tenantName ?? null,
    places: { ...NO_PLACES, ...given.places },
    summary: { ...SUMMARY, ...given.summary },
    cost: {
      ...NO_COST,
      requests: { login: 2, graph: 290, sharepoint: 20, exchange: 0 },
      bytesIn: 4_200_000,
      bytesOut: 91_000,
      imagesDownloaded: 34,
    },
    findings: typeof findings === "function" ? findings : () => findings,
    outcomes: () => outcomes,
    trend: given.trend ?? [],
    pictures: given.pictures ?? (async () => []),
    smaller: given.smaller ?? (async (image) => image),
  };
}

export async function textOf(parts: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const part of parts) text += part;
  return text;
}
