import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { closeInterruptedRuns, recoverOpenIntents } from "../../../src/run/recovery.js";
import { findingsOf, NOW, planOf } from "./fake-audit.js";
import type { FakeTenant } from "./fake-tenant.js";
import { createRig, removeFolder, tempFolder } from "./rig.js";
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

async function applyWhole(tenant: FakeTenant, step?: (name: string) => void) {
  const rig = createRig(tenant, folder, step);
  try {
    const plan = planOf(tenant, rig.state);
    rig.begin("run-1");
    await rig.apply(plan, "run-1", { concurrency: 2 });
    return rig;
  } finally {
    rig.close();
  }
}

function automatic(tenant: FakeTenant, state: Parameters<typeof findingsOf>[1]) {
  return findingsOf(tenant, state).filter(({ remedy }) => remedy.kind === "automatic");
}

/** Pseudo-random, the same in every run. */
function chooser(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("power cuts", () => {
  it(`resumes after any of ${CUTS} cuts: same end, nothing sent twice, no backup lost, journal settled`, async () => {
    let steps = 0;
    const whole = mixedTenant();
    await applyWhole(whole, () => steps++);
    removeFolder(folder);
    const wanted = whole.snapshot();
    const random = chooser(20261123);

    for (let cut = 0; cut < CUTS; cut++) {
      folder = tempFolder();
      const at = Math.floor(random() * steps);
      let count = 0;
      let dead = false;
      const tenant = mixedTenant();
      const before = mixedTenant();
      const crashing = (name: string): void => {
        if (!dead && count++ === at) dead = true;
        if (dead) throw new PowerCut(name);
      };
      // Planning is no part of the test: steps count from the apply on.
      const rig = createRig(tenant, folder);
      const plan = planOf(tenant, rig.state);
      rig.begin("run-1");
      rig.close();
      const killed = createRig(tenant, folder, crashing);
      const died = await killed.apply(killed.state.plans.plan("plan-1") ?? plan, "run-1", { concurrency: 2 }).then(
        () => false,
        (error: unknown) => {
          if (!(error instanceof PowerCut)) throw error;
          return true;
        },
      );
      killed.close();

      const resumed = createRig(tenant, folder);
      expect(resumed.state.db.pragma("integrity_check", { simple: true })).toBe("ok");
      const recovery = await recoverOpenIntents(resumed.ports);
      expect(recovery).toMatchObject({ stale: 0, open: 0 });
      const closed = closeInterruptedRuns(
        resumed.state.records,
        resumed.state.journal,
        "contoso.com",
        new Date(NOW).toISOString(),
      );
      expect(closed).toEqual(["run-1"]);
      resumed.begin("run-2");
      const saved = resumed.state.plans.plan("plan-1");
      if (saved === null) throw new Error("the plan is gone");
      const result = await resumed.apply(saved, "run-2", { concurrency: 2 });

      const where = `cut ${String(cut)} at step ${String(at)}, ${died ? "died" : "survived"}`;
      expect(result, where).toMatchObject({ exitCode: 0, counts: { failed: 0, stale: 0, skipped: 0 } });
      expect(tenant.snapshot(), where).toBe(wanted);
      const sent = tenant.writes.map(({ address, shows }) => `${address} ${shows}`);
      expect(new Set(sent).size, `${where}: nothing is written twice`).toBe(sent.length);
      expect(automatic(tenant, resumed.state), where).toEqual([]);
      expect(resumed.state.journal.open(), where).toEqual([]);
      for (const runId of ["run-1", "run-2"]) {
        for (const { before: state } of resumed.state.journal.entriesOf(runId)) {
          if (state.kind !== "picture" || state.backupSha256 === null) continue;
          expect(await resumed.ports.backups.get(state.backupSha256), where).not.toBeNull();
        }
      }
      expect(before.people.size).toBe(tenant.people.size);
      resumed.close();
      removeFolder(folder);
    }
  });
});
