import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../src/model/finding.js";
import { startSandbox } from "../../src/sandbox/index.js";
import { photodrift, type CliResult } from "../support/cli.js";

let dir = "";
let stop: () => Promise<void> = () => Promise.resolve();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-archive-"));
  const running = await startSandbox({ dir, users: 30, seed: 5 });
  stop = () => running.stop();
  const { masters } = JSON.parse((await run("masters", "--format", "json")).stdout) as {
    masters: readonly { file: string; outcome: { kind: string; upn?: string } }[];
  };
  const rows = masters.flatMap(({ file, outcome }) => (outcome.kind === "matched" ? [[outcome.upn, file]] : []));
  const cells = rows.map((row) => row.map((cell) => `"${cell ?? ""}"`).join(","));
  await writeFile(join(dir, "people.csv"), `user,file\n${cells.join("\n")}\n`);
  const yaml = await readFile(join(dir, "photodrift.yaml"), "utf8");
  const source = yaml.replace(/^source:/m, "source:\n  mapping: ./people.csv\n  archive: ./archive");
  await writeFile(join(dir, "photodrift.yaml"), `${source}\nlimits: {maxChangePercent: 100}\n`);
});
afterAll(async () => {
  await stop();
  await rm(dir, { recursive: true, force: true });
});

function run(...args: string[]): Promise<CliResult> {
  return photodrift([...args, "--config", join(dir, "photodrift.yaml"), "--quiet"], dir);
}

async function findings(): Promise<readonly Finding[]> {
  const { stdout } = await run("audit", "--format", "json");
  return (JSON.parse(stdout) as { findings: readonly Finding[] }).findings;
}

async function archived(): Promise<readonly string[]> {
  const text = await readFile(join(dir, "archive", "manifest.csv"), "utf8").catch(() => "");
  return parse<{ user: string }>(text, { columns: true }).map(({ user }) => user);
}

describe("masters go to the archive when all their stores are confirmed", () => {
  it("not under a filter for stores, and never while drift is left that a filter for rules hides", async () => {
    const drifted = new Set((await findings()).filter(({ drift }) => drift).map(({ user }) => user?.upn));
    for (const store of ["entra", "exchange", "sharepoint"])
      await run("apply", "--yes", "--store", store, "--rule", "missing-photo");
    expect(await archived()).toEqual([]);
    await run("apply", "--yes", "--rule", "missing-photo");

    const moved = await archived();
    expect(moved.length).toBeGreaterThan(0);
    expect(moved.filter((upn) => drifted.has(upn))).toEqual([]);
  });

  it("and what is archived is no drift, no row without a file, and no fault to doctor", async () => {
    const before = new Set((await findings()).map(({ id }) => id));
    await run("apply", "--yes");
    await run("apply", "--yes");
    const moved = await archived();
    const left = await findings();

    expect(moved.length).toBeGreaterThan(10);
    expect(left.filter(({ user, drift }) => drift && moved.includes(user?.upn ?? ""))).toEqual([]);
    expect(left.filter(({ rule, id }) => rule === "list-entry-without-user" && !before.has(id))).toEqual([]);
    expect(left.filter(({ rule }) => rule === "list-entry-without-user")).toEqual([]);
    expect((await run("doctor")).stdout).toContain("list people.csv");
    expect((await run("doctor")).stdout).not.toContain("FAIL  list people.csv");
    expect((await readdir(join(dir, "archive"))).length).toBe(moved.length + 1);
  });

  it("but a row whose file nobody archived is told still", async () => {
    const list = join(dir, "people.csv");
    await writeFile(list, `${await readFile(list, "utf8")}${(await archived())[0] ?? ""},gone.jpg\n`);

    expect((await findings()).filter(({ rule }) => rule === "list-entry-without-user")).toHaveLength(1);
  });
});
