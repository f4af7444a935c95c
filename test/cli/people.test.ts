import { appendFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSandbox, startSandbox } from "../../src/sandbox/index.js";
import { photodrift, type CliResult } from "../support/cli.js";
import { readTruth, type ReportedFinding } from "../support/truth.js";

interface MastersList {
  readonly masters: readonly { readonly file: string; readonly outcome: { readonly kind: string } }[];
}

let dir = "";
let stop: () => Promise<void> = () => Promise.resolve();
let stale = "";

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-people-"));
  const running = await startSandbox({ dir, users: 30, seed: 5 });
  stop = () => running.stop();
  const truth = await readTruth(dir);
  stale = truth.users.find(({ findings }) => findings.some(({ rule }) => rule === "stale-photo"))?.upn ?? "";
});
afterAll(async () => {
  await stop();
  await rm(dir, { recursive: true, force: true });
});

function run(...args: string[]): Promise<CliResult> {
  return photodrift([...args, "--config", join(dir, "photodrift.yaml"), "--quiet"], dir);
}

async function rulesOf(upn: string): Promise<string[]> {
  const { stdout } = await run("audit", "--format", "json");
  const { findings } = JSON.parse(stdout) as { findings: readonly ReportedFinding[] };
  return [...new Set(findings.filter(({ user }) => user?.upn === upn).map(({ rule }) => rule))];
}

describe("commands about people", () => {
  it("explain tells evidence, rules and what apply would do", async () => {
    const { code, stdout } = await run("explain", stale);
    expect(code).toBe(0);
    expect(stdout).toContain(stale);
    expect(stdout).toMatch(/hp32 -?\d\.\d{3}/);
    expect(stdout).toContain("stale-photo");
    expect(stdout).toMatch(/What apply would do\n {2}(upload-photo|write-thumbnail)/);
  });

  it("explain in JSON holds no pixels: no list of bytes of any signature", async () => {
    const { stdout } = await run("explain", stale, "--format", "json");
    const long: string[] = [];
    JSON.parse(stdout, (key, value: unknown) => {
      if (value !== null && typeof value === "object" && Object.keys(value).length > 100) long.push(key);
      return value;
    });
    expect(stdout).toContain('"sha256"');
    expect(long).toEqual([]);
  });

  it("explain after an audit reads no list of users, and tells the same", async () => {
    const lists = async () => {
      const { entries } = (await readSandbox(dir, "log")) as { entries: readonly { method: string; path: string }[] };
      return entries.filter(({ path }) => /^\/(?:v1\.0|beta)\/users\?/.test(path)).length;
    };
    const told = async () => (await run("explain", stale)).stdout;
    const before = await told();
    expect(await lists()).toBeGreaterThan(0);
    await run("audit");
    const audited = await lists();
    expect(await told()).toBe(before);
    expect(await lists()).toBe(audited);
  });

  it("accept makes the present picture a wanted one, and --reset forgets it", async () => {
    expect(await rulesOf(stale)).toContain("stale-photo");
    expect((await run("accept", stale)).code).toBe(0);
    const accepted = await rulesOf(stale);
    expect(accepted).toContain("pinned");
    expect(accepted).not.toContain("stale-photo");
    expect((await run("accept", stale, "--reset")).code).toBe(0);
    expect(await rulesOf(stale)).toContain("stale-photo");
  });

  it("masters names the file of each user and why others fit nobody", async () => {
    const { stdout } = await run("masters", "--format", "json");
    const { masters } = JSON.parse(stdout) as MastersList;
    expect(masters.map(({ file }) => file).sort()).toEqual((await readdir(join(dir, "photos"))).sort());
    const unmatched = JSON.parse((await run("masters", "--unmatched", "--format", "json")).stdout) as MastersList;
    expect(unmatched.masters.every(({ outcome }) => outcome.kind === "unmatched" || outcome.kind === "ambiguous")).toBe(
      true,
    );
  });

  it("export writes every cloud photo with a manifest", async () => {
    const { code, stderr } = await run("export", "out");
    expect(code, stderr).toBe(0);
    const rows = parse<Record<string, string>>(await readFile(join(dir, "out", "manifest.csv")), { columns: true });
    const { users } = (await readSandbox(dir, "state")) as {
      users: { upn: string; deleted: boolean; hasMailbox: boolean; entra: object | null; exchange: object | null }[];
    };
    const wanted = users
      .filter(({ deleted, entra, exchange }) => !deleted && (entra ?? exchange) !== null)
      .map(({ upn }) => upn);
    expect(rows.map(({ upn }) => upn).sort()).toEqual(wanted.sort());
    for (const { file = "" } of rows) {
      expect((await readFile(join(dir, "out", file))).subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    }
  });

  it("export --user writes that user's photos alone, and nobody's where one name is nobody's", async () => {
    const { code, stderr } = await run("export", "one", "--user", stale.toUpperCase(), "--user", stale);
    expect(code, stderr).toBe(0);
    const rows = parse<Record<string, string>>(await readFile(join(dir, "one", "manifest.csv")), { columns: true });
    expect(rows.map(({ upn }) => upn)).toEqual([stale]);
    expect(await readdir(join(dir, "one"))).toEqual(expect.arrayContaining([rows[0]?.["file"]]));
    const asked = ["--user", stale, "--user", `${stale}x`];
    const [exported, audited] = [await run("export", "none", ...asked), await run("audit", ...asked)];
    expect(exported).toEqual({ code: 64, stdout: "", stderr: audited.stderr });
    expect(exported.stderr).toContain(stale);
    expect(await readdir(join(dir, "none"))).toEqual([]);
  });

  it("audit tells the receivers of notify, and nobody with --no-notify", async () => {
    let received = 0;
    const server = createServer((request, response) => {
      request.resume().on("end", () => {
        received++;
        response.writeHead(202).end();
      });
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const entry = `\nnotify:\n  - {kind: webhook, url: "http://127.0.0.1:${port}/hook", on: always}\n`;
    await appendFile(join(dir, "photodrift.yaml"), entry);
    expect((await run("audit", "--no-notify")).code).toBe(2);
    expect(received).toBe(0);
    expect((await run("audit")).code).toBe(2);
    expect(received).toBe(1);
    server.close();
  });
});
