import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { WatchedRequest } from "./accusations.js";
import { authorize } from "./authorize.js";
import { readBody, write, writeHalf } from "./connections.js";
import { faultAnswer, retryAfterSeconds, spoilImage } from "./fault-answers.js";
import type { Fault, FaultProbe } from "./faults.js";
import type { HostName, Route, SandboxRequest, SandboxResponse } from "./http.js";
import type { Listener } from "./listeners.js";
import { jsonResponse } from "./responses.js";
import type { AroundSubRequest } from "./routes/graph/index.js";
import type { AroundPart } from "./routes/sharepoint/index.js";
import { travel, type SandboxState } from "./state.js";

/** Bodies beyond this are uploads: no user is looked for in them. */
const SEARCHED_BODY = 256 * 1024;

/** Routes of the services by host, and the control surface below /sandbox on the graph port. */
export interface Services {
  readonly routes: { readonly [host in HostName]: Route };
  readonly control: Route;
}

/** Answers every request of the six hosts: faults, token, route, log. */
export function createListener(state: SandboxState, services: Services): Listener {
  return async (host, incoming, outgoing) => {
    const body = await readBody(incoming);
    if (body === null) {
      outgoing.writeHead(413, { connection: "close" }).end();
      return;
    }
    const request = requestOf(state, host, incoming, body);
    if (request === null) {
      outgoing.writeHead(400).end();
      return;
    }
    if (host === "graph" && request.url.pathname.startsWith("/sandbox/")) {
      const answer =
        (await services.control(request).catch(failure)) ?? unknownRoute(state, request.host, request.target);
      await write(outgoing, incoming, answer);
      return;
    }
    await serveLogged(state, services, request, incoming, outgoing);
  };
}

async function serveLogged(
  state: SandboxState,
  services: Services,
  request: SandboxRequest,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { host, method, target, body } = request;
  const watched: WatchedRequest = { host, method, target, body, userAgent: userAgentOf(request), batched: false };
  const flags = state.watch.arrival(watched);
  const searched = host.startsWith("sharepoint") && body.length <= SEARCHED_BODY ? body.toString() : "";
  const probe: FaultProbe = { host, method, target, inBatch: false, text: searched };
  const fault = state.faults.draw(probe, "request");
  if (fault) flags.push(`fault:${fault.kind}`);
  await travel(state);
  if (fault?.kind === "slow") await sleep(fault.delay);
  if (fault?.kind === "down" || fault?.kind === "reset-before") {
    incoming.socket.destroy();
    record(state, watched, { status: 0, headers: {}, body: "" }, flags);
    return;
  }
  const plain = (fault && faultAnswer(state, host, fault)) ?? (await answerRequest(state, services, request, flags));
  const answer = spoiled(state, probe, plain, flags);
  await deliver(fault, answer, incoming, outgoing);
  record(state, watched, answer, flags);
}

/** Sends an answer, or as much of it as a fault of the connection lets through. */
async function deliver(
  fault: Fault | null,
  answer: SandboxResponse,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  if (fault?.kind === "reset-after") incoming.socket.destroy();
  else if (fault?.kind === "reset-within") writeHalf(outgoing, incoming, answer);
  else await write(outgoing, incoming, answer);
}

async function answerRequest(
  state: SandboxState,
  services: Services,
  request: SandboxRequest,
  flags: string[],
): Promise<SandboxResponse> {
  const authorization = authorize(state, request.host, request.headers.authorization);
  if (authorization.kind === "refused") {
    if (authorization.flag !== null) flags.push(authorization.flag);
    return authorization.answer;
  }
  try {
    const answer = await services.routes[request.host]({ ...request, token: authorization.token });
    if (answer) return answer;
    flags.push("unknown-route");
    return unknownRoute(state, request.host, `${request.method} ${request.target}`);
  } catch (error) {
    flags.push("sandbox-failure");
    return failure(error);
  }
}

/** The sub-requests of Graph's `$batch` get faults and log entries of their own, as the service throttles each alone. */
export function aroundSubRequests(state: SandboxState): AroundSubRequest {
  return async (outer, call, answer) => {
    const target = `${call.url.pathname}${call.url.search}`;
    const { method, body, userAgent } = call;
    const watched: WatchedRequest = { host: outer.host, method, target, body, userAgent, batched: true };
    const flags = state.watch.arrival(watched);
    const probe: FaultProbe = { host: outer.host, method, target, inBatch: true, text: "" };
    const fault: Fault | null = state.faults.draw(probe, "request");
    if (fault) flags.push(`fault:${fault.kind}`);
    await travel(state);
    const plain = (fault && faultAnswer(state, outer.host, fault)) ?? (await answer().catch(failure));
    const given = spoiled(state, probe, plain, flags);
    record(state, watched, given, flags);
    return given;
  };
}

/** The parts of SharePoint's `$batch` have log entries of their own; faults hit the whole batch. */
export function aroundParts(state: SandboxState): AroundPart {
  return async (part, answer) => {
    const { host, method, target, body } = part;
    const watched: WatchedRequest = { host, method, target, body, userAgent: userAgentOf(part), batched: true };
    const flags = state.watch.arrival(watched);
    await travel(state);
    const given = await answer().catch(failure);
    record(state, watched, given, flags);
    return given;
  };
}

/** 501, loudly: a client that needs this route would not be tested by the sandbox. */
export function unknownRoute(state: SandboxState, host: HostName, what: string): SandboxResponse {
  state.log.accuse("unknown-route", `${host} ${what}`);
  const message = `THE SANDBOX DOES NOT KNOW: ${host} ${what}. The service may; see src/sandbox/README.md.`;
  return jsonResponse(501, { error: { code: "SandboxNotImplemented", message } }, { "x-sandbox": "unknown-route" });
}

function failure(error: unknown): SandboxResponse {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return jsonResponse(500, { error: { code: "SandboxFailure", message } }, { "x-sandbox": "failure" });
}

/** SharePoint serves files as octet streams, so the first bytes tell as well: JPEG begins with FF D8 FF. */
function holdsImage({ headers, body }: SandboxResponse): boolean {
  if ((headers["content-type"] ?? "").startsWith("image/")) return true;
  return typeof body !== "string" && isJpeg(body);
}

function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

function spoiled(state: SandboxState, probe: FaultProbe, answer: SandboxResponse, flags: string[]): SandboxResponse {
  if (answer.status !== 200 || !holdsImage(answer)) return answer;
  const fault = state.faults.draw(probe, "image");
  if (fault?.kind !== "truncated-image" && fault?.kind !== "corrupt-image") return answer;
  flags.push(`fault:${fault.kind}`);
  return { ...answer, body: spoilImage(Buffer.from(answer.body), fault.kind) };
}

const ACCUSED = new Set([
  "early-retry",
  "undecorated-user-agent",
  "wrong-audience",
  "secret-token-for-sharepoint",
  "unneeded-write",
  "no-token",
  "sandbox-failure",
]);

function record(state: SandboxState, watched: WatchedRequest, answer: SandboxResponse, flags: string[]): void {
  if (isOversizedBatch(watched, answer)) flags.push("batch-over-20");
  state.watch.answer(watched, answer.status, retryAfterSeconds(answer));
  const { host, method, target, userAgent, batched } = watched;
  for (const flag of flags) {
    if (ACCUSED.has(flag) || flag === "batch-over-20") state.log.accuse(flag, `${host} ${method} ${target}`);
  }
  state.log.record({
    time: Date.now(),
    host,
    method,
    path: target,
    status: answer.status,
    bytesIn: watched.body.length,
    bytesOut: Buffer.byteLength(answer.body),
    sentSha256: isJpeg(watched.body) ? createHash("sha256").update(watched.body).digest("hex") : null,
    userAgent,
    flags,
    batched,
  });
}

function isOversizedBatch(watched: WatchedRequest, answer: SandboxResponse): boolean {
  return (
    watched.host === "graph" && answer.status === 400 && answer.body.includes("Number of requests inside batch exceeds")
  );
}

function requestOf(
  state: SandboxState,
  host: HostName,
  incoming: IncomingMessage,
  body: Buffer,
): SandboxRequest | null {
  const target = incoming.url ?? "/";
  if (!target.startsWith("/")) return null;
  try {
    const url = new URL(`${state.origins[host]}${target}`);
    const { headers, method = "GET" } = incoming;
    return { host, method, url, target, headers, body, token: null, origins: state.origins };
  } catch {
    return null;
  }
}

function userAgentOf(request: SandboxRequest): string {
  return request.headers["user-agent"] ?? "";
}
