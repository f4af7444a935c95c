import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { Agent, request as send } from "undici";
import { makeCertificates } from "../../src/sandbox/certificates.js";
import { deliver } from "./deliver.js";
import { PLAIN, type Answer, type Asked, type Host } from "./wire.js";

/** Stands between a request and its answer: may answer itself, or change what the service says. */
export interface Tamper {
  /** An answer in the service's place; null lets the request through. */
  before?(asked: Asked): Answer | null;
  /** The answer that the program gets. */
  after(asked: Asked, answer: Answer): Answer;
}

/** What passed the proxy. */
export interface Passed {
  readonly asked: Asked;
  /** Status that the program saw. */
  readonly status: number;
}

export interface Proxy {
  /** For HTTPS_PROXY. */
  readonly url: string;
  /** PEM text of the authority that signs in the tenant's place. */
  readonly caPem: string;
  readonly passed: readonly Passed[];
  /** From now on; null changes nothing. Forgets what passed. */
  use(tamper: Tamper | null): void;
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** Origins of the tenant's hosts. */
  readonly origins: Readonly<Record<Exclude<Host, "elsewhere">, string>>;
  /** PEM text of the tenant's own authority. */
  readonly tenantCa: string;
}

/**
 * A proxy that opens TLS, as companies run them: the program sends CONNECT, speaks TLS with the proxy's certificate, and every request is
 * read, sent on to the tenant, and its answer handed back or changed. A host that is none of the tenant's is answered here, so that a
 * test sees what would have reached a stranger. It shares no code with src/stores.
 */
export async function openProxy({ origins, tenantCa }: ProxyOptions): Promise<Proxy> {
  const certificates = await makeCertificates(Date.now());
  const agent = new Agent({ connect: { ca: tenantCa }, keepAliveTimeout: 30_000 });
  const hosts = new Map<string, Host>(
    Object.entries(origins).map(([host, origin]) => [new URL(origin).host, host as Host]),
  );
  const authorities = new WeakMap<Socket, string>();
  const sockets = new Set<Socket>();
  let passed: Passed[] = [];
  let tamper: Tamper | null = null;

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const asked = await readAsked(incoming, (authority) => hosts.get(authority) ?? "elsewhere");
    const now = tamper;
    const own = now?.before?.(asked) ?? null;
    const real = own ?? (await forward(asked, agent, origins));
    const answer = own ?? now?.after(asked, real) ?? real;
    passed.push({ asked, status: answer.status });
    await deliver(answer, outgoing);
  }

  const inner = createTlsServer(
    { key: certificates.serverKeyPem, cert: certificates.serverCertificatePem, keepAliveTimeout: 65_000 },
    (incoming, outgoing) => {
      serve(incoming, outgoing).catch(() => incoming.socket.destroy());
    },
  );
  inner.on("tlsClientError", () => undefined);
  const outer = createHttpServer((_, outgoing) => void outgoing.writeHead(405).end());
  outer.on("connect", (request: IncomingMessage, socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => void sockets.delete(socket));
    authorities.set(socket, request.url ?? "");
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    inner.emit("connection", socket);
  });
  await new Promise<void>((resolve) => outer.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${String((outer.address() as AddressInfo).port)}`,
    caPem: certificates.caPem,
    get passed() {
      return passed;
    },
    use(next) {
      tamper = next;
      passed = [];
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      inner.closeAllConnections();
      await Promise.all([agent.destroy(), new Promise((resolve) => outer.close(resolve))]);
    },
  };
}

async function readAsked(incoming: IncomingMessage, hostOf: (authority: string) => Host): Promise<Asked> {
  const parts: Buffer[] = [];
  for await (const part of incoming as AsyncIterable<Buffer>) parts.push(part);
  const target = incoming.url ?? "/";
  const path = target.split("?")[0] ?? "/";
  const body = Buffer.concat(parts);
  const host = hostOf(incoming.headers.host ?? "");
  const scope = host === "login" ? new URLSearchParams(body.toString("utf8")).get("scope") : null;
  return {
    host,
    method: incoming.method ?? "GET",
    target,
    path: decoded(path).toLowerCase(),
    headers: plain(incoming.headers),
    body,
    ...(scope !== null && URL.canParse(scope) ? { opens: hostOf(new URL(scope).host) } : {}),
  };
}

async function forward(asked: Asked, agent: Agent, origins: ProxyOptions["origins"]): Promise<Answer> {
  if (asked.host === "elsewhere") {
    return {
      status: 200,
      headers: { "content-type": "application/json" },
      body: Buffer.from('{"value":[]}'),
      delivery: PLAIN,
    };
  }
  const { host: _host, "accept-encoding": _packing, connection: _connection, ...headers } = asked.headers;
  const answer = await send(`${origins[asked.host]}${asked.target}`, {
    method: asked.method as "GET",
    headers,
    body: asked.body.length === 0 ? null : asked.body,
    dispatcher: agent,
  });
  const body = Buffer.from(await answer.body.arrayBuffer());
  const kept = plain(answer.headers);
  for (const name of ["content-length", "transfer-encoding", "connection", "keep-alive"]) delete kept[name];
  return { status: answer.statusCode, headers: kept, body, delivery: PLAIN };
}

function plain(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value;
  }
  return flat;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
