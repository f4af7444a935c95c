import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readSandbox, startSandbox, type RunningSandboxServer } from "../../src/sandbox/index.js";
import { photodriftHere, type CliResult } from "../support/cli.js";

interface SeenUser {
  readonly upn: string;
  readonly deleted: boolean;
  readonly exchange: object | null;
}

let dir: string;
let sandbox: RunningSandboxServer;
let text: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-shrunken-"));
  sandbox = await startSandbox({ dir, users: 20, seed: 5, profile: "clean" });
  text = await readFile(join(dir, "photodrift.yaml"), "utf8");
});
afterAll(async () => {
  await sandbox.stop();
  await rm(dir, { recursive: true, force: true });
});

async function withPhoto(): Promise<string[]> {
  const { users } = (await readSandbox(dir, "state")) as { readonly users: readonly SeenUser[] };
  return users.filter(({ deleted, exchange }) => !deleted && exchange !== null).map(({ upn }) => upn);
}

function configure(limit: number): Promise<void> {
  const limits = `limits: {maxChangePercent: ${limit}, maxRemovals: 100}\n`;
  return writeFile(
    join(dir, "photodrift.yaml"),
    `${text}${limits}policy: {consent: ./no.csv, autoApply: [missing-photo, consent-withdrawn]}\n`,
  );
}

const list = (upns: readonly string[]): Promise<void> => writeFile(join(dir, "no.csv"), `user\n${upns.join("\n")}\n`);

function run(...argv: readonly string[]): Promise<CliResult> {
  return photodriftHere([...argv, "--config", join(dir, "photodrift.yaml")]);
}

it("whoever dropped off a consent list in mass gets no photo, until one run is told to believe it", async () => {
  const said = (await withPhoto()).slice(0, 12);
  await list(said);
  await configure(100);
  expect([0, 2]).toContain((await run("apply", "--yes")).code);
  const others = await withPhoto();
  expect(others.filter((upn) => said.includes(upn))).toEqual([]);

  await configure(30);
  await list(said.slice(0, 2));
  const plan = join(dir, "plan.json");
  const audit = await run("audit", "--quiet", "--plan", plan);
  expect(audit.code).toBe(2);
  expect(audit.stderr).toMatch(
    /warning: The consent list no\.csv names 2 people, 10 fewer than the 12 it named before/u,
  );
  for (const argv of [
    ["apply", "--yes"],
    ["apply", plan, "--yes"],
  ]) {
    const { code, stderr } = await run(...argv);
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: expect.stringMatching(
        /error: The consent list no\.csv names 2 people.*\n {2}cure: .*maxChangePercent/u,
      ) as string,
    });
    expect(await withPhoto()).toEqual(others);
  }

  await configure(100);
  expect([0, 2]).toContain((await run("apply", "--yes")).code);
  expect((await withPhoto()).length).toBe(others.length + 10);
  await configure(30);
  expect((await run("audit")).stderr).not.toContain("consent list");
});
