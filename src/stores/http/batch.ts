import { asObject, httpFailure, textOf } from "./failures.js";
import { asWire, type Graph, type GraphRequest, notJson } from "./graph.js";
import { createRefusals } from "./refusals.js";
import { retryAfterMs } from "./retry.js";
import type { WireResponse } from "./types.js";

/** Sub-requests in one batch (learn.microsoft.com/graph/json-batching). */
export const BATCH_SIZE = 20;

/** Tries for a sub-request that failed without being throttled. */
const TRIES = 4;

export interface BatchAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the body: JSON text, or the image that came as base64. */
  readonly body: Buffer;
}

export interface BatchOptions {
  readonly version?: "v1.0" | "beta";
  readonly asks: string;
  readonly needs?: string;
  readonly maxBytes?: number;
  /** What is wrong with an answer that should be asked for again. */
  readonly flaw?: (answer: BatchAnswer) => string | null;
}

/**
 * GETs many paths in batches of twenty, any number of them; the answers stand in the order of the paths. Answers may come in any order; throttled ones are
 * asked again after the longest Retry-After, during which the whole host rests; 5xx and missing ones a few times. The last answer stands
 * where nothing better came. Throws only where a whole batch fails for good.
 */
export async function getBatched(
  graph: Graph,
  paths: readonly string[],
  options: BatchOptions,
): Promise<readonly BatchAnswer[]> {
  const chunks: (readonly string[])[] = [];
  for (let at = 0; at < paths.length; at += BATCH_SIZE) chunks.push(paths.slice(at, at + BATCH_SIZE));
  const answers = await Promise.all(chunks.map((chunk) => getChunk(graph, chunk, options)));
  return answers.flat();
}

async function getChunk(
  graph: Graph,
  paths: readonly string[],
  options: BatchOptions,
): Promise<readonly BatchAnswer[]> {
  const answers = new Map<number, BatchAnswer>();
  let open = paths.map((_, index) => index);
  let failures = 0;
  const refusals = createRefusals(graph.door, graph.origin);
  while (open.length > 0) {
    let answered: ReadonlyMap<number, BatchAnswer>;
    try {
      answered = await postBatch(
        graph,
        open.map((index) => ({ id: index, method: "GET", url: paths[index] ?? "" })),
        options,
      );
    } catch (error) {
      // What has been answered already is kept; the rest keeps its last answer, a refusal.
      if (answers.size === 0 || graph.door.signal?.aborted === true) throw error;
      break;
    }
    const throttled: number[] = [];
    const failed: number[] = [];
    let pause = 0;
    for (const index of open) {
      const answer = answered.get(index) ?? MISSING;
      answers.set(index, answer);
      if (isRefused(answer)) {
        throttled.push(index);
        pause = Math.max(pause, retryAfterMs(answer.headers, graph.door.timer.now()) ?? 0);
      } else if (answer.status >= 500 || answer.status === 401 || options.flaw?.(answer) != null) {
        failed.push(index);
      }
    }
    const patient = throttled.length === 0 || refusals.refused(pause);
    if (failed.length > 0) failures++;
    open = [...(patient ? throttled : []), ...(failures < TRIES ? failed : [])];
    if (open.length > 0 && throttled.length === 0) await graph.door.rest(failures - 1);
  }
  return paths.map((_, index) => answers.get(index) ?? MISSING);
}

/** The service did nothing and asks to wait. */
export function isRefused(answer: BatchAnswer): boolean {
  return answer.status === 429 || (answer.status === 503 && answer.headers["retry-after"] !== undefined);
}

/** Stands for a sub-request that the batch left unanswered. */
const MISSING: BatchAnswer = { status: 504, headers: {}, body: Buffer.from("") };

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
 * Sends one batch and gives its answers by id; parts that were left unanswered are missing. Throws HttpFailure where the batch is refused
 * as a whole, and what the door throws.
 */
export async function postBatch(
  graph: Graph,
  parts: readonly BatchPart[],
  options: BatchOptions & Pick<GraphRequest, "purpose" | "repeat">,
): Promise<ReadonlyMap<number, BatchAnswer>> {
  const asked: GraphRequest = {
    method: "POST",
    path: "/$batch",
    version: options.version ?? "v1.0",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ requests: parts.map((part) => ({ ...part, id: String(part.id) })) }),
    asks: options.asks,
    ...(options.needs === undefined ? {} : { needs: options.needs }),
    ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
    ...(options.purpose === undefined ? {} : { purpose: options.purpose }),
    ...(options.repeat === undefined ? {} : { repeat: options.repeat }),
    flaw: (response: WireResponse) => notJson(response) ?? notBatch(response),
  };
  const answer = await graph.send(asked);
  if (answer.status < 200 || answer.status > 299) throw httpFailure(asWire(asked, graph.origin), answer);
  const parsed = asObject(JSON.parse(answer.body.toString("utf8")));
  const ids = new Set(parts.map((part) => part.id));
  const answered = new Map<number, BatchAnswer>();
  for (const item of parsed["responses"] as readonly unknown[]) {
    const response = asObject(item);
    const id = Number(response["id"]);
    if (typeof response["status"] !== "number" || !ids.has(id)) continue;
    const headers = lowerCased(asObject(response["headers"]));
    answered.set(id, { status: response["status"], headers, body: bodyOf(response["body"], headers) });
  }
  return answered;
}

function notBatch(response: WireResponse): string | null {
  const parsed = asObject(JSON.parse(response.body.toString("utf8")));
  return Array.isArray(parsed["responses"]) ? null : "it lacks the answers of the batch";
}

/** Binary bodies come as base64, in the plain or the URL alphabet; everything else as JSON. */
function bodyOf(body: unknown, headers: Readonly<Record<string, string>>): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0);
  const text = textOf(body);
  if (text === null) return Buffer.from(JSON.stringify(body));
  const type = headers["content-type"] ?? "";
  const isText = type.includes("json") || type.startsWith("text/");
  return isText ? Buffer.from(text) : Buffer.from(text, "base64");
}

function lowerCased(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const lower: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === "string" || typeof value === "number") lower[name.toLowerCase()] = String(value);
  }
  return lower;
}
