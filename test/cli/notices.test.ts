import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox } from "../../src/sandbox/index.js";
import { photodrift } from "../support/cli.js";

interface Notice {
  readonly title: string;
  readonly tenantName: string;
  readonly report: string;
  readonly openDecisions: number;
  readonly nextSteps: readonly { readonly kind: string; readonly commands: readonly string[] }[];
  readonly people: { readonly total: number; readonly top: readonly { readonly who: string; readonly what: string }[] };
  readonly summary: { readonly usersWithDrift: number };
}

const ends: (() => Promise<unknown>)[] = [];
const received: Notice[] = [];
let dir = "";
let config = "";

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift notices-"));
  const sandbox = await startSandbox({ dir, users: 30, seed: 1 });
  ends.push(() => sandbox.stop());
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push(JSON.parse(Buffer.concat(chunks).toString("utf8")) as Notice);
      response.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  ends.push(() => new Promise((resolve) => receiver.close(resolve)));
  const { port } = receiver.address() as AddressInfo;
  config = join(dir, "photodrift.yaml");
  await appendFile(config, `notify: [{kind: webhook, url: "http://127.0.0.1:${port}/", on: always}]\n`);
});
afterAll(async () => {
  for (const end of ends) await end();
  await rm(dir, { recursive: true, force: true });
});

describe("the notice about an audit", () => {
  it("names tenant, open decisions, report and plan, and has one line a user", async () => {
    const report = join(dir, "drift.html");
    const plan = join(dir, "plan.json");
    await photodrift(["audit", "--config", config, "--plan", plan, "--output", report, "--quiet"], dir);
    const [notice] = received;
    expect(notice?.tenantName).toBe("contoso");
    expect(notice?.title).toMatch(/^Photo drift in contoso: .*; \d+ decisions are open$/);
    expect(notice?.openDecisions).toBeGreaterThan(0);
    expect(notice?.report).toBe(report);
    const commands = notice?.nextSteps.flatMap((step) => step.commands) ?? [];
    expect(commands).toContain(`photodrift apply "${plan}" --config "${config}"`);
    const who = notice?.people.top.map((one) => one.who) ?? [];
    expect(new Set(who).size).toBe(who.length);
    expect(who.filter((name) => name.includes("@"))).toHaveLength(notice?.summary.usersWithDrift ?? -1);
    expect(notice?.people.total).toBe(who.length);
  });

  it("tells how the report is made where none was written", async () => {
    await photodrift(["audit", "--config", config, "--quiet"], dir);
    expect(received.at(-1)?.report).toMatch(/^photodrift report \S+ --output photodrift-\S+\.html --config "/);
  });
});
