import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXPORT_FORMATS } from "../../src/schedule/index.js";
import { photodrift } from "../support/cli.js";

const SECRETS = ["Sup3rSecret!", "https://hooks.example.com/services/abc123", "hmac-key-of-ours"];
const CONFIG = `tenant: {id: contoso.com, name: contoso}
credential:
  kind: client-secret
  clientId: 609a5d9c-e2ae-4292-8b3e-a0c247f2b051
  clientSecret: ${SECRETS[0] ?? ""}   # of the app
source: {folder: ./photos}
notify:
  - kind: webhook
    url: ${SECRETS[1] ?? ""}
    secret: ${SECRETS[2] ?? ""}
  - {kind: teams, url: "\${TEAMS_WEBHOOK}"}
`;

let dir = "";
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift export "));
  await writeFile(join(dir, "photodrift.yaml"), CONFIG);
  await mkdir(join(dir, "schedules"));
  await writeFile(join(dir, "schedules", "nightly.yaml"), "cron: '30 2 * * *'\nconfig: ../photodrift.yaml\n");
});
afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});

const exportTo = (...words: readonly string[]) => photodrift(["schedule", "export", ...words], dir);

describe("schedule export", () => {
  it.each(EXPORT_FORMATS)("%s: secrets that stand in the configuration are named, never written", async (format) => {
    const to = join(dir, `to-${format}`);
    expect((await exportTo("--format", format, "--to", to)).code).toBe(0);
    const texts = await Promise.all((await readdir(to)).map((name) => readFile(join(to, name), "utf8")));
    const all = texts.join("\n");
    for (const secret of SECRETS) expect(all).not.toContain(secret);
    const isWritten = all.includes("clientSecret");
    expect(isWritten).toBe(["kubernetes", "container-apps"].includes(format));
    for (const name of ["CLIENT_SECRET", "NOTIFY_1_URL", "NOTIFY_1_SECRET"])
      expect(all.includes(`PHOTODRIFT_${name}`)).toBe(isWritten);
    expect(all).toContain("TEAMS_WEBHOOK");
  });

  it("the command starts where neither the search path nor the folder is that of whoever exported", async () => {
    const { stdout } = await exportTo("--format", "cron");
    const command = /^30 2 \* \* \* (.*)$/m.exec(stdout)?.[1]?.replaceAll("\\%", "%") ?? "exit 99";
    const ran = spawnSync("/bin/sh", ["-c", command], { cwd: "/", env: { PATH: "/nonexistent" }, encoding: "utf8" });
    expect([ran.status, ran.stderr]).toEqual([64, expect.stringContaining("photodrift.yaml has ")]);
  });

  it.each([
    ["a second scheduler", ["--format", "cron", "--format", "systemd"]],
    ["a file for the result", ["--format", "cron", "--output", "x.crontab"]],
    ["a program that only this folder knows", ["--format", "cron", "--program", "bin/photodrift"]],
  ])("%s is refused, not passed over", async (_what, words) => {
    const { code, stdout, stderr } = await exportTo(...words);
    expect([code, stdout]).toEqual([64, ""]);
    expect(stderr).toMatch(/\n {2}cure: \S/);
  });
});
