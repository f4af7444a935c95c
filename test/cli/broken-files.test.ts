import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSandbox, setSandbox, startSandbox, type RunningSandboxServer } from "../../src/sandbox/index.js";
import { photodriftHere } from "../support/cli.js";

/**
 * Files of the User Photos library that are no pictures: an upload that broke off, a sync tool that stored its error page. SharePoint tells
 * length and etag of what is stored in the listing and with the download (facts/sharepoint.md section 3): both agree.
 */

interface Finding {
  readonly rule: string;
  readonly address: string;
  readonly remedy: { readonly kind: string };
}
interface Report {
  readonly run: {
    readonly id: string;
    readonly complete: boolean;
    readonly exitCode: number;
    readonly verdict: string;
  };
  readonly findings: readonly Finding[];
}

let dir: string;
let sandbox: RunningSandboxServer;
let config: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-broken-"));
  sandbox = await startSandbox({ dir, users: 12, seed: 5, profile: "clean" });
  config = join(dir, "wide.yaml");
  await writeFile(config, `${await readFile(join(dir, "photodrift.yaml"), "utf8")}limits: {maxChangePercent: 100}\n`);
});
afterAll(async () => {
  await sandbox.stop();
  await rm(dir, { recursive: true, force: true });
});

async function run(command: string, ...flags: string[]): Promise<Report> {
  const { stdout } = await photodriftHere([command, ...flags, "--config", config, "--quiet", "--format", "json"]);
  return JSON.parse(stdout) as Report;
}

/** What the library holds: hash and length by path. */
async function stored(): Promise<Readonly<Record<string, string>>> {
  const { library } = (await readSandbox(dir, "state")) as {
    readonly library: readonly { readonly path: string; readonly sha256: string }[];
  };
  return Object.fromEntries(library.map(({ path, sha256 }) => [path, sha256]));
}

/** UPNs of users whose thumbnails are right and who have a master. */
async function settled(): Promise<readonly string[]> {
  const { users } = JSON.parse(await readFile(join(dir, "truth.json"), "utf8")) as {
    readonly users: readonly { readonly upn: string; readonly findings: readonly unknown[] }[];
  };
  return users.filter(({ findings }) => findings.length === 0).map(({ upn }) => upn);
}

describe("a stored thumbnail that is no picture", () => {
  it("is drift, is written anew by apply, and comes back to the letter with an undo; no run is incomplete for it", async () => {
    expect((await run("audit")).run.complete).toBe(true);
    const whole = await stored();
    const upn = (await settled()).find((one) => /^[a-z]+\.[a-z]+@/.test(one)) ?? "";
    const files = {
      S: Buffer.alloc(0),
      M: Buffer.from("<!doctype html><title>Sign in</title>"),
      L: Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(300, 1)]),
    };
    for (const [size, bytes] of Object.entries(files)) {
      const path = join(dir, `broken-${size}`);
      await writeFile(path, bytes);
      await setSandbox(dir, [`user.${upn}.photo.${size}=${path}`]);
    }
    const broken = await stored();
    expect(broken).not.toEqual(whole);

    const audit = await run("audit");
    expect(audit.run).toMatchObject({ complete: true, exitCode: 2, verdict: "drift" });
    const found = audit.findings.filter(({ address }) => address.startsWith(`sharepoint/${upn}/`));
    expect(found.map(({ rule, address, remedy }) => [rule, address.split("/")[2], remedy.kind])).toEqual(
      ["L", "M", "S"].map((size) => ["stale-photo", `${size}Thumb`, "automatic"]),
    );

    const apply = await run("apply", "--yes");
    expect(apply.run).toMatchObject({ verdict: "in-sync", exitCode: 0 });
    expect((await run("audit")).run).toMatchObject({ verdict: "in-sync", complete: true });
    expect((await run("undo", apply.run.id, "--yes")).run).toMatchObject({ verdict: "restored" });
    expect(await stored()).toEqual(broken);
  });

  it("of a user without a master is told, with what to do, and is no gap in the run", async () => {
    const files = (await run("masters")) as unknown as {
      readonly masters: readonly { file: string; outcome: { upn?: string } }[];
    };
    const broken = (await run("audit")).findings.find(({ rule }) => rule === "stale-photo")?.address.split("/")[1];
    const file = files.masters.find(({ outcome }) => outcome.upn === broken)?.file ?? "";
    const master = await readFile(join(dir, "photos", file));
    await rm(join(dir, "photos", file));
    const { run: head, findings } = await run("audit");
    await writeFile(join(dir, "photos", file), master);
    expect(head.complete).toBe(true);
    const told = findings.filter(({ address }) => address.startsWith(`sharepoint/${String(broken)}/`));
    expect(told.map(({ rule }) => rule)).toEqual(["unreadable", "unreadable", "unreadable"]);
    expect(told[0]?.remedy).toMatchObject({
      cure: expect.stringMatching(/Give the user a master.*delete the file/) as string,
    });
  });
});
