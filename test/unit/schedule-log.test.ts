import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { scheduleLog } from "../../src/cli/schedule/log.js";
import type { Terminal } from "../../src/cli/terminal/terminal.js";

const MODULE = pathToFileURL(join(import.meta.dirname, "..", "..", "dist", "cli", "schedule", "log.js")).href;

describe("what the daemon tells of a run that failed", () => {
  it.each([true, false])("is a line on standard error, also with --quiet: %s", (quiet) => {
    const told: string[] = [];
    const terminal = { err: (text: string) => void told.push(text) } as unknown as Terminal;
    const log = scheduleLog({ jsonLogs: false, quiet, terminal, log: null });
    log.info("nightly: audit started");
    log.error("nightly: failed, the disk is full", { schedule: "nightly" });
    expect(told).toHaveLength(quiet ? 1 : 2);
    expect(told.at(-1)).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z error: nightly: failed, the disk is full\n$/u);
  });

  it.each([true, false])("is a JSON line with --json-logs, also with --quiet: %s", async (quiet) => {
    const script = `import { scheduleLog } from ${JSON.stringify(MODULE)};
      const log = scheduleLog({ jsonLogs: true, quiet: ${String(quiet)}, terminal: null, log: null });
      log.info("nightly: audit started");
      log.error("nightly: failed", { schedule: "nightly", run: "r1", reason: "the disk is full" });`;
    const run = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
    const lines = run.stderr.trimEnd().split("\n");
    expect(lines).toHaveLength(quiet ? 1 : 2);
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({
      level: "error",
      message: "nightly: failed",
      reason: "the disk is full",
    });
    // One run member, whatever the log would add of its own.
    expect(lines.at(-1)?.match(/"run":/gu)).toHaveLength(1);
  });
});
