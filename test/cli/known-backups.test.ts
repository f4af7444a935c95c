import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSandbox, startSandbox, type RunningSandboxServer } from "../../src/sandbox/index.js";
import { photodrift } from "../support/cli.js";

/** Backups of thumbnails whose bytes an audit read: their etag proves that they are still what is stored (facts/sharepoint.md section 3). */

let dir: string;
let sandbox: RunningSandboxServer;
let config: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-known-backups-"));
  sandbox = await startSandbox({ dir, users: 10, seed: 11, profile: "clean" });
  config = join(dir, "wide.yaml");
  await writeFile(config, `${await readFile(join(dir, "photodrift.yaml"), "utf8")}limits: {maxChangePercent: 100}\n`);
  await rotateMasters();
});
afterAll(async () => {
  await sandbox.stop();
  await rm(dir, { recursive: true, force: true });
});

/** Every master under the next one's name: all that is stored shows somebody else. */
async function rotateMasters(): Promise<void> {
  const files = (await readdir(join(dir, "photos"))).filter((name) => name.endsWith(".jpg")).sort();
  const contents = await Promise.all(files.map((name) => readFile(join(dir, "photos", name))));
  for (const [at, name] of files.entries())
    await writeFile(join(dir, "photos", name), contents[(at + 1) % files.length]!);
}

async function run(command: string, ...flags: string[]): Promise<number | null> {
  const { code, stderr } = await photodrift([command, ...flags, "--config", config, "--quiet"], dir);
  expect(stderr).toBe("");
  return code;
}

/** Downloads of thumbnails so far, by path. */
async function downloads(): Promise<readonly string[]> {
  const { entries } = (await readSandbox(dir, "log")) as {
    readonly entries: readonly { readonly method: string; readonly path: string; readonly host: string }[];
  };
  return entries.flatMap(({ host, method, path }) =>
    host.startsWith("sharepoint") && method === "GET" && /\$value/i.test(path) ? [path] : [],
  );
}

interface Stored {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

async function stored(): Promise<readonly Stored[]> {
  const { library } = (await readSandbox(dir, "state")) as { readonly library: readonly Stored[] };
  return library.map(({ path, sha256, bytes }) => ({ path, sha256, bytes })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Larger ones are not kept as they are stored. */
const KEPT = 64 * 1024;

describe("an apply of what an audit has just read", () => {
  it("downloads no thumbnail for its backup, and an undo brings each of them back byte for byte", async () => {
    const before = await stored();
    expect(await run("audit", "--rule", "wrong-person", "--plan", join(dir, "plan.json"))).toBe(2);
    const read = (await downloads()).length;
    await run("apply", join(dir, "plan.json"));
    const after = new Set((await stored()).map(({ sha256 }) => sha256));
    const written = before.filter(({ sha256 }) => !after.has(sha256));
    expect(written.length).toBeGreaterThan(10);
    expect((await downloads()).length - read).toBe(written.filter(({ bytes }) => bytes > KEPT).length);
    const { stdout } = await photodrift(["runs", "--config", config, "--format", "json", "--quiet"], dir);
    const { runs } = JSON.parse(stdout) as { readonly runs: readonly { readonly id: string; readonly mode: string }[] };
    const { id } = runs.find(({ mode }) => mode === "apply")!;
    await run("undo", id, "--yes");
    expect(await stored()).toEqual(before);
  });
});
