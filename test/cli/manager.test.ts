import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox } from "../../src/sandbox/index.js";
import { photodrift } from "../support/cli.js";

let dir = "";
let stop: () => Promise<void> = () => Promise.resolve();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-manager-"));
  const sandbox = await startSandbox({ dir, users: 30, seed: 1 });
  stop = () => sandbox.stop();
  await photodrift(["audit", "--config", join(dir, "photodrift.yaml"), "--quiet"], dir);
});
afterAll(async () => {
  await stop();
  await rm(dir, { recursive: true, force: true });
});

describe("report --audience manager", () => {
  it("gives one page without a name, in a file and on standard output", async () => {
    const config = join(dir, "photodrift.yaml");
    const page = join(dir, "manager.html");
    const { code, stdout } = await photodrift(
      ["report", "--audience", "manager", "--config", config, "--output", page],
      dir,
    );
    expect(code).toBe(0);
    const html = await readFile(page, "utf8");
    for (const text of [stdout, html]) {
      expect(text).toContain("Profile photos of contoso");
      expect(text).toContain("The ten worst");
      expect(text).not.toMatch(/@[\w-]+\.com|\.jpg/);
    }
  });

  it.each([
    ["--store", "entra"],
    ["--rule", "placeholder-image"],
    ["--user", "alice.abbott@contoso.com"],
  ])("is made of the newest run of the whole tenant, not of one with %s %s", async (flag, value) => {
    const config = join(dir, "photodrift.yaml");
    const page = async (...run: readonly string[]) =>
      await photodrift(["report", ...run, "--audience", "manager", "--config", config], dir);
    const before = (await page()).stdout;
    const audit = await photodrift(["audit", flag, value, "--config", config, "--format", "json"], dir);
    const { run } = JSON.parse(audit.stdout) as { run: { id: string } };
    expect((await page()).stdout).toBe(before);
    expect(await page(run.id)).toMatchObject({ code: 64, stdout: "", stderr: expect.stringContaining(flag) as string });
    const text = await photodrift(["report", run.id, "--config", config], dir);
    expect(text.stdout.replace(/\s+/g, " ")).toContain(`as far as this run looked: ${flag}`);
    const runs = await photodrift(["runs", "--limit", "1", "--config", config], dir);
    expect(runs.stdout.split("\n")[1]).toContain(` ${flag}`);
  });

  it.each(["json", "csv"])("is not given as %s", async (format) => {
    const { code, stderr } = await photodrift(["report", "--audience", "manager", "--format", format], dir);
    expect([code, stderr]).toEqual([64, expect.stringContaining("--audience manager cannot give the format")]);
  });
});
