import { spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startSandbox, type RunningSandboxServer } from "../../src/sandbox/index.js";

const MAIN = join(import.meta.dirname, "..", "..", "dist", "main.js");

let dir: string;
let sandbox: RunningSandboxServer;
let receiver: Server;
let notified = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-closed-"));
  sandbox = await startSandbox({ dir, users: 12, seed: 3 });
  receiver = createServer((request, response) => {
    notified++;
    request.resume();
    response.end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const { port } = receiver.address() as AddressInfo;
  const text = await readFile(join(dir, "photodrift.yaml"), "utf8");
  const notify = `notify: [{kind: webhook, url: "http://127.0.0.1:${port}/", on: always}]\n`;
  await writeFile(join(dir, "photodrift.yaml"), `${text}limits: {maxChangePercent: 100}\n${notify}`);
});
afterAll(async () => {
  receiver.close();
  await sandbox.stop();
  await rm(dir, { recursive: true, force: true });
});

/** Runs a command whose reader is gone before it writes anything. */
function unread(argv: readonly string[]): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const child = spawn(process.execPath, [MAIN, ...argv, "--config", join(dir, "photodrift.yaml"), "--quiet"], {
    cwd: dir,
    env: { ...process.env, HTTPS_PROXY: "", https_proxy: "", NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stderr })));
}

it.each([
  ["an audit in text", ["audit"], 2, 1],
  ["an audit in HTML", ["audit", "--format", "html"], 2, 1],
  ["an audit in JSON", ["audit", "--format", "json"], 2, 1],
  ["a plan that is only printed", ["apply", "--format", "json"], 2, null],
  ["a report", ["report", "--format", "json"], 0, 0],
  ["a list", ["runs"], 0, 0],
  ["checks told line by line", ["doctor"], 0, 0],
  ["an apply", ["apply", "--yes"], 2, null],
] as const)(
  "%s whose reader closed the pipe ends with its own code, and its work is done",
  async (_, argv, code, told) => {
    const before = notified;
    expect((await unread(argv)).code).toBe(code);
    if (told !== null) expect(notified - before).toBe(told);
  },
);
