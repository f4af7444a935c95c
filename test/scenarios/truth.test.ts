import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { readSandbox, startSandbox, type SandboxOptions } from "../../src/sandbox/index.js";
import { photodrift } from "../support/cli.js";
import { difference, readTruth, type ReportedFinding } from "../support/truth.js";

/** Real portraits beside the project, where they are present. */
const PORTRAITS = join(import.meta.dirname, "..", "..", "..", "shared", "photos");

interface JsonReport {
  readonly run: { readonly verdict: string; readonly exitCode: number; readonly complete: boolean };
  readonly findings: readonly ReportedFinding[];
  readonly summary: { readonly usersInScope: number; readonly new: number; readonly persisting: number };
  readonly cost: { readonly requests: Record<string, number>; readonly imagesDownloaded: number };
}

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function sandbox(options: Omit<SandboxOptions, "dir">): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "photodrift-truth-"));
  cleanups.push(() => rm(dir, { recursive: true, force: true }));
  const running = await startSandbox({ dir, ...options });
  cleanups.push(() => running.stop());
  return dir;
}

async function auditJson(dir: string, ...flags: string[]): Promise<{ code: number | null; report: JsonReport }> {
  const { code, stdout, stderr } = await photodrift(
    ["audit", "--config", join(dir, "photodrift.yaml"), "--format", "json", "--quiet", ...flags],
    dir,
  );
  if (stdout === "") throw new Error(stderr);
  return { code, report: JSON.parse(stdout) as JsonReport };
}

interface LogEntry {
  readonly method: string;
  readonly path: string;
}

describe("an audit finds exactly what was seeded", () => {
  it.each([
    ["demo", 60, 1, 0],
    ["demo", 150, 7, 1],
    ["german", 60, 3, 0],
    ["legacy", 60, 5, 0],
  ])(
    "profile %s, %i users, seed %i: no miss, no false alarm, exit code 2",
    async (profile, users, seed, recoloured) => {
      const dir = await sandbox({ profile, users, seed });
      const { code, report } = await auditJson(dir);
      expect(difference(await readTruth(dir), report.findings)).toEqual({ missed: [], falseAlarms: [] });
      expect({ code, verdict: report.run.verdict }).toEqual({ code: 2, verdict: "drift" });
      expect(report.findings.filter(({ actual }) => actual["shows"] === "recoloured")).toHaveLength(recoloured);
    },
  );

  it("a clean tenant: exit code 0 and no finding that is drift", async () => {
    const dir = await sandbox({ profile: "clean", users: 80, seed: 2 });
    const { code, report } = await auditJson(dir);
    expect(report.findings.filter(({ drift }) => drift)).toEqual([]);
    expect({ code, verdict: report.run.verdict }).toEqual({ code: 0, verdict: "in-sync" });
  });

  it.skipIf(!existsSync(join(PORTRAITS, "manifest.json")))("real portraits, 120 users", async () => {
    const dir = await sandbox({ users: 120, seed: 1, photos: PORTRAITS });
    const { code, report } = await auditJson(dir);
    expect(difference(await readTruth(dir), report.findings)).toEqual({ missed: [], falseAlarms: [] });
    expect(code).toBe(2);
  });
});

describe("an audit", () => {
  it("cannot write: only GET, token requests, batches of GETs and queries reach the tenant", async () => {
    const dir = await sandbox({ users: 60, seed: 1 });
    await auditJson(dir);
    const { entries } = (await readSandbox(dir, "log")) as { entries: readonly LogEntry[] };
    expect(entries.length).toBeGreaterThan(20);
    const writes = entries.filter(({ method, path }) => {
      if (method === "GET") return false;
      return !(
        method === "POST" &&
        /\/oauth2\/v2\.0\/token|\/\$batch|\/postquery|getlistitemchangessincetoken|getchanges/i.test(path)
      );
    });
    expect(writes).toEqual([]);
  });

  it("costs nothing more when nothing changed: no image, and what was new persists", async () => {
    const dir = await sandbox({ users: 60, seed: 1 });
    const first = await auditJson(dir);
    const second = await auditJson(dir);
    expect(second.report.cost.imagesDownloaded).toBe(0);
    expect(second.report.findings.map(({ rule, address }) => `${rule} ${address}`)).toEqual(
      first.report.findings.map(({ rule, address }) => `${rule} ${address}`),
    );
    expect(second.report.summary).toMatchObject({ new: 0, persisting: first.report.findings.length });
  });
});
