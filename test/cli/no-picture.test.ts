import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSandbox, setSandbox, startSandbox, type RunningSandboxServer } from "../../src/sandbox/index.js";
import { photodrift } from "../support/cli.js";
import { readTruth } from "../support/truth.js";

/**
 * Files of the library that are no pictures: an upload that broke off, a page of an error saved as a picture. One answer proves nothing - a proxy may have
 * made it -, the same bytes in three runs do, where they are as many as the library says.
 */

interface Found {
  readonly rule: string;
  readonly address: string;
  readonly summary: string;
  readonly actual: { readonly code?: string };
  readonly remedy: { readonly kind: string; readonly actions: readonly string[] };
}

interface Report {
  readonly run: { readonly id: string; readonly complete: boolean };
  readonly findings: readonly Found[];
}

let dir: string;
let sandbox: RunningSandboxServer;
let config: string;
let addresses: readonly string[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-no-picture-"));
  sandbox = await startSandbox({ dir, users: 30, seed: 5, profile: "clean" });
  config = join(dir, "wide.yaml");
  await writeFile(config, `${await readFile(join(dir, "photodrift.yaml"), "utf8")}limits: {maxChangePercent: 100}\n`);
  const files = (await library()).join("\n").toLowerCase();
  const users = (await readTruth(dir)).users.filter(({ upn }) => files.includes(`/${upn.replace(/[@.]/g, "_")}_l`));
  const set = async (at: number, size: string, bytes: Buffer): Promise<string> => {
    const { upn } = users[at]!;
    await writeFile(join(dir, "broken.jpg"), bytes);
    await setSandbox(dir, [`user.${upn}.photo.${size}=${join(dir, "broken.jpg")}`]);
    return `sharepoint/${upn}/${size}Thumb`;
  };
  const whole = await sharp({ create: { width: 200, height: 200, channels: 3, background: "#456" } })
    .jpeg()
    .toBuffer();
  const damaged = Buffer.from(whole);
  damaged.fill(0xff, 30, whole.length - 60);
  addresses = [
    await set(1, "L", whole.subarray(0, 300)),
    await set(2, "M", Buffer.from("nothing of an image")),
    await set(3, "S", Buffer.alloc(0)),
    await set(4, "L", Buffer.from("<html>500 Internal Server Error</html>")),
    await set(5, "M", damaged),
  ];
});
afterAll(async () => {
  await sandbox.stop();
  await rm(dir, { recursive: true, force: true });
});

async function run(code: number, ...words: string[]): Promise<Report> {
  const ran = await photodrift([...words, "--config", config, "--format", "json", "--quiet"], dir);
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code, stderr: "" });
  return JSON.parse(ran.stdout) as Report;
}

/** Without the note that a user has no mailbox. */
function named(findings: readonly Found[]): readonly string[] {
  return findings
    .filter(({ rule }) => rule !== "license-without-mailbox")
    .map(({ rule, address }) => `${rule} ${address}`)
    .sort();
}

async function library(): Promise<readonly string[]> {
  const { library } = (await readSandbox(dir, "state")) as {
    readonly library: readonly { readonly path: string; readonly sha256: string }[];
  };
  return library.map(({ path, sha256 }) => `${path} ${sha256}`).sort();
}

describe("thumbnails that are no pictures", () => {
  it("are a gap of two runs, missing in the third, written by an apply, and brought back by an undo", async () => {
    const broken = await library();
    for (const _ of [1, 2]) {
      const { run: head, findings } = await run(4, "audit");
      expect(head.complete).toBe(false);
      expect(named(findings)).toEqual(addresses.map((address) => `unreadable ${address}`).sort());
    }
    const { run: head, findings } = await run(2, "audit");
    expect(head.complete).toBe(true);
    expect(named(findings)).toEqual(addresses.map((address) => `missing-thumbnail ${address}`).sort());
    for (const { summary, remedy } of findings.filter(({ rule }) => rule === "missing-thumbnail")) {
      expect(summary).toMatch(/thumbnail is a file that is no picture: .{5,}\.$/);
      expect(remedy).toMatchObject({ kind: "automatic", actions: ["write-thumbnail"] });
    }
    await run(0, "apply", "--yes");
    expect(named((await run(0, "audit")).findings)).toEqual([]);
    const { runs } = (await run(0, "runs")) as unknown as { readonly runs: readonly { id: string; mode: string }[] };
    await run(0, "undo", runs.find(({ mode }) => mode === "apply")!.id, "--yes");
    expect(await library()).toEqual(broken);
  });
});
