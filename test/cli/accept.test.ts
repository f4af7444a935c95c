import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../src/model/finding.js";
import { setSandbox, startSandbox } from "../../src/sandbox/index.js";
import { photodrift, type CliResult } from "../support/cli.js";
import { readTruth } from "../support/truth.js";

interface Report {
  readonly run: { readonly id: string; readonly tenant: string };
  readonly findings: readonly Finding[];
}
interface Accepted {
  readonly accepted: readonly {
    readonly upn: string;
    readonly addresses: readonly string[];
    readonly notRead: readonly { readonly address: string }[];
  }[];
}

let dir = "";
let stop: () => Promise<void> = () => Promise.resolve();
let stale = "";
let other = "";

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-accept-"));
  const running = await startSandbox({ dir, users: 30, seed: 5 });
  stop = () => running.stop();
  const { users } = await readTruth(dir);
  const drifted = users.filter(({ findings }) =>
    findings.some(({ rule, address }) => rule === "stale-photo" && address.startsWith("exchange/")),
  );
  stale = drifted[0]?.upn ?? "";
  other = users.find(({ findings }) => findings.length === 0)?.upn ?? "";
});
afterAll(async () => {
  await stop();
  await rm(dir, { recursive: true, force: true });
});

function run(...args: string[]): Promise<CliResult> {
  const config = args.includes("--config") ? [] : ["--config", join(dir, "photodrift.yaml")];
  return photodrift([...args, ...config, "--quiet"], dir);
}

async function report(): Promise<Report> {
  return JSON.parse((await run("audit", "--format", "json")).stdout) as Report;
}

function of(found: Report, upn: string): readonly Finding[] {
  return found.findings.filter(({ user }) => user?.upn === upn);
}

describe("accept says what it left out", () => {
  it("a user out of scope, by name and reason, and accepts nobody", async () => {
    const yaml = await readFile(join(dir, "photodrift.yaml"), "utf8");
    await writeFile(join(dir, "narrow.yaml"), `${yaml}\nscope: {exclude: ["${other}"]}\n`);
    const narrow = await run("accept", stale, other, "--config", join(dir, "narrow.yaml"));

    expect([narrow.code, narrow.stdout]).toEqual([64, ""]);
    expect(narrow.stderr).toContain(`${other}: excluded by "${other}" (scope.exclude)`);
    expect((await run("accept", "nobody@contoso.com")).code).toBe(64);
    expect((await run("accept", stale, "--reset")).stdout).toBe(`${stale}: forgot 0 accepted pictures\n`);
  });

  it("a store that cannot be read: what was read is accepted, and the exit code is 4", async () => {
    await setSandbox(dir, ["faults=sharepoint-down"]);
    const { code, stdout } = await run("accept", stale, "--format", "json");
    await setSandbox(dir, ["faults=none"]);

    expect(code).toBe(4);
    const [taken] = (JSON.parse(stdout) as Accepted).accepted;
    expect(taken?.addresses).toEqual([`exchange/${stale}`]);
    expect(taken?.notRead.map(({ address }) => address)).toEqual(["sharepoint/*"]);
    expect((await run("accept", stale, "--reset")).stdout).toContain("forgot 1 ");
  });

  it("a photo that cannot be read, in words", async () => {
    await setSandbox(dir, ["faults=corrupt-image,host=sharepoint*"]);
    const { code, stdout } = await run("accept", stale);
    await setSandbox(dir, ["faults=none"]);

    expect(code).toBe(4);
    expect(stdout).toContain(`${stale}: accepted exchange/${stale}\n`);
    expect(stdout).toMatch(/\n {2}not accepted: sharepoint\/\S+\/[SML]Thumb: Could not be read: /);
    await run("accept", stale, "--reset");
  });
});

describe("what was accepted ends", () => {
  it("with --reset, and a picture that a person decided to keep with it", async () => {
    const before = await report();
    const finding = before.findings.find(({ rule, user }) => rule === "wrong-person" && user !== null);
    if (finding?.user == null) throw new Error("the sandbox seeds one");
    const decision = {
      findingId: finding.id,
      address: finding.address,
      user: finding.user.id,
      rule: finding.rule,
      decision: "keep",
      seen: finding.actual["sha256"],
      master: finding.expected["sha256"],
      by: "Hanna HR",
      at: "2026-11-25T09:00:00.000Z",
    };
    const { id: runId, tenant } = before.run;
    const file = join(dir, "decisions.json");
    await writeFile(file, JSON.stringify({ formatVersion: "1.0", tenant, basedOn: { runId }, decisions: [decision] }));
    expect((await run("decide", file)).code).toBe(0);
    const at = async () =>
      of(await report(), finding.user?.upn ?? "")
        .filter(({ address }) => address === finding.address)
        .map(({ rule }) => rule);
    expect(await at()).toContain("pinned");

    expect((await run("accept", finding.user.upn, "--reset")).stdout).toMatch(
      /forgot 1 .*1 of them kept by a decision/,
    );
    expect(await at()).toContain("wrong-person");
  });

  it("with the master, and does not come back with it", async () => {
    const shown = of(await report(), stale).find(({ rule }) => rule === "stale-photo");
    const file = join(dir, "photos", JSON.parse(JSON.stringify(shown?.expected["master"])) as string);
    expect((await run("accept", stale)).code).toBe(0);
    expect(of(await report(), stale).map(({ rule }) => rule)).not.toContain("stale-photo");

    await copyFile(file, join(dir, "kept"));
    const { masters } = JSON.parse((await run("masters", "--format", "json")).stdout) as {
      masters: readonly { file: string; outcome: { upn?: string } }[];
    };
    const another = masters.find(({ outcome }) => outcome.upn === other)?.file ?? "";
    await copyFile(join(dir, "photos", another), file);
    expect(of(await report(), stale).map(({ rule }) => rule)).not.toContain("pinned");
    await copyFile(join(dir, "kept"), file);
    expect(of(await report(), stale).map(({ rule }) => rule)).toContain("stale-photo");
  });
});
