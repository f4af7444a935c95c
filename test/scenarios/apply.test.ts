import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSandbox, startSandbox } from "../../src/sandbox/index.js";
import { photodrift, type CliResult } from "../support/cli.js";
import { readTruth, type Truth } from "../support/truth.js";

interface Picture {
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
}

interface StateUser {
  readonly id: string;
  readonly upn: string;
  readonly hasMailbox: boolean;
  readonly entra: Picture | null;
  readonly exchange: Picture | null;
  readonly profile: {
    readonly pictureUrl: string;
    readonly placeholderState: string;
    readonly exchangeSyncState: string;
    readonly timestamp: string;
  } | null;
}

interface TenantState {
  readonly users: readonly StateUser[];
  readonly library: readonly (Picture & { readonly path: string })[];
}

interface LogEntry {
  readonly method: string;
  readonly path: string;
}

/** The rules of the default policy.autoApply that need a picture written. */
const PICTURE_RULES = ["missing-photo", "missing-thumbnail", "stale-photo", "low-resolution"];

let dir = "";
let stop: () => Promise<void> = () => Promise.resolve();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-apply-"));
  const running = await startSandbox({ dir, users: 120, seed: 11 });
  stop = () => running.stop();
});

afterAll(async () => {
  await stop();
  await rm(dir, { recursive: true, force: true });
});

function run(...args: string[]): Promise<CliResult> {
  return photodrift([...args, "--config", join(dir, "photodrift.yaml"), "--quiet"], dir);
}

async function tenantState(): Promise<TenantState> {
  return (await readSandbox(dir, "state")) as TenantState;
}

async function writes(): Promise<readonly LogEntry[]> {
  const { entries } = (await readSandbox(dir, "log")) as { entries: readonly LogEntry[] };
  return entries.filter(
    ({ method, path }) =>
      ["PUT", "PATCH", "DELETE"].includes(method) || /addusingpath|setsinglevalueprofileproperty/i.test(path),
  );
}

/**
 * The fewest writes for the automatic rules, counted from what was seeded and from the tenant's state, without any code of the planner:
 * one upload for a wrong cloud photo, one for each wrong thumbnail, one for each property that differs, and the timestamp with them.
 */
function fewestWrites(truth: Truth, state: TenantState): number {
  let count = 0;
  for (const { upn, findings } of truth.users) {
    const user = state.users.find((one) => one.upn === upn);
    const automatic = findings.filter(({ rule }) => PICTURE_RULES.includes(rule));
    const photos = new Set(
      automatic.filter(({ address }) => !address.startsWith("sharepoint/")).map(({ address }) => address),
    );
    const thumbnails = new Set(
      automatic.filter(({ address }) => address.startsWith("sharepoint/")).map(({ address }) => address),
    );
    const mismatch = findings.some(({ rule }) => rule === "profile-property-mismatch");
    count += photos.size + thumbnails.size;
    if (thumbnails.size === 0 && !mismatch) continue;
    const profile = user?.profile;
    if (profile === undefined || profile === null) continue;
    const stem = /([^/]+)_MThumb\.jpg$/.exec(profile.pictureUrl)?.[1] ?? "";
    const own = [user?.id, upn.toLowerCase().replace(/[@.]/g, "_")].includes(stem.toLowerCase());
    const wrong = [
      !own,
      profile.placeholderState !== "0",
      user?.hasMailbox === false && profile.exchangeSyncState !== "0",
    ];
    count += wrong.filter(Boolean).length + 1;
  }
  return count;
}

describe("apply", () => {
  it("writes the minimum, leaves no automatic drift, writes nothing the second time, and undo puts everything back", async () => {
    const before = await tenantState();
    const truth = await readTruth(dir);

    const audited = await run("audit", "--plan", "plan.json");
    expect(audited, audited.stderr).toMatchObject({ code: 2 });
    expect(await writes()).toEqual([]);

    const applied = await run("apply", "plan.json");
    // What only a person may decide is left: that is drift, although all that was planned is done.
    expect(applied, applied.stderr).toMatchObject({ code: 2 });
    expect((await writes()).length).toBe(fewestWrites(truth, before));

    const second = await run("audit", "--format", "json");
    const report = JSON.parse(second.stdout) as {
      findings: { rule: string; drift: boolean; remedy: { kind: string } }[];
    };
    expect(report.findings.filter(({ drift, remedy }) => drift && remedy.kind === "automatic")).toEqual([]);

    const written = (await writes()).length;
    const again = await run("apply", "--yes");
    expect(again, again.stderr).toMatchObject({ code: 2 });
    expect((await writes()).length).toBe(written);

    const runs = JSON.parse((await run("runs", "--format", "json")).stdout) as { runs: { id: string; mode: string }[] };
    const first = runs.runs.filter(({ mode }) => mode === "apply").at(-1)?.id ?? "";
    const undone = await run("undo", first, "--yes");
    expect(undone, undone.stderr).toMatchObject({ code: 0 });

    const after = await tenantState();
    const thumbnails = (state: TenantState) => state.library.map(({ path, sha256 }) => `${path} ${sha256}`).sort();
    const profiles = (state: TenantState) => state.users.map(({ upn, profile }) => ({ upn, profile }));
    const photos = (state: TenantState) =>
      state.users.map(({ upn, exchange, entra }) => ({ upn, size: exchange?.width ?? entra?.width ?? null }));
    expect(thumbnails(after)).toEqual(thumbnails(before));
    expect(profiles(after)).toEqual(profiles(before));
    expect(photos(after)).toEqual(photos(before));
  });
});
