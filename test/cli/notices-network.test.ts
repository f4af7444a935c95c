import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox, type RunningSandboxServer } from "../../src/sandbox/index.js";
import { photodrift } from "../support/cli.js";

/** Receivers of notices are reached as the tenant is: through the proxy of the company, and past a proxy that opens TLS with a CA of its own. */

let dir: string;
let config: string;
let sandbox: RunningSandboxServer;
let receiver: Server;
let proxy: Server;
const received: string[] = [];
const tunnels: string[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-notices-network-"));
  sandbox = await startSandbox({ dir, users: 5, seed: 2, profile: "clean" });
  config = await readFile(join(dir, "photodrift.yaml"), "utf8");
  receiver = createServer((request, response) => {
    received.push(request.headers.host ?? "");
    request.resume();
    response.end();
  });
  proxy = createServer();
  proxy.on("connect", (request, socket, head) => {
    tunnels.push(request.url ?? "");
    const upstream = connect((receiver.address() as AddressInfo).port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("error", () => upstream.destroy());
  });
  const listening = (server: Server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  await Promise.all([receiver, proxy].map(listening));
});
afterAll(async () => {
  for (const server of [receiver, proxy]) {
    server.closeAllConnections();
    server.close();
  }
  await sandbox.stop();
  await rm(dir, { recursive: true, force: true });
});

async function audit(url: string, env: NodeJS.ProcessEnv): Promise<string> {
  const file = join(dir, "notified.yaml");
  await writeFile(file, `${config}notify: [{kind: webhook, url: "${url}", on: always}]\n`);
  const { stderr } = await photodrift(["audit", "--config", file, "--verbose"], dir, env);
  return stderr
    .split("\n")
    .filter((line) => line.includes("notification"))
    .join("\n");
}

describe("notices take the way of the tenant's requests", () => {
  it("through the proxy that the environment names", async () => {
    const address = `http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`;
    const told = await audit("http://hooks.contoso.test/drift", { HTTP_PROXY: address, NO_PROXY: "127.0.0.1" });
    expect(told).toContain("sent");
    expect(tunnels).toEqual(["hooks.contoso.test:80"]);
    expect(received).toEqual(["hooks.contoso.test"]);
  });

  it("past it where NO_PROXY says so", async () => {
    const port = String((receiver.address() as AddressInfo).port);
    const env = { HTTP_PROXY: "http://127.0.0.1:9", NO_PROXY: "127.0.0.1" };
    expect(await audit(`http://127.0.0.1:${port}/drift`, env)).toContain("sent");
  });

  it("trusting what tenant.caFile says: the answer of a host of that CA is an answer", async () => {
    const graph = /graph: (\S+)/.exec(config)?.[1] ?? "";
    expect(await audit(`${graph}/nothing-here`, {})).toMatch(/failed: HTTP \d+/);
  });
});
