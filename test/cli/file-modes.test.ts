import { chmod, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox } from "../../src/sandbox/index.js";
import { photodriftHere } from "../support/cli.js";

let dir = "";
let stop: () => Promise<void> = () => Promise.resolve();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-modes-"));
  const running = await startSandbox({ dir, users: 6, seed: 3 });
  stop = () => running.stop();
});
afterAll(async () => {
  await stop();
  await rm(dir, { recursive: true, force: true });
});

/** Every file and folder below a folder that others than its owner may read or write, and how many there are. */
async function openToOthers(folder: string): Promise<{ readonly seen: number; readonly open: readonly string[] }> {
  const names = await readdir(folder, { recursive: true });
  const open: string[] = [];
  for (const name of [".", ...names]) {
    const { mode } = await stat(join(folder, name));
    if ((mode & 0o077) !== 0) open.push(`${name} ${(mode & 0o777).toString(8)}`);
  }
  return { seen: names.length, open };
}

// Windows has no such modes.
describe.skipIf(process.platform === "win32")("what holds people is its owner's alone", () => {
  it.each<readonly [string, (out: string) => readonly string[], number]>([
    ["audit", (out) => ["audit", "--output", join(out, "sub", "a.html"), "--output", join(out, "a.csv")], 3],
    ["audit --plan", (out) => ["audit", "--plan", join(out, "plan.json"), "--output", join(out, "a.json")], 2],
    ["report", (out) => ["report", "--output", join(out, "r.md"), "--output", join(out, "r.txt")], 2],
    ["masters", (out) => ["masters", "--output", join(out, "m.csv")], 1],
    ["runs", (out) => ["runs", "--output", join(out, "runs.json")], 1],
    ["export", (out) => ["export", out], 2],
    ["apply", (out) => ["apply", "--yes", "--output", join(out, "done.json")], 1],
  ])("%s", async (command, words, least) => {
    const out = join(dir, `out-${command.replaceAll(" ", "")}`);
    // The plan file's own folder is the user's to make; every other is made by the program.
    if (command === "audit --plan") {
      const made = await mkdtemp(`${out}-`);
      await check(made, words(made), least);
    } else await check(out, words(out), least);
  });

  async function check(out: string, words: readonly string[], least: number): Promise<void> {
    const { code, stderr } = await photodriftHere([...words, "--config", join(dir, "photodrift.yaml"), "--quiet"]);
    expect([0, 2], stderr).toContain(code);
    const { seen, open } = await openToOthers(out);
    expect(seen).toBeGreaterThanOrEqual(least);
    expect(open).toEqual([]);
  }

  it("state and backups", async () => {
    for (const name of (await readdir(dir)).filter((each) => each.startsWith("photodrift.db"))) {
      const path = join(dir, name);
      if ((await stat(path)).isDirectory()) expect((await openToOthers(path)).open).toEqual([]);
      else expect((await stat(path)).mode & 0o077).toBe(0);
    }
  });

  it("a file that was open to others before", async () => {
    const file = join(dir, "old.csv");
    await writeFile(file, "x");
    await chmod(file, 0o644);
    const { code } = await photodriftHere([
      "runs",
      "--output",
      file,
      "--config",
      join(dir, "photodrift.yaml"),
      "--quiet",
    ]);
    expect([code, (await stat(file)).mode & 0o777]).toEqual([0, 0o600]);
  });
});
