import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Plan } from "../../../src/model/plan.js";
import type { BackupStore } from "../../../src/run/journal-port.js";
import { closeInterruptedRuns, recoverOpenIntents } from "../../../src/run/recovery.js";
import { seeded } from "../../support/seeded.js";
import { automaticFindings, NOW, planOf } from "../../support/tenant/audited.js";
import type { FakeTenant } from "../../support/tenant/fake-tenant.js";
import { createRig, memoryBackups, removeFolder, tempFolder, type Rig } from "./rig.js";
import { mixedTenant } from "./worlds.js";

/** The end of the program: from here on every call of the outside fails. */
class PowerCut extends Error {}

const CUTS = 200;
let folder: string;

beforeEach(() => {
  folder = tempFolder();
});

afterEach(() => {
  removeFolder(folder);
});

/** A state file in which the plan is made and the run has begun. */
async function prepareState(): Promise<string> {
  const tenant = mixedTenant();
  const rig = createRig(tenant, folder);
  await planOf(tenant, rig.state);
  rig.begin("run-1");
  rig.state.db.pragma("wal_checkpoint(TRUNCATE)");
  rig.close();
  return rig.statePath;
}

function savedPlan(rig: Rig): Plan {
  const plan = rig.state.plans.plan("plan-1");
  if (plan === null) throw new Error("the plan is gone");
  return plan;
}

/** Carries out the saved plan until a step throws; true when it was cut. */
async function applyUntil(
  tenant: FakeTenant,
  home: string,
  kept: BackupStore,
  step: (name: string) => void,
): Promise<boolean> {
  const rig = createRig(tenant, home, step, kept);
  try {
    await rig.apply(savedPlan(rig), "run-1", { concurrency: 2 });
    return false;
  } catch (error) {
    if (error instanceof PowerCut) return true;
    throw error;
  } finally {
    rig.close();
  }
}

function homeFor(template: string, name: string): string {
  const home = join(folder, name);
  mkdirSync(home);
  copyFileSync(template, join(home, "state.db"));
  return home;
}

describe("power cuts", () => {
  it(`resumes after any of ${CUTS} cuts: same end, nothing sent twice, no backup lost, journal settled`, async () => {
    const template = await prepareState();
    let steps = 0;
    const whole = mixedTenant();
    await applyUntil(whole, homeFor(template, "whole"), memoryBackups(), () => steps++);
    const wanted = whole.snapshot();
    const random = seeded(20261123);

    for (let cut = 0; cut < CUTS; cut++) {
      const at = Math.floor(random() * steps);
      const home = homeFor(template, String(cut));
      const kept = memoryBackups();
      const tenant = mixedTenant();
      let count = 0;
      let dead = false;
      const died = await applyUntil(tenant, home, kept, (name) => {
        dead ||= count++ === at;
        if (dead) throw new PowerCut(name);
      });
      const where = `cut ${String(cut)} at step ${String(at)}`;
      expect(died, where).toBe(true);

      const rig = createRig(tenant, home, undefined, kept);
      expect(rig.state.db.pragma("integrity_check", { simple: true }), where).toBe("ok");
      expect(await recoverOpenIntents(rig.ports), where).toMatchObject({ stale: 0, open: 0 });
      const now = new Date(NOW).toISOString();
      expect(closeInterruptedRuns(rig.state.records, rig.state.journal, "contoso.com", now)).toEqual(["run-1"]);
      rig.begin("run-2");
      const result = await rig.apply(savedPlan(rig), "run-2", { concurrency: 2 });

      expect(result, where).toMatchObject({ exitCode: 0, counts: { failed: 0, stale: 0, skipped: 0 } });
      expect(tenant.snapshot(), where).toBe(wanted);
      const sent = tenant.writes.map(({ address, shows }) => `${address} ${shows}`);
      expect(new Set(sent).size, `${where}: nothing is written twice`).toBe(sent.length);
      const left = await automaticFindings(tenant, rig.state);
      expect(left, where).toEqual([]);
      expect(rig.state.journal.open(), where).toEqual([]);
      for (const runId of ["run-1", "run-2"]) {
        for (const { before } of rig.state.journal.entriesOf(runId)) {
          if (before.kind !== "picture" || before.backupSha256 === null) continue;
          expect(await kept.get(before.backupSha256), where).not.toBeNull();
        }
      }
      rig.close();
    }
  });
});
