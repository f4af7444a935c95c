import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

// The compiled program, which `npm test` builds first: a real process is what SIGKILL ends.
const built = existsSync("dist/schedule/loop.js") && existsSync("dist/config/schedule-file.js");
let folder: string;
let child: ChildProcess | null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photodrift-daemon-"));
  writeFileSync(join(folder, "often.yaml"), 'cron: "* * * * * *"\n');
  child = null;
});
afterEach(async () => {
  await end("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

function begin(): void {
  child = spawn(process.execPath, ["test/support/schedule-daemon.mjs", folder], { stdio: "inherit" });
}

async function end(signal: "SIGTERM" | "SIGKILL"): Promise<number | null> {
  const running = child;
  if (!running || running.exitCode !== null || running.signalCode !== null) return running?.exitCode ?? null;
  const exited = new Promise<number | null>((resolve) => running.once("exit", (code) => resolve(code)));
  running.kill(signal);
  return exited;
}

function journal(): string[] {
  const path = join(folder, "journal");
  return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

const ends = () => journal().filter((line) => line.startsWith("end "));

describe.runIf(built)("a daemon that is killed", () => {
  it("loses no due time and carries none out twice", async () => {
    begin();
    await until(() => ends().length >= 2 && (journal().at(-1) ?? "").startsWith("start "));
    await end("SIGKILL");
    const before = ends().length;
    await sleep(2_200);
    begin();
    await until(() => ends().length >= before + 3);
    expect(await end("SIGTERM")).toBe(0);

    const done = ends();
    expect(new Set(done).size).toBe(done.length);
    const catchUps = journal().filter((line) => line.includes(" catch-up "));
    expect(catchUps.length).toBeGreaterThanOrEqual(1);
    expect(Number(catchUps[0]?.split(" ")[3])).toBeGreaterThanOrEqual(1);

    // Every second from the first due time to the last is accounted for, once.
    const database = new Database(join(folder, "schedule.db"), { readonly: true });
    const rows = database
      .prepare<[], { due: number; state: string; missed: number }>(
        "SELECT due, state, missed FROM schedule_tick ORDER BY due",
      )
      .all();
    database.close();
    const covered = rows.flatMap(({ due, state, missed }) =>
      Array.from({ length: state === "missed" ? missed : 1 }, (_, i) => due + i * 1_000),
    );
    const first = covered[0] ?? 0;
    expect(covered).toEqual(covered.map((_, i) => first + i * 1_000));
    expect(rows.filter(({ state }) => state === "done").map(({ due }) => `end ${new Date(due).toISOString()}`)).toEqual(
      done,
    );
    expect(rows.filter(({ state }) => state === "interrupted").length).toBeLessThanOrEqual(1);
    expect(rows.filter(({ state }) => state === "running" || state === "waiting")).toHaveLength(0);
  });
});
