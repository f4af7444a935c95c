import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keepHistory } from "../../../src/cli/sessions/keeping.js";
import { exchangeAddress } from "../../../src/model/address.js";
import { parseUserId } from "../../../src/model/ids.js";
import type { PlanAction } from "../../../src/model/plan-action.js";
import { EMPTY_SUMMARY, NO_COST } from "../../../src/model/run.js";
import { deleteBackupsOf } from "../../../src/run/backup-keeping.js";
import { planUndo } from "../../../src/run/undo.js";
import { openState, planDigest, type State } from "../../../src/state/index.js";
import { createBackups } from "../../../src/state/backups.js";
import { removeFolder, tempFolder } from "./rig.js";

const DAY = 24 * 3_600_000;
const KEEP_RUNS = 3;
const KEEP_UNDO = 10 * DAY;
const USERS = ["anna", "bert", "carl"];

type Command =
  | { readonly kind: "audit"; readonly killed: boolean }
  | { readonly kind: "apply"; readonly users: readonly number[]; readonly shows: number; readonly killed: boolean }
  | { readonly kind: "undo"; readonly nth: number }
  | { readonly kind: "wait"; readonly days: number }
  | { readonly kind: "leftover"; readonly shows: number }
  | { readonly kind: "consent"; readonly user: number };

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("audit" as const), killed: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("apply" as const),
      users: fc.uniqueArray(fc.nat(2), { minLength: 1 }),
      shows: fc.nat(4),
      killed: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("undo" as const), nth: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("wait" as const), days: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("leftover" as const), shows: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("consent" as const), user: fc.nat(2) }) },
);

/** A state file under a clock of its own; runs write only what a run leaves in the state, the backups and the reports folder. */
class Home {
  readonly state: State;
  readonly backups: ReturnType<typeof createBackups>;
  readonly folder = tempFolder();
  now = Date.UTC(2026, 0, 1);
  /** Runs in order, and whether they wrote. */
  readonly runs: { readonly id: string; readonly wrote: boolean; readonly ended: number; readonly files: string[] }[] =
    [];
  readonly consented = new Set<string>();

  constructor() {
    const path = join(this.folder, "state.db");
    this.state = openState(path, "contoso.com");
    this.state.db.pragma("synchronous = OFF");
    this.backups = createBackups(path);
    mkdirSync(join(this.folder, "reports"));
  }

  begin(mode: "audit" | "apply" | "undo"): string {
    this.now += 60_000;
    const id = `run-${String(this.runs.length).padStart(3, "0")}`;
    const startedAt = new Date(this.now).toISOString();
    this.state.records.beginRun({ id, mode, trigger: "cli", tenant: "contoso.com", startedAt });
    return id;
  }

  async end(id: string, mode: "audit" | "apply" | "undo", wrote: boolean, killed: boolean): Promise<void> {
    const files: string[] = [];
    if (!killed) {
      for (const name of [`photodrift-${id}.html`, `photodrift-nightly-${id}.json`]) {
        const file = join(this.folder, "reports", name);
        this.state.records.saveReportFile(id, file);
        writeFileSync(file, id);
        files.push(file);
      }
      writeFileSync(join(this.folder, "reports", `mine-${id}.html`), id);
      const at = new Date(this.now).toISOString();
      const head = { id, mode, trigger: "cli", tenant: "contoso.com", startedAt: at, finishedAt: at } as const;
      this.state.records.finishRun(
        { ...head, verdict: "in-sync", exitCode: 0, complete: true },
        EMPTY_SUMMARY,
        NO_COST,
      );
    }
    this.runs.push({ id, wrote, ended: this.now, files });
    if (!killed) await this.keep();
  }

  async keep(keepUndoMs = KEEP_UNDO, propagationMs = 3 * DAY): Promise<readonly string[]> {
    const warned: string[] = [];
    const state = join(this.folder, "state.db");
    const config = { state, keepRuns: KEEP_RUNS, keepUndoMs, policy: { propagationMs } };
    const progress = { note: () => undefined, warn: (message: string) => void warned.push(message) };
    await keepHistory({ state: this.state, config, ports: { clock: { now: () => this.now }, progress } });
    return warned;
  }

  async write(runId: string, name: string, shown: string, restores?: PlanAction): Promise<void> {
    const upn = `${name}@contoso.com`;
    const backupSha256 = this.consented.has(name) ? null : await this.backups.put(Buffer.from(shown));
    const action: PlanAction = restores ?? {
      id: `a-${runId}-${name}`,
      action: "upload-photo",
      address: exchangeAddress(upn),
      user: { id: parseUserId(name), upn, displayName: name },
      because: "stale-photo",
      before: { photo: "absent" },
      precondition: { kind: "none" },
      after: {
        photo: "present",
        sourceSha256: "s",
        source: { kind: "master", file: "m.jpg", crop: { left: 0, top: 0, width: 1, height: 1 } },
        maxBytes: 1,
      },
    };
    const at = new Date(this.now).toISOString();
    const before = { kind: "picture", exists: true, etag: "e", backupSha256, lastApplied: null } as const;
    const [entry = 0] = await this.state.journal.intend([
      { runId, planId: `p-${runId}`, action, before, sentSha256: "x", at },
    ]);
    const after = { kind: "picture", exists: true, etag: `e-${runId}`, sha256: "r" } as const;
    this.state.journal.settle(entry, { kind: "applied", at, after, error: null });
  }

  undoPlan(runId: string) {
    const { journal, plans } = this.state;
    const clock = { now: () => this.now };
    return planUndo(
      { journal, plans, clock, digest: planDigest },
      { runId, planId: "undo", tenant: "contoso.com", force: false },
    );
  }

  close(): void {
    this.state.close();
    removeFolder(this.folder);
  }
}

async function carryOut(home: Home, step: Command): Promise<void> {
  switch (step.kind) {
    case "audit":
      return home.end(home.begin("audit"), "audit", false, step.killed);
    case "apply": {
      const id = home.begin("apply");
      for (const user of step.users) await home.write(id, USERS[user] ?? "", `${String(step.shows)} ${String(user)}`);
      await home.end(id, "apply", true, false);
      return;
    }
    case "undo": {
      const undoable = home.runs.filter(({ id, wrote }) => wrote && [...home.state.journal.entriesOf(id)].length > 0);
      const chosen = undoable[step.nth % Math.max(1, undoable.length)];
      if (chosen === undefined) return;
      const actions = [...home.undoPlan(chosen.id).plan.actions()];
      const id = home.begin("undo");
      for (const action of actions) await home.write(id, action.user?.displayName ?? "", `after ${chosen.id}`, action);
      await home.end(id, "undo", actions.length > 0, false);
      return;
    }
    case "wait":
      home.now += step.days * DAY;
      return;
    case "leftover":
      await home.backups.put(Buffer.from(`left ${String(step.shows)}`));
      return;
    case "consent": {
      const name = USERS[step.user] ?? "";
      home.consented.add(name);
      await deleteBackupsOf(home.state.journal, home.backups, [parseUserId(name)]);
    }
  }
}

/** Nothing reachable is missing, nothing unreachable stays. Called after a prune. */
async function check(home: Home): Promise<void> {
  const kept = new Set(
    home.state.db
      .prepare<[], { id: string }>("SELECT id FROM runs")
      .all()
      .map(({ id }) => id),
  );
  const named = new Set<string>();
  for (const [nth, run] of home.runs.entries()) {
    const newest = nth === home.runs.length - 1;
    if (run.wrote) expect(kept.has(run.id), run.id).toBe(newest || run.ended >= home.now - KEEP_UNDO);
    for (const file of run.files) expect(existsSync(file), file).toBe(kept.has(run.id));
    if (run.files.length > 0) expect(existsSync(join(home.folder, "reports", `mine-${run.id}.html`))).toBe(true);
    const entries = [...home.state.journal.entriesOf(run.id)];
    if (!kept.has(run.id)) expect(entries).toEqual([]);
    for (const { before } of entries)
      if (before.kind === "picture" && before.backupSha256 !== null) named.add(before.backupSha256);
    if (!run.wrote || !kept.has(run.id)) continue;
    // Everything can be put back but what was deleted for want of consent.
    const { impossible } = home.undoPlan(run.id);
    expect(impossible.filter(({ address }) => !home.consented.has(/\/(.+)@/.exec(address)?.[1] ?? ""))).toEqual([]);
  }
  const stored = new Set<string>();
  for await (const hash of home.backups.all()) stored.add(hash);
  expect([...stored].sort()).toEqual([...named].sort());
  const audits = home.runs.filter(({ wrote, files }) => !wrote && files.length > 0).map(({ id }) => id);
  const newest = home.runs.at(-1)?.id;
  expect(audits.filter((id) => kept.has(id))).toEqual(
    audits.filter((id) => audits.slice(-KEEP_RUNS).includes(id) || id === newest),
  );
}

describe("what is kept", () => {
  it("after any sequence of runs: all that can be undone, and nothing that nobody can reach", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 3, maxLength: 14 }), async (steps) => {
        const home = new Home();
        try {
          for (const step of steps) await carryOut(home, step);
          await home.keep();
          await check(home);
        } finally {
          home.close();
        }
      }),
      { seed: 20261125, numRuns: 60 },
    );
  });

  it("ten audits after an apply leave its undo, whatever keepRuns says; an old apply goes with all it had", async () => {
    const home = new Home();
    await carryOut(home, { kind: "apply", users: [0, 1], shows: 1, killed: false });
    for (let i = 0; i < 10; i++) await carryOut(home, { kind: "audit", killed: false });
    await check(home);
    expect([...home.undoPlan("run-000").plan.actions()]).toHaveLength(2);
    home.now += 11 * DAY;
    await carryOut(home, { kind: "audit", killed: false });
    await check(home);
    expect(() => home.undoPlan("run-000")).toThrow(/has written nothing/);
    home.close();
  });

  it("our own writes are known as ours as long as SharePoint may lag behind them, however short keepUndo is", async () => {
    const home = new Home();
    await carryOut(home, { kind: "apply", users: [0], shows: 1, killed: false });
    home.now += 2 * DAY;
    await home.keep(DAY, 3 * DAY);
    expect([...home.state.journal.entriesOf("run-000")]).toHaveLength(1);
    home.now += 2 * DAY;
    await carryOut(home, { kind: "audit", killed: true });
    await home.keep(DAY, 3 * DAY);
    expect([...home.state.journal.entriesOf("run-000")]).toEqual([]);
    home.close();
  });

  it.each([31, 400, 36_500])("a clock that jumps %i days ahead for one run takes no undo away", async (days) => {
    const home = new Home();
    await carryOut(home, { kind: "apply", users: [0, 1], shows: 1, killed: false });
    const before = home.now;
    home.now += days * DAY;
    await carryOut(home, { kind: "audit", killed: false });
    expect([...home.undoPlan("run-000").plan.actions()]).toHaveLength(2);
    home.now = before + DAY;
    await carryOut(home, { kind: "audit", killed: false });
    await check(home);
    expect([...home.undoPlan("run-000").plan.actions()]).toHaveLength(2);
    home.close();
  });

  it("what is too old goes with the second run after a long silence", async () => {
    const home = new Home();
    await carryOut(home, { kind: "apply", users: [0, 1], shows: 1, killed: false });
    home.now += 31 * DAY;
    await carryOut(home, { kind: "audit", killed: false });
    expect([...home.undoPlan("run-000").plan.actions()]).toHaveLength(2);
    await carryOut(home, { kind: "audit", killed: false });
    await check(home);
    expect(() => home.undoPlan("run-000")).toThrow(/has written nothing/);
    home.close();
  });

  it("a history that cannot be tidied is a warning with the cure; the run that ended stands", async () => {
    const home = new Home();
    await carryOut(home, { kind: "audit", killed: false });
    home.state.db.pragma("query_only = ON");
    const warned = await home.keep();
    expect(warned).toEqual([expect.stringMatching(/state\.db: .* writable .* The run that just ended stands/)]);
    home.state.db.pragma("query_only = OFF");
    expect(home.state.records.lastRun()?.head.verdict).toBe("in-sync");
    home.close();
  });
});
