import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox, type RunningSandboxServer } from "../../src/sandbox/index.js";
import { photodrift } from "../support/cli.js";
import { RETOUCHES } from "../unit/compare/photo/retouching.js";

/** The outside of a change that no service's answer shows by itself: a master was retouched after it had been rolled out. */

interface Found {
  readonly rule: string;
  readonly cause: string;
  readonly drift: boolean;
  readonly address: string;
  readonly user: { readonly upn: string };
  readonly actual: { readonly shows?: string };
  readonly summary: string;
}

const dir = mkdtempSync(join(tmpdir(), "photodrift-retouched-"));
const masters = join(dir, "photos");
let server: RunningSandboxServer;
/** Names of the master files: each stands at its place. */
let files: readonly string[] = [];

beforeAll(async () => {
  server = await startSandbox({ dir, users: 12, seed: 6, profile: "clean" });
  files = readdirSync(masters, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".jpg"))
    .sort();
});
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function drift(): Promise<readonly Found[]> {
  const config = join(dir, "photodrift.yaml");
  const { code, stdout, stderr } = await photodrift(["audit", "--config", config, "--format", "json", "--quiet"], dir);
  if (code !== 0 && code !== 2) throw new Error(stderr);
  return (JSON.parse(stdout) as { readonly findings: readonly Found[] }).findings.filter((one) => one.drift);
}

async function change(at: number, of: (bytes: Buffer) => Promise<Buffer>): Promise<void> {
  const path = join(masters, files[at]!);
  writeFileSync(path, await of(readFileSync(path)));
}

describe("a master that was retouched after its roll-out", () => {
  it("is a stale photo in every store whose cause is the master, and right again after an apply; saved anew it is nothing", async () => {
    expect(await drift()).toEqual([]);
    const before = readFileSync(join(masters, files[4]!));
    await change(2, RETOUCHES["a text over it"]!);
    await change(4, RETOUCHES["a text over it"]!);
    await change(3, (bytes) => sharp(bytes).jpeg({ quality: 80 }).toBuffer());
    await change(5, (bytes) =>
      sharp(bytes)
        .withExif({ IFD0: { Artist: "somebody" } })
        .jpeg({ quality: 96 })
        .toBuffer(),
    );
    const found = (await drift()).filter(({ rule }) => rule !== "license-without-mailbox");
    const people = [...new Set(found.map(({ user }) => user.upn))];
    expect(people).toHaveLength(2);
    for (const one of found) {
      expect(one).toMatchObject({ rule: "stale-photo", cause: "master-changed", actual: { shows: "recoloured" } });
      expect(one.summary).toContain("retouched");
    }
    expect(new Set(found.map(({ address }) => address.split("/")[0])).size).toBeGreaterThan(1);

    const config = join(dir, "photodrift.yaml");
    const { code, stderr } = await photodrift(["apply", "--config", config, "--yes", "--quiet"], dir);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(await drift()).toEqual([]);

    // The way back is one, too.
    await change(4, async () => before);
    expect((await drift()).map(({ cause }) => cause)).toContain("master-changed");
  });
});
