import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openProgress } from "../../src/cli/terminal/progress.js";
import type { Terminal } from "../../src/cli/terminal/terminal.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function told(live: boolean, width = 120) {
  const lines: string[] = [];
  const terminal = { errIsTerminal: live, width, err: (text: string) => void lines.push(text) } as unknown as Terminal;
  return { lines, progress: openProgress(terminal, { quiet: false, verbose: false, jsonLogs: false }) };
}

it("steps that go on side by side stand in one line on a terminal, and each is told when it is done", () => {
  const { lines, progress } = told(true);
  const cloud = progress.step("Cloud photos", 40);
  const profiles = progress.step("SharePoint profiles", 100);
  vi.advanceTimersByTime(1_000);
  cloud.tick(10);
  expect(lines.at(-1)).toMatch(/Cloud photos +█+░+ 10\/40 .* · SharePoint profiles 0\/100$/);
  vi.advanceTimersByTime(1_000);
  cloud.done();
  expect(lines.join("")).toContain("Cloud photos: 10 in 2.0 s\n");
  profiles.tick(100);
  profiles.done();
  expect(lines.join("")).toContain("SharePoint profiles: 100 in 2.0 s\n");
  expect(lines.at(-1)).not.toContain("█");
});

it("a line is never longer than the terminal", () => {
  const { lines, progress } = told(true, 60);
  for (const name of ["Cloud photos", "SharePoint profiles", "SharePoint thumbnails"])
    progress.step(name, 1_000).tick(5);
  // eslint-disable-next-line no-control-regex -- the wipe of the line
  for (const line of lines) expect(line.replace(/\r\u001b\[2K/, "").length).toBeLessThan(60);
});

it("without a terminal each step is told at most every quarter of a minute", () => {
  const { lines, progress } = told(false);
  const one = progress.step("Cloud photos", 400);
  const other = progress.step("SharePoint profiles", 400);
  for (let second = 0; second < 31; second++) {
    vi.advanceTimersByTime(1_000);
    one.tick();
    other.tick();
  }
  expect(lines.filter((line) => line.startsWith("Cloud photos"))).toHaveLength(2);
  expect(lines.filter((line) => line.startsWith("SharePoint profiles"))).toHaveLength(2);
});

describe("with --quiet warnings are told, and nothing else", () => {
  const MODULES = join(import.meta.dirname, "..", "..", "dist", "cli");
  const OPENED = {
    "a command": `openProgress(terminal, options)`,
    "a run of the daemon": `daemonProgress(scheduleLog({ ...options, terminal, log: null }), options.verbose)`,
  };
  const cases = Object.entries(OPENED).flatMap(([who, opened]) =>
    [true, false].flatMap((jsonLogs) => [true, false].map((verbose) => ({ who, opened, jsonLogs, verbose }))),
  );

  it.each(cases)("$who, --json-logs $jsonLogs, --verbose $verbose", ({ opened, jsonLogs, verbose }) => {
    const script = `import { openProgress } from ${JSON.stringify(pathToFileURL(join(MODULES, "terminal", "progress.js")).href)};
      import { daemonProgress, scheduleLog } from ${JSON.stringify(pathToFileURL(join(MODULES, "schedule", "log.js")).href)};
      const terminal = { errIsTerminal: false, width: 80, err: (text) => void process.stderr.write(text) };
      const options = { quiet: true, verbose: ${String(verbose)}, jsonLogs: ${String(jsonLogs)} };
      const progress = ${opened};
      const step = progress.step("Cloud photos", 4);
      step.tick(4);
      step.done();
      progress.note("by the way");
      progress.warn("the list lost most of its people");`;
    const { stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
    const lines = stderr.trimEnd().split("\n");
    expect(lines).toHaveLength(1);
    if (jsonLogs) expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ level: "warn" });
    expect(lines.at(-1)).toMatch(jsonLogs ? /the list lost most of its people/u : /warning: the list lost most/u);
  });
});
