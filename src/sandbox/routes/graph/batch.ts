import { isRecord, jsonResponse, parseJson } from "../../responses.js";
import type { SandboxResponse } from "../../http.js";
import type { SandboxState } from "../../state.js";
import { callOf, type GraphCall } from "./call.js";
import * as errors from "./errors.js";

const MOST_REQUESTS = 20;
const LARGEST_BATCH = 4 * 1024 * 1024;
/** Graph forwards at most four sub-requests of one unordered batch at a time (docs-contrib includes/throttling-outlook.md). */
const WIDTH = 4;

interface SubRequest {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: unknown;
  readonly dependsOn: readonly string[];
}

interface SubResponse {
  readonly id: string;
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body?: unknown;
}

export type SubDispatch = (call: GraphCall) => Promise<SandboxResponse>;

/** `POST /$batch` (docs-contrib json-batching.md; facts/graph-entra-exchange.md section 4). `dispatch` answers one sub-request. */
export async function batchEndpoint(
  state: SandboxState,
  call: GraphCall,
  dispatch: SubDispatch,
): Promise<SandboxResponse> {
  if (call.batched) return errors.badRequest(state, "A batch request cannot contain another batch request.");
  if (call.body.length > LARGEST_BATCH) return errors.tooLarge(state);
  const requests = readRequests(state, call);
  if (!Array.isArray(requests)) return requests;
  const answers = new Map<string, SubResponse>();
  const ordered = requests.some((request) => request.dependsOn.length > 0);
  if (ordered) for (const request of requests) await run(state, call, request, answers, dispatch);
  else await inParallel(requests, (request) => run(state, call, request, answers, dispatch));
  const responses = [...answers.values()];
  return jsonResponse(200, {
    responses: state.tenant.switches.batchOrder === "shuffled" ? shuffled(responses) : responses,
  });
}

function readRequests(state: SandboxState, call: GraphCall): SubRequest[] | SandboxResponse {
  const body = parseJson(call.body);
  const list = isRecord(body) ? body["requests"] : undefined;
  if (!Array.isArray(list) || list.length === 0) return errors.badRequest(state, "Invalid batch payload format.");
  if (list.length > MOST_REQUESTS)
    return errors.badRequest(state, "Number of requests inside batch exceeds the limit.");
  const requests: SubRequest[] = [];
  const ids = new Set<string>();
  for (const item of list as unknown[]) {
    const request = readRequest(item);
    if (request === null) return errors.badRequest(state, "Invalid batch payload format.");
    if (ids.has(request.id.toLowerCase())) {
      return errors.badRequest(state, `Request Id values must be unique. Duplicate id: ${request.id}`);
    }
    if (request.body !== undefined && request.headers["content-type"] === undefined) {
      return errors.badRequest(state, `Request ${request.id}: a body needs a Content-Type header.`);
    }
    if (request.dependsOn.some((id) => !ids.has(id.toLowerCase()))) {
      return errors.badRequest(state, `Request ${request.id} depends on a request that does not come before it.`);
    }
    ids.add(request.id.toLowerCase());
    requests.push(request);
  }
  return requests;
}

function readRequest(item: unknown): SubRequest | null {
  if (!isRecord(item)) return null;
  const { id, method, url, body, headers, dependsOn } = item;
  if (typeof id !== "string" || id === "" || typeof method !== "string" || typeof url !== "string") return null;
  const folded: { [name: string]: string } = {};
  if (isRecord(headers))
    for (const [name, value] of Object.entries(headers)) folded[name.toLowerCase()] = String(value);
  const before = Array.isArray(dependsOn) ? dependsOn.map(String) : [];
  return { id, method: method.toUpperCase(), url, headers: folded, body, dependsOn: before };
}

async function run(
  state: SandboxState,
  outer: GraphCall,
  request: SubRequest,
  answers: Map<string, SubResponse>,
  dispatch: SubDispatch,
): Promise<void> {
  const failed = request.dependsOn.some((id) => (answers.get(id)?.status ?? 500) >= 400);
  const answer = failed
    ? errors.graphError(
        state,
        424,
        "FailedDependency",
        "The request failed because it depended on another request that failed.",
      )
    : await answerOne(state, outer, request, dispatch);
  answers.set(request.id, subResponse(request.id, answer));
}

async function answerOne(
  state: SandboxState,
  outer: GraphCall,
  request: SubRequest,
  dispatch: SubDispatch,
): Promise<SandboxResponse> {
  // URLs are relative to the version; `/v1.0` in front is read as a segment and not found, as the service does.
  const path = request.url.startsWith("/") ? request.url : `/${request.url}`;
  let url: URL;
  try {
    url = new URL(`${outer.url.origin}/${outer.version}${path}`);
  } catch {
    return errors.badRequest(state, `Invalid URL: ${request.url}`);
  }
  const call = callOf(url, {
    method: request.method,
    headers: request.headers,
    body: bodyOf(request),
    token: outer.token,
    batched: true,
    userAgent: outer.userAgent,
  });
  return call === null ? errors.badRequest(state, `Invalid URL: ${request.url}`) : dispatch(call);
}

/** JSON bodies come as JSON; all others as base64, documented as "URL-encoded": both alphabets are taken. */
function bodyOf(request: SubRequest): Buffer {
  if (request.body === undefined || request.body === null) return Buffer.alloc(0);
  if (typeof request.body !== "string") return Buffer.from(JSON.stringify(request.body));
  if (request.headers["content-type"]?.includes("json")) return Buffer.from(request.body);
  return Buffer.from(request.body.replaceAll("-", "+").replaceAll("_", "/"), "base64");
}

function subResponse(id: string, answer: SandboxResponse): SubResponse {
  const headers: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(answer.headers)) headers[canonical(name)] = value;
  const base = { id, status: answer.status, headers };
  if (answer.body.length === 0) return base;
  const type = answer.headers["content-type"] ?? "";
  if (type.includes("json")) return { ...base, body: parseJson(answer.body) };
  if (type.startsWith("text/")) return { ...base, body: answer.body.toString() };
  return { ...base, body: Buffer.from(answer.body).toString("base64") };
}

/** `content-type` -> `Content-Type`, as in the service's sub-responses. */
function canonical(name: string): string {
  return name === "etag" ? "ETag" : name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

async function inParallel<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const open = [...items];
  const lane = async (): Promise<void> => {
    for (let item = open.shift(); item !== undefined; item = open.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: WIDTH }, lane));
}

function shuffled<T>(items: readonly T[]): T[] {
  const mixed = [...items];
  for (let at = mixed.length - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    const [a, b] = [mixed[at], mixed[other]];
    if (a !== undefined && b !== undefined) [mixed[at], mixed[other]] = [b, a];
  }
  return mixed;
}
