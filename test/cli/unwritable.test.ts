import { createServer, type Server } from "node:http";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { executor } from "../../src/cli/schedule/execute.js";
import { readSandbox, startSandbox, type RunningSandboxServer } from "../../src/sandbox/index.js";
import { photodriftHere } from "../support/cli.js";
import { madeSchedule } from "../support/made-schedule.js";

interface Notice {
  readonly run: { readonly id: string; readonly verdict: string };
  readonly drift: { readonly new: number };
  readonly report: string | null;
  readonly error: { readonly message: string; readonly hint: string } | null;
}

let dir: string;
let sandbox: RunningSandboxServer;
let receiver: Server;
let config: string;
let notices: Notice[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-unwritable-"));
  sandbox = await startSandbox({ dir, users: 12, seed: 3 });
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      notices.push(JSON.parse(Buffer.concat(chunks).toString("utf8")) as Notice);
      response.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const { port } = receiver.address() as AddressInfo;
  config = join(dir, "photodrift.yaml");
  const text = (await readFile(config, "utf8")).replace(/^reports:.*$/m, "reports: ./a-file");
  await writeFile(config, `${text}notify: [{kind: webhook, url: "http://127.0.0.1:${port}/", on: always}]\n`);
  await writeFile(join(dir, "a-file"), "");
  await mkdir(join(dir, "a-folder"));
});
afterEach(() => void (notices = []));
afterAll(async () => {
  receiver.close();
  await sandbox.stop();
  await rm(dir, { recursive: true, force: true });
});

function run(...argv: readonly string[]) {
  return photodriftHere([...argv, "--config", config, "--quiet"]);
}

async function asked(): Promise<number> {
  return ((await readSandbox(dir, "log")) as { readonly entries: readonly unknown[] }).entries.length;
}

const PLACES = [
  ["below a file", "a-file/x"],
  ["a folder", "a-folder"],
  ["a name that is too long", "n".repeat(300)],
  ...(process.platform === "linux" ? [["below /proc", "/proc/nowhere/x"]] : []),
] as const;

describe("a file that cannot be written is told before the tenant is asked for anything", () => {
  const rows = PLACES.flatMap(([what, place]) => [
    [what, "audit", ["--format", "html", "--output", place]] as const,
    [what, "audit", ["--plan", place]] as const,
    [what, "apply", ["--yes", "--format", "json", "--output", place]] as const,
    [what, "undo", ["any", "--format", "json", "--output", place]] as const,
  ]);
  it.each(rows)("%s: %s", async (_, command, flags) => {
    const before = await asked();
    const words = flags.map((word) => (PLACES.some(([, place]) => place === word) ? join(dir, word) : word));
    const { code, stderr } = await run(command, ...(flags.at(-1)?.startsWith("/proc") === true ? flags : words));
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/cannot (be )?writ.*\n {2}cure: .*/) as string,
    });
    expect(await asked()).toBe(before);
    // A schedule elsewhere relies on being told; an undo is typed by hand.
    expect(notices.map((one) => one.run.verdict)).toEqual(command === "undo" ? [] : ["failed"]);
    const { runs } = JSON.parse((await run("runs", "--format", "json")).stdout) as { runs: unknown[] };
    expect(runs).toEqual([]);
  });
});

describe("what cannot be written after all costs nothing else", () => {
  it.runIf(process.platform === "linux")(
    "a full disk: the report is printed, its drift is told, and the cure names the run",
    async () => {
      const { code, stdout, stderr } = await run("audit", "--format", "html", "--output", "/dev/full");
      expect(code).toBe(1);
      expect(stdout).toContain("drift");
      const [notice] = notices;
      expect(notice?.run.verdict).toBe("drift");
      expect(notice?.drift.new).toBeGreaterThan(0);
      expect(notice?.report).toContain("photodrift report");
      expect(notice?.error?.message).toContain("/dev/full");
      expect(stderr).toContain(`\`photodrift report ${notice?.run.id ?? ""} --config`);
    },
  );

  it("a scheduled run whose reports cannot be written is told all the same, with the reason", async () => {
    const schedule = madeSchedule("nightly", { config, formats: ["html"], notify: null });
    const surroundings = { progress: QUIET, env: { ...process.env, HTTPS_PROXY: "", https_proxy: "" } };
    const trigger = { kind: "tick", due: "2026-11-23T02:30:00.000Z", missed: 0, attempt: 1 } as const;
    const result = await executor(surroundings)(schedule, trigger, new AbortController().signal);
    expect(result).toMatchObject({
      head: { verdict: "drift" },
      failure: { message: expect.stringContaining("a-file") as string },
    });
    expect(notices.map((one) => [one.run.verdict, one.error?.message])).toEqual([
      ["drift", expect.stringContaining("a-file") as string],
    ]);
  });
});

const QUIET = {
  step: () => ({ tick: () => undefined, done: () => undefined }),
  note: () => undefined,
  warn: () => undefined,
};
