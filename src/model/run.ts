import { z } from "zod";
import { ACTION_KINDS, RULE_IDS } from "./rule.js";
import { count, moment, type DeepReadonly } from "./shapes.js";
import type { SkippedFile } from "./master.js";
import type { StoreError } from "./photo.js";

export const RUN_MODES = ["audit", "apply", "undo"] as const;
/** What a run was for. */
export type RunMode = (typeof RUN_MODES)[number];
const RUN_TRIGGERS = ["cli", "schedule", "demo"] as const;
/** Who began a run. */
export type RunTrigger = (typeof RUN_TRIGGERS)[number];
const VERDICTS = ["in-sync", "drift", "restored", "refused", "incomplete", "failed", "interrupted"] as const;
/** How a run ended, in one word. */
export type Verdict = (typeof VERDICTS)[number];

/** Requests and bytes a run has cost, by service. */
export const costSchema = z.strictObject({
  requests: z.strictObject({ login: count, graph: count, sharepoint: count, exchange: count }),
  bytesIn: count,
  bytesOut: count,
  throttled: count.describe("answers 429 and 503"),
  waitedSeconds: z.number().min(0),
  imagesDownloaded: count,
});
/** Requests by service, bytes on the wire, seconds waited. */
export type Cost = DeepReadonly<z.output<typeof costSchema>>;

/** The cost of a run that asked nothing. */
export const NO_COST: Cost = {
  requests: { login: 0, graph: 0, sharepoint: 0, exchange: 0 },
  bytesIn: 0,
  bytesOut: 0,
  throttled: 0,
  waitedSeconds: 0,
  imagesDownloaded: 0,
};

/** What identifies a run, as a report tells it. */
export const runHeadSchema = z.strictObject({
  id: z.string(),
  mode: z.enum(RUN_MODES),
  trigger: z.enum(RUN_TRIGGERS),
  tenant: z.string(),
  startedAt: moment,
  finishedAt: moment,
  verdict: z.enum(VERDICTS),
  exitCode: count,
  complete: z.boolean(),
});
/** What identifies a run, and how it ended. Times are ISO 8601 UTC. */
export type RunHead = DeepReadonly<z.output<typeof runHeadSchema>>;

/** What a run found, counted, as a report tells it. */
export const runSummarySchema = z.strictObject({
  users: count.describe("in the tenant"),
  usersInScope: count,
  usersInSync: count,
  usersWithDrift: count,
  masters: count,
  byRule: z.record(z.string(), count),
  byStore: z.record(z.string(), count),
  new: count,
  persisting: count,
  resolved: count,
});
/** What a run found, counted. */
export type RunSummary = DeepReadonly<z.output<typeof runSummarySchema>> & {
  /** Entries of the source folder that are no masters, with the reason; absent in runs of older versions and where nothing was scanned. */
  readonly leftOut?: readonly SkippedFile[];
  /** Flags that narrowed the run, `--store entra`; absent where everything in scope was looked at. What the run did not look at it does not know. */
  readonly narrowedTo?: readonly string[];
};

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

const OUTCOME_KINDS = ["applied", "already-in-sync", "skipped", "stale", "failed"] as const;
/** What may become of an action. */
export type OutcomeKind = (typeof OUTCOME_KINDS)[number];

/** An outcome as a report tells it. */
export const outcomeSchema = z.strictObject({
  address: z.string(),
  action: z.enum(ACTION_KINDS),
  kind: z.enum(OUTCOME_KINDS),
  because: z.enum(RULE_IDS).exactOptional().describe("the rule that asked for it"),
  decidedBy: z.string().exactOptional().describe("who decided on it, where it rests on a decision"),
  encodedAnew: z
    .literal(true)
    .exactOptional()
    .describe(
      "put back by an undo, and stored by the service in other bytes than before: the same picture, encoded once more",
    ),
  error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }).exactOptional(),
});

/** What became of one action. */
export type Outcome = Omit<DeepReadonly<z.output<typeof outcomeSchema>>, "error"> & {
  readonly actionId: string;
  readonly error?: StoreError;
};

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
