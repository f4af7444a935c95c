import { type BatchPartAnswer, batchEnvelope, partsById } from "../answers/batch.js";
import { ANOTHER_USER, type Reading } from "../answers/described.js";
import { inChunks } from "../../model/chunks.js";
import type { PhotodriftError } from "../../model/errors.js";
import { retryAfterMs } from "../../model/retry-after.js";
import { unusableAnswer } from "./failures.js";
import { asWire, type Graph, type GraphRequest } from "./graph.js";
import { inRounds, type Round } from "./rounds.js";

/** Sub-requests in one batch (learn.microsoft.com/graph/json-batching). */
export const BATCH_SIZE = 20;

export type BatchAnswer = BatchPartAnswer;

/** How a sub-request ended: an answer of any status, or the error of a part whose answer proves nothing. */
export type PartOutcome = BatchAnswer | PhotodriftError;

export interface BatchOptions {
  readonly version?: "v1.0" | "beta";
  readonly asks: string;
  readonly needs?: string;
  readonly maxBytes?: number;
  /** What is wrong with an answer that should be asked for again; `index` is the place of its path. */
  readonly flaw?: (answer: BatchAnswer, index: number) => string | null;
}

/**
 * GETs many paths in batches of twenty, any number of them; the answers stand in the order of the paths. Answers may come in any order; throttled ones are
 * asked again after the longest Retry-After, during which the whole host rests; 5xx, missing and unusable ones a few times, a 401 with a fresh token.
 * The last answer stands where nothing better came. Throws only where a whole batch fails for good.
 */
export async function getBatched(
  graph: Graph,
  paths: readonly string[],
  options: BatchOptions,
): Promise<readonly PartOutcome[]> {
  const chunks = [...inChunks(paths.entries(), BATCH_SIZE)];
  const answers = await Promise.all(
    chunks.map((chunk) => {
      const from = chunk[0]?.[0] ?? 0;
      const flaw = (answer: BatchAnswer, index: number) => options.flaw?.(answer, from + index) ?? null;
      return getChunk(
        graph,
        chunk.map(([, path]) => path),
        { ...options, flaw },
      );
    }),
  );
  return answers.flat();
}

async function getChunk(
  graph: Graph,
  paths: readonly string[],
  options: BatchOptions,
): Promise<readonly PartOutcome[]> {
  const outcomes = new Map<number, PartOutcome>();
  await inRounds(graph.door, graph.origin, [...paths.keys()], async (open) => {
    let answered: ReadonlyMap<number, Reading<BatchAnswer>>;
    try {
      answered = await postBatch(
        graph,
        open.map((index) => ({ id: index, method: "GET", url: paths[index] ?? "" })),
        options,
      );
    } catch (error) {
      // What has been answered already is kept; the rest keeps its last answer, a refusal.
      if (outcomes.size === 0 || graph.door.signal?.aborted === true) throw error;
      return null;
    }
    const round = sorted(graph, options, open, answered);
    for (const [index, outcome] of round.outcomes) outcomes.set(index, outcome);
    if (round.unauthorized !== null) await graph.tokenRefused(round.unauthorized);
    return round;
  });
  return paths.map((_, index) => outcomes.get(index) ?? MISSING);
}

/** One round of a batch: how its parts ended, and which of them are worth another one. */
interface BatchRound extends Round<number> {
  readonly outcomes: ReadonlyMap<number, PartOutcome>;
  /** A part that was refused for its token. */
  readonly unauthorized: BatchAnswer | null;
}

function sorted(
  graph: Graph,
  options: BatchOptions,
  open: readonly number[],
  answered: ReadonlyMap<number, Reading<BatchAnswer>>,
): BatchRound {
  const outcomes = new Map<number, PartOutcome>();
  const refused: number[] = [];
  const failed: number[] = [];
  const unusable = (index: number, because: string): void => {
    outcomes.set(index, unusableAnswer(asWire({ path: "", asks: options.asks }, graph.origin), because));
    failed.push(index);
  };
  let pauseMs = 0;
  let unauthorized: BatchAnswer | null = null;
  const flaws = flawsOf(options, open, answered);
  const mixedUp = [...flaws.values()].includes(ANOTHER_USER);
  for (const index of open) {
    const reading = answered.get(index) ?? { kind: "read", value: MISSING };
    if (reading.kind === "not-read") {
      unusable(index, reading.because);
    } else if (isRefused(reading.value)) {
      outcomes.set(index, reading.value);
      refused.push(index);
      pauseMs = Math.max(pauseMs, retryAfterMs(reading.value.headers, graph.door.timer.now()) ?? 0);
    } else if (mixedUp) {
      // Where one part is another user's, a "not there" of this batch may be another user's too.
      unusable(index, "the parts of its batch were mixed up");
    } else {
      const { status } = reading.value;
      outcomes.set(index, reading.value);
      if (status === 401) unauthorized = reading.value;
      if (status >= 500 || status === 401 || flaws.has(index)) failed.push(index);
    }
  }
  return { outcomes, refused, failed, pauseMs, unauthorized };
}

function flawsOf(
  options: BatchOptions,
  open: readonly number[],
  answered: ReadonlyMap<number, Reading<BatchAnswer>>,
): ReadonlyMap<number, string> {
  const flaws = new Map<number, string>();
  for (const index of open) {
    const reading = answered.get(index);
    const flaw = reading?.kind === "read" ? (options.flaw?.(reading.value, index) ?? null) : null;
    if (flaw !== null) flaws.set(index, flaw);
  }
  return flaws;
}

/** The service did nothing and asks to wait. */
export function isRefused(answer: BatchAnswer): boolean {
  return answer.status === 429 || (answer.status === 503 && answer.headers["retry-after"] !== undefined);
}

/** Stands for a sub-request that the batch left unanswered. */
export const MISSING: BatchAnswer = { status: 504, headers: {}, body: Buffer.alloc(0) };

/** One part of a batch. */
export interface BatchPart {
  /** Any whole number, unique in its batch. */
  readonly id: number;
  readonly method: "GET" | "PUT";
  /** Path below the version. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Base64 of binary bodies. */
  readonly body?: string;
}

/**
 * Sends one batch and gives its answers by id; parts that were left unanswered are missing, parts whose answer proves nothing are not read.
 * Throws HttpFailure where the batch is refused as a whole, and what the door throws.
 */
export async function postBatch(
  graph: Graph,
  parts: readonly BatchPart[],
  options: Omit<BatchOptions, "flaw"> & Pick<GraphRequest, "purpose" | "repeat">,
): Promise<ReadonlyMap<number, Reading<BatchAnswer>>> {
  const { version = "v1.0", asks, needs, maxBytes, purpose, repeat } = options;
  let date: string | undefined;
  const asked: GraphRequest = {
    method: "POST",
    path: "/$batch",
    onAnswer: ({ headers }) => (date = headers["date"]),
    version,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ requests: parts.map((part) => ({ ...part, id: String(part.id) })) }),
    asks,
    ...(needs === undefined ? {} : { needs }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(repeat === undefined ? {} : { repeat }),
  };
  const { responses } = await graph.read(asked, batchEnvelope);
  const answered = partsById(responses, new Set(parts.map((part) => String(part.id))), date);
  return new Map(
    parts.flatMap(({ id }) => {
      const answer = answered.get(String(id));
      return answer === undefined ? [] : [[id, answer] as const];
    }),
  );
}
