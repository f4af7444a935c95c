import { existsSync } from "node:fs";
import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox, type RunningSandboxServer } from "../../src/sandbox/index.js";
import { openState } from "../../src/state/index.js";
import { photodrift, photodriftHere } from "../support/cli.js";

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

interface Check {
  readonly name: string;
  readonly level: string;
  readonly detail: string;
  readonly cure: string;
}

/** A configuration of its own with other lines at its end, or in the place of those that have the same key. */
async function configured(lines: readonly string[]): Promise<string> {
  const file = join(dir, `other-${lines.join("").length}-${Math.random().toString(36).slice(2)}.yaml`);
  let text = await readFile(join(dir, "photodrift.yaml"), "utf8");
  for (const line of lines) {
    const key = line.slice(0, line.indexOf(":") + 1);
    const old = new RegExp(`^${key}.*\\n( .*\\n)*`, "mu");
    text = old.test(text) ? text.replace(old, `${line}\n`) : `${text}${line}\n`;
  }
  await writeFile(file, text);
  return file;
}

async function doctor(...lines: readonly string[]): Promise<{ code: number | null; checks: readonly Check[] }> {
  const config = await configured(lines);
  const { code, stdout, stderr } = await photodriftHere(["doctor", "--config", config, "--format", "json"]);
  expect(stderr).toBe("");
  return { code, checks: (JSON.parse(stdout) as { checks: readonly Check[] }).checks };
}

const found = (checks: readonly Check[], name: string) => checks.filter((check) => check.name === name);

describe("doctor looks at who is in scope", () => {
  it.each<readonly [string, string, string, string, string]>([
    ["everybody", "scope: {}", "scope", "ok", "users are in scope"],
    [
      "a group that is not there",
      'scope: {groups: ["0b8f8c3e-0000-4000-8000-000000000000"]}',
      "group 0b8f8c3e-0000-4000-8000-000000000000",
      "fail",
      "there is no group",
    ],
    [
      "a glob of include that fits nobody",
      'scope: {include: ["*@contso.com"]}',
      "scope.include",
      "warning",
      '"*@contso.com" fits the UPN of no user',
    ],
    [
      "nobody in scope",
      'scope: {include: ["*@contso.com"]}',
      "scope",
      "warning",
      'fits no pattern of scope.include: "*@contso.com"',
    ],
    ["one glob of several", 'scope: {include: ["*", "svc-*"]}', "scope.include", "warning", '"svc-*" fits'],
    ["a glob of exclude that fits nobody", 'scope: {exclude: ["svc-*"]}', "scope.exclude", "warning", '"svc-*" fits'],
    ["everybody excluded", 'scope: {exclude: ["*"]}', "scope", "warning", "No user is in scope: "],
  ])("%s", async (_, line, name, level, detail) => {
    const { code, checks } = await doctor(line);
    expect(found(checks, name)).toEqual([
      expect.objectContaining({ level, detail: expect.stringContaining(detail) as string }),
    ]);
    expect(code).toBe(level === "fail" ? 1 : 0);
    if (level !== "ok") expect(found(checks, name)[0]?.cure).not.toBe("");
  });

  it("an audit of nobody says so, and ends as it would", async () => {
    const config = await configured(['scope: {include: ["*@contso.com"]}', "state: ./nobody.db"]);
    const { code, stderr } = await photodriftHere(["audit", "--config", config, "--exit-zero"]);
    expect(code).toBe(0);
    expect(stderr).toContain("warning: No user is in scope: ");
    expect(stderr).toContain('(fits no pattern of scope.include: "*@contso.com").');
  });
});

describe("doctor looks at what a run writes and reads on this machine", () => {
  it("reports that cannot be written fail; a folder that is not there yet is well, and is not made", async () => {
    await writeFile(join(dir, "a-file"), "");
    for (const place of ["./a-file", "./a-file/below"]) {
      const { code, checks } = await doctor(`reports: ${place}`);
      expect(code).toBe(1);
      expect(found(checks, "reports folder")).toEqual([expect.objectContaining({ level: "fail" })]);
      expect(found(checks, "reports folder")[0]?.cure).toContain("`reports`");
    }
    const { checks } = await doctor("reports: ./not/yet");
    expect(found(checks, "reports folder")).toEqual([expect.objectContaining({ level: "ok" })]);
    expect(existsSync(join(dir, "not"))).toBe(false);
  });

  it("a state file that is not there is well, and is not made", async () => {
    const before = await readdir(dir);
    const { checks } = await doctor("state: ./new-state.db");
    expect(found(checks, "state file")).toEqual([
      expect.objectContaining({ level: "ok", detail: expect.stringContaining("not there yet") as string }),
    ]);
    expect((await readdir(dir)).filter((name) => !before.includes(name) && !name.endsWith(".yaml"))).toEqual([]);
  });

  it.each([
    ["is no database", 0],
    ["is damaged behind its first pages", 60_000],
  ])("a state file that %s fails, and is left as it is", async (_, from) => {
    const file = join(dir, `damaged-${from}.db`);
    const state = openState(file, null);
    const put = state.db.prepare("INSERT INTO meta(key, value) VALUES (?, ?)");
    state.records.transaction(() => {
      for (let at = 0; at < 4_000; at++) put.run(`key-${at}`, "v".repeat(100));
    });
    state.close();
    const handle = await open(file, "r+");
    await handle.write(Buffer.alloc(30_000, 0x5a), 0, 30_000, from);
    await handle.close();
    const bytes = await readFile(file);
    const { code, checks } = await doctor(`state: ./damaged-${from}.db`);
    expect(code).toBe(1);
    expect(found(checks, "state file")).toEqual([
      expect.objectContaining({ level: "fail", cure: expect.stringContaining("Move the file away") as string }),
    ]);
    expect((await readFile(file)).equals(bytes)).toBe(true);
  });

  it.each([
    ["policy: {consent: ./a-folder}", "consent list"],
    ["policy: {pins: ./a-folder}", "pin list"],
    ["source: {folder: ./photos, mapping: ./a-folder}", "mapping"],
  ])("a list that cannot be read fails, and keeps no other check back: %s", async (line, name) => {
    await mkdir(join(dir, "a-folder"), { recursive: true });
    const { code, checks } = await doctor(line);
    expect(code).toBe(1);
    expect(found(checks, name)).toEqual([expect.objectContaining({ level: "fail" })]);
    expect(found(checks, "scope")).toHaveLength(1);
  });
});
