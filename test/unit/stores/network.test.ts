import { getEventListeners } from "node:events";
import { createServer, type Server } from "node:https";
import { createServer as createProxy, type Server as Proxy, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeCertificates } from "../../../src/sandbox/certificates.js";
import { createDoor } from "../../../src/stores/http/door.js";
import { createExchange } from "../../../src/stores/http/exchange.js";
import { createMeter } from "../../../src/stores/http/meter.js";
import { type Network, openNetwork } from "../../../src/stores/http/network.js";
import type { WireRequest } from "../../../src/stores/http/types.js";
import { fakeTimer } from "../../support/fake-service.js";

let ca = "";
let server: Server;
let proxy: Proxy;
let origin = "";
let tunnels = 0;
/** What the proxy was told last of who asks. */
let credentials: string | null = null;
let proxyAnswer = 200;
let hits = 0;
/** A clock that goes on by a second with every piece of a body that drips. */
let seconds = 0;
const networks: Network[] = [];

/** Sixty pieces, or as many as anybody waits for. */
async function drip(response: ServerResponse, bytes: number): Promise<void> {
  for (let piece = 0; piece < 60 && !response.destroyed; piece++) {
    response.write(Buffer.alloc(bytes));
    seconds++;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  response.end();
}

beforeAll(async () => {
  const certificates = await makeCertificates(Date.now());
  ca = certificates.caPem;
  server = createServer(
    { cert: certificates.serverCertificatePem, key: certificates.serverKeyPem },
    (request, response) => {
      hits++;
      switch (request.url) {
        case "/gzip":
          response.setHeader("content-encoding", "gzip");
          return response.end(gzipSync("x".repeat(100_000)));
        case "/half-gzip":
          response.setHeader("content-encoding", "gzip");
          return response.end(gzipSync("hello, world".repeat(100)).subarray(0, 30));
        case "/short":
          response.writeHead(200, { "content-length": "1000" });
          response.write("only this");
          return setTimeout(() => response.destroy(), 20);
        case "/reset":
          return request.socket.destroy();
        case "/silent":
          return undefined;
        case "/drip":
        case "/steady":
          void drip(response, request.url === "/drip" ? 1 : 10_000);
          return undefined;
        case "/large":
          return response.end(Buffer.alloc(200_000));
        default:
          return response.end("hello");
      }
    },
  );
  proxy = createProxy();
  proxy.on("connect", (request, socket, head) => {
    tunnels++;
    credentials = request.headers["proxy-authorization"] ?? null;
    if (proxyAnswer !== 200) return socket.end(`HTTP/1.1 ${String(proxyAnswer)} No\r\n\r\n`);
    const [host, port] = (request.url ?? "").split(":");
    const upstream = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("error", () => upstream.destroy());
    return undefined;
  });
  await Promise.all(
    [server, proxy].map((each) => new Promise<void>((resolve) => each.listen(0, "127.0.0.1", resolve))),
  );
  origin = `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});

afterAll(async () => {
  await Promise.all(networks.map((network) => network.close()));
  server.closeAllConnections();
  proxy.closeAllConnections();
  server.close();
  proxy.close();
});

function door(options: { readonly ca?: string; readonly env?: NodeJS.ProcessEnv; readonly signal?: AbortSignal }) {
  const network = openNetwork({ ca: options.ca, env: options.env ?? {} });
  networks.push(network);
  const meter = createMeter();
  const made = createDoor({
    exchange: createExchange(network),
    meter,
    timer: fakeTimer(),
    concurrency: 4,
    patience: 60_000,
    signal: options.signal,
  });
  const get = (path: string, more: Partial<WireRequest> = {}) =>
    made.send({
      service: "graph",
      method: "GET",
      url: `${origin}${path}`,
      headers: {},
      asks: "read",
      repeat: "always",
      purpose: "read",
      ...more,
    });
  return { get, meter };
}

describe("trust", () => {
  it("takes the authority of caFile in addition to the built-in ones", async () => {
    expect((await door({ ca }).get("/")).body.toString()).toBe("hello");
  });

  it("names caFile where the authority is unknown, without a retry", async () => {
    const before = hits;
    await expect(door({}).get("/")).rejects.toMatchObject({
      code: "tls-untrusted",
      hint: expect.stringContaining("tenant.caFile") as string,
    });
    expect(hits).toBe(before);
  });

  it("refuses a caFile without certificate", () => {
    expect(() => openNetwork({ ca: "nonsense", env: {} })).toThrow(/caFile/);
  });
});

describe("proxies", () => {
  const address = (): string => `http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`;

  it("goes through HTTPS_PROXY, loopback included, and trusts caFile behind it", async () => {
    tunnels = 0;
    expect((await door({ ca, env: { HTTPS_PROXY: address() } }).get("/")).body.toString()).toBe("hello");
    expect(tunnels).toBe(1);
  });

  it("goes past it for hosts in NO_PROXY", async () => {
    tunnels = 0;
    const env = { HTTPS_PROXY: address(), NO_PROXY: "example.com,127.0.0.1" };
    expect((await door({ ca, env }).get("/")).body.toString()).toBe("hello");
    expect(tunnels).toBe(0);
  });

  it("names the proxy where it does not answer", async () => {
    const error = door({ ca, env: { HTTPS_PROXY: "http://127.0.0.1:1" } }).get("/");
    await expect(error).rejects.toMatchObject({
      code: "unreachable",
      hint: expect.stringContaining("HTTPS_PROXY") as string,
    });
  });
});

describe("the address of a proxy", () => {
  const port = (): string => String((proxy.address() as AddressInfo).port);
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;

  it.each<readonly [string, string, string | null]>([
    ["without a scheme", "127.0.0.1:PORT", null],
    ["with http://", "http://127.0.0.1:PORT", null],
    ["in capitals, with a slash", "HTTP://127.0.0.1:PORT/", null],
    ["with space around it", " 127.0.0.1:PORT ", null],
    ["with user and password", "http://ann:s%40cr%2Fet@127.0.0.1:PORT", "ann:s@cr/et"],
    ["with user and password, without a scheme", "ann:secret@127.0.0.1:PORT", "ann:secret"],
  ])("is taken %s", async (_, given, wanted) => {
    const value = given.replace("PORT", port());
    for (const env of [{ HTTPS_PROXY: value }, { https_proxy: value }, { HTTP_PROXY: value }, { http_proxy: value }]) {
      tunnels = 0;
      expect((await door({ ca, env }).get("/")).body.toString()).toBe("hello");
      expect([tunnels, credentials]).toEqual([1, wanted === null ? null : basic(wanted)]);
    }
  });

  it.each(["", " "])("'%s' is none", async (value) => {
    tunnels = 0;
    expect((await door({ ca, env: { HTTPS_PROXY: value } }).get("/")).body.toString()).toBe("hello");
    expect(tunnels).toBe(0);
  });

  const WRONG = [
    "http://",
    "https://",
    "http://:8080",
    "http://proxy:port",
    "http://proxy:123456",
    "not an address",
    "ann:hush#1@proxy:8080",
    "http://ann:hush/1@proxy:8080",
    "http://ann:12/hush@proxy:8080",
    "http://ann:12#hush@proxy:8080",
    "http://ann:12?hush@proxy:8080",
    "http://ann:hush%@proxy:8080",
    "socks://ann:hush@proxy:1080",
    "socks5://proxy:1080",
    "file:///etc/proxy",
  ];
  const VARIABLES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];
  it.each(WRONG.flatMap((value) => VARIABLES.map((name) => [name, value] as const)))(
    "%s=%s is told with its cure, and without what it holds",
    (name, value) => {
      let thrown: unknown = null;
      try {
        openNetwork({ ca, env: { [name]: value } });
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toMatchObject({
        code: "proxy-invalid",
        errorClass: "usage",
        message: expect.stringContaining(` ${name} `) as string,
        hint: expect.stringContaining("http://") as string,
      });
      expect(JSON.stringify([String(thrown), thrown])).not.toMatch(/hush|ann:/);
    },
  );

  it.each([
    [407, 1, "user:password"],
    [403, 1, "NO_PROXY"],
    [503, 4, "NO_PROXY"],
  ])("one that answers %i is told as that after %i tries, without its password", async (status, tries, cure) => {
    proxyAnswer = status;
    tunnels = 0;
    try {
      const env = { HTTPS_PROXY: `http://ann:hush@127.0.0.1:${port()}` };
      const thrown = await door({ ca, env })
        .get("/")
        .catch((error: unknown) => error);
      expect(thrown).toMatchObject({ code: "proxy-refused", hint: expect.stringContaining(cure) as string });
      expect(String(thrown)).toContain(`HTTP ${String(status)}`);
      expect(String(thrown)).not.toContain("hush");
      expect(tunnels).toBe(tries);
    } finally {
      proxyAnswer = 200;
    }
  });
});

describe("interruption", () => {
  it("ends a request that is under way", async () => {
    const abort = new AbortController();
    const asked = door({ ca, signal: abort.signal }).get("/silent");
    setTimeout(() => abort.abort(), 50);
    await expect(asked).rejects.toMatchObject({ code: "interrupted", errorClass: "incomplete" });
  });

  it("leaves nothing behind on the signal, however many requests share it", async () => {
    const abort = new AbortController();
    const warnings: Error[] = [];
    const listen = (warning: Error): void => void warnings.push(warning);
    process.on("warning", listen);
    const { get } = door({ ca, signal: abort.signal });
    await Promise.all(Array.from({ length: 60 }, () => get("/")));
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off("warning", listen);
    expect(warnings).toEqual([]);
    expect(getEventListeners(abort.signal, "abort")).toHaveLength(0);
  });
});

describe("bodies", () => {
  it("has a deadline of its own, by size: a byte a second ends, a slow line does not", async () => {
    const network = openNetwork({ ca, env: {} });
    networks.push(network);
    const exchange = createExchange(network, undefined, () => seconds * 1000);
    const get = (path: string) =>
      exchange({
        method: "GET",
        url: `${origin}${path}`,
        headers: {},
        body: null,
        maxBytes: 10_000_000,
        signal: undefined,
      });
    seconds = 0;
    await expect(get("/drip")).rejects.toMatchObject({ code: "BODY_TOO_SLOW" });
    // Twenty seconds that any body may take.
    expect(seconds).toBeLessThan(40);
    seconds = 0;
    expect((await get("/steady")).body.length).toBe(600_000);
    expect(seconds).toBeGreaterThanOrEqual(59);
  });

  it("unpacks, and counts what went over the wire", async () => {
    const { get, meter } = door({ ca });
    expect((await get("/gzip")).body).toHaveLength(100_000);
    expect(meter.cost().bytesIn).toBeLessThan(2000);
  });

  it.each(["/short", "/half-gzip", "/reset"])("asks again for %s and reports a lost connection", async (path) => {
    const before = hits;
    await expect(door({ ca }).get(path)).rejects.toMatchObject({ code: "connection-lost", errorClass: "incomplete" });
    expect(hits - before).toBeGreaterThan(1);
  });

  it("stops reading beyond the limit, packed or not", async () => {
    await expect(door({ ca }).get("/large", { maxBytes: 1000 })).rejects.toMatchObject({ code: "answer-too-large" });
    await expect(door({ ca }).get("/gzip", { maxBytes: 10_000 })).rejects.toMatchObject({ code: "answer-too-large" });
  });
});
