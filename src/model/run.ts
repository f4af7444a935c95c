import type { ActionKind, RuleId } from "./rule.js";
import type { SkippedFile } from "./master.js";
import type { StoreError } from "./photo.js";

export type RunMode = "audit" | "apply" | "undo";
export type RunTrigger = "cli" | "schedule" | "demo";
export type Verdict = "in-sync" | "drift" | "restored" | "refused" | "incomplete" | "failed" | "interrupted";

/** Requests and bytes a run has cost, by service. */
export interface Cost {
  readonly requests: {
    readonly login: number;
    readonly graph: number;
    readonly sharepoint: number;
    readonly exchange: number;
  };
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly throttled: number;
  readonly waitedSeconds: number;
  readonly imagesDownloaded: number;
}

export const NO_COST: Cost = {
  requests: { login: 0, graph: 0, sharepoint: 0, exchange: 0 },
  bytesIn: 0,
  bytesOut: 0,
  throttled: 0,
  waitedSeconds: 0,
  imagesDownloaded: 0,
};

export interface RunHead {
  readonly id: string;
  readonly mode: RunMode;
  readonly trigger: RunTrigger;
  readonly tenant: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly verdict: Verdict;
  readonly exitCode: number;
  readonly complete: boolean;
}

export interface RunSummary {
  readonly users: number;
  readonly usersInScope: number;
  readonly usersInSync: number;
  readonly usersWithDrift: number;
  readonly masters: number;
  /** Entries of the source folder that are no masters, with the reason; absent in runs of older versions and where nothing was scanned. */
  readonly leftOut?: readonly SkippedFile[];
  readonly byRule: { readonly [rule: string]: number };
  readonly byStore: { readonly [store: string]: number };
  readonly new: number;
  readonly persisting: number;
  readonly resolved: number;
}

/** The summary of a run that looked at nobody. */
export const EMPTY_SUMMARY: RunSummary = {
  users: 0,
  usersInScope: 0,
  usersInSync: 0,
  usersWithDrift: 0,
  masters: 0,
  byRule: {},
  byStore: {},
  new: 0,
  persisting: 0,
  resolved: 0,
};

export type OutcomeKind = "applied" | "already-in-sync" | "skipped" | "stale" | "failed";

export interface Outcome {
  readonly actionId: string;
  readonly address: string;
  readonly action: ActionKind;
  readonly kind: OutcomeKind;
  /** The rule that asked for it. */
  readonly because?: RuleId;
  /** Who decided on it, where it rests on a decision. */
  readonly decidedBy?: string;
  readonly error?: StoreError;
}

/** The store was seen to be as wanted after the action. */
export function isDone({ kind }: Pick<Outcome, "kind">): boolean {
  return kind === "applied" || kind === "already-in-sync";
}

/** One past audit in the trend. */
export interface TrendPoint {
  readonly runId: string;
  readonly finishedAt: string;
  readonly usersInScope: number;
  readonly usersWithDrift: number;
  readonly findings: number;
  /** Findings by rule. */
  readonly byRule: { readonly [rule: string]: number };
}
