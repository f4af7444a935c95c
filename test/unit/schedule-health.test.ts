import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startHealthServer } from "../../src/schedule/health.js";

let server: Awaited<ReturnType<typeof startHealthServer>>;

beforeAll(async () => {
  const health = () => ({ ok: true, invalidFiles: 0, running: [], schedules: [] });
  server = await startHealthServer({ port: 0 }, health, () => "metrics\n");
});
afterAll(() => server.close());

function statusUnder(host: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request({ port: server.port, host: "127.0.0.1", path, headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on("error", reject);
    asked.end();
  });
}

describe("the name that health and metrics are asked under", () => {
  it.each([
    ["localhost", 200],
    ["LocalHost:9100", 200],
    ["localhost.:9100", 200],
    ["127.0.0.1", 200],
    ["127.0.0.2:1", 200],
    ["[::1]:9100", 200],
    ["evil.example", 421],
    ["evil.example:9100", 421],
    ["localhost.evil.example", 421],
    ["127.0.0.1.evil.example", 421],
    ["127.0.0.1@evil.example", 421],
    ["10.0.0.1", 421],
    ["[::2]", 421],
  ])("%s: %i", async (host, status) => {
    expect(await statusUnder(host, "/healthz")).toBe(status);
    expect(await statusUnder(host, "/metrics")).toBe(status);
  });
});
