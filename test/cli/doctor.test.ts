import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox, type RunningSandboxServer } from "../../src/sandbox/index.js";
import { photodrift } from "../support/cli.js";

let dir: string;
let sandbox: RunningSandboxServer;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-doctor-"));
  sandbox = await startSandbox({ dir, users: 12, seed: 3 });
});
afterAll(async () => {
  await sandbox.stop();
  await rm(dir, { recursive: true, force: true });
});

describe("a proxy that is none", () => {
  it.each(["http://", "socks5://ann:hush@proxy:1080"])("%s: doctor tells it among its checks", async (proxy) => {
    const { code, stdout, stderr } = await photodrift(["doctor"], dir, { HTTPS_PROXY: proxy, https_proxy: proxy });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAIL {2}proxy: .*https_proxy.*\n {6}cure: set it to http:/mu);
    expect(stdout).toMatch(/^ok {4}state file: /mu);
    expect(stdout + stderr).not.toContain("hush");
  });

  it("every other command ends with 64 and the cure", async () => {
    const { code, stderr } = await photodrift(["audit", "--quiet"], dir, {
      HTTPS_PROXY: "http://",
      https_proxy: "http://",
    });
    expect(code).toBe(64);
    expect(stderr).toMatch(/https_proxy is not the address of a proxy\.\n {2}cure: /u);
  });
});
