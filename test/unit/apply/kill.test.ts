import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { automaticFindings, planOf } from "../../support/tenant/audited.js";
import type { FakeTenant } from "../../support/tenant/fake-tenant.js";
import { createRig, removeFolder, tempFolder } from "./rig.js";
import { mixedTenant } from "./worlds.js";

// The compiled program, which `npm test` builds first: a real process is what SIGKILL ends.
const built = existsSync("dist/run/recovery.js") && existsSync("dist/state/sqlite/lock.js");
const MAX_STARTS = 40;
let folder: string;
let server: Server | null;

beforeEach(() => {
  folder = tempFolder();
  server = null;
});

afterEach(() => {
  server?.close();
  server?.closeAllConnections();
  removeFolder(folder);
});

function pack(_: string, value: unknown): unknown {
  if (value instanceof Map) return { $map: [...(value as Map<unknown, unknown>)] };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  const json = value as { type?: unknown; data?: unknown } | null;
  if (json?.type === "Buffer") return { $bytes: Buffer.from(json.data as number[]).toString("base64") };
  return value;
}

function unpack(_: string, value: unknown): unknown {
  const bytes = (value as { $bytes?: unknown } | null)?.$bytes;
  return typeof bytes === "string" ? Buffer.from(bytes, "base64") : value;
}

async function bodyOf(request: IncomingMessage): Promise<readonly unknown[]> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString(), unpack) as readonly unknown[];
}

/** Serves the tenant; `after` is told of each request before it is carried out and before it is answered. */
async function serve(tenant: FakeTenant, at: (moment: "asked" | "done") => void): Promise<number> {
  const ports = tenant.ports() as unknown as Record<string, unknown>;
  server = createServer((request, response) => {
    void (async () => {
      const values = await bodyOf(request);
      at("asked");
      const [name = "", method] = (request.url ?? "").slice(1).split("/");
      const owner = ports[name];
      const target = method === undefined ? owner : (owner as Record<string, unknown>)[method];
      const result = await (target as (...given: readonly unknown[]) => Promise<unknown>)(...values);
      at("done");
      response.end(JSON.stringify({ result }, pack));
    })();
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** Starts the program; kills it when `killAt` moments have passed. Returns its exit code, null when killed. */
async function start(port: number, runId: string, moments: { left: number; kill: () => void }): Promise<number | null> {
  const child = spawn(process.execPath, ["test/support/apply-child.mjs", folder, String(port), runId], {
    stdio: "inherit",
  });
  moments.kill = () => child.kill("SIGKILL");
  return new Promise((resolve) => child.once("exit", (code) => resolve(code)));
}

describe.runIf(built)("an apply that is killed again and again", () => {
  it("comes to the same end, sends nothing twice, and keeps its state whole", async () => {
    const now = Date.now();
    const undisturbed = mixedTenant();
    const before = createRig(undisturbed, folder);
    const plan = await planOf(undisturbed, before.state, { now });
    before.begin("run-whole");
    await before.apply(plan, "run-whole");
    before.close();
    removeFolder(folder);
    folder = tempFolder();

    const tenant = mixedTenant();
    const prepared = createRig(tenant, folder);
    await planOf(tenant, prepared.state, { now });
    prepared.close();
    const moments = { left: 0, kill: () => undefined as void };
    const port = await serve(tenant, () => {
      if (--moments.left === 0) moments.kill();
    });
    let seed = 7;
    let starts = 0;
    let code: number | null;
    do {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      // Later and later, so that it ends: each start first looks at what the last one left.
      moments.left = 15 + (seed % 60) + starts * 30;
      code = await start(port, `run-${String(++starts)}`, moments);
      expect([0, null]).toContain(code);
    } while (code === null && starts < MAX_STARTS);

    expect(code).toBe(0);
    expect(starts).toBeGreaterThan(3);
    expect(tenant.snapshot()).toBe(undisturbed.snapshot());
    const sent = tenant.writes.map(({ address, shows }) => `${address} ${shows}`);
    expect(new Set(sent).size).toBe(sent.length);
    const after = createRig(tenant, folder);
    expect(after.state.db.pragma("integrity_check", { simple: true })).toBe("ok");
    expect(after.state.journal.open()).toEqual([]);
    expect(after.state.journal.unfinishedRuns().map(({ id }) => id)).toEqual([`run-${String(starts)}`]);
    expect(await automaticFindings(tenant, after.state)).toEqual([]);
    after.close();
  });
});
