import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { Plan } from "../../../src/model/plan.js";
import { applyPlan, type ApplyOptions, type ApplyPorts, type ApplyResult } from "../../../src/run/apply.js";
import type { RunMode } from "../../../src/model/run.js";
import type { BackupStore } from "../../../src/run/journal-port.js";
import { createBackups } from "../../../src/state/backups.js";
import { planUndo } from "../../../src/run/undo.js";
import { planDigest } from "../../../src/state/digest.js";
import { openState, type State } from "../../../src/state/index.js";
import { NOW } from "../../support/tenant/audited.js";
import { QUIET } from "../../support/tenant/settings.js";
import { sha256 } from "../../support/tenant/pictures.js";
import type { FakeTenant, Step } from "../../support/tenant/fake-tenant.js";

export interface Rig {
  readonly state: State;
  readonly statePath: string;
  readonly ports: ApplyPorts;
  begin(runId: string, mode?: RunMode): void;
  apply(plan: Plan, runId: string, options?: Partial<ApplyOptions>): Promise<ApplyResult>;
  close(): void;
}

/** Backups in memory that outlive the program, as those on disk do. */
export function memoryBackups(kept: ReadonlyMap<string, Buffer> = new Map()): BackupStore {
  const contents = new Map(kept);
  return {
    path: (hash) => hash,
    put: async (bytes) => {
      contents.set(sha256(bytes), bytes);
      return sha256(bytes);
    },
    get: async (hash) => contents.get(hash) ?? null,
    remove: async (hash) => {
      contents.delete(hash);
    },
    all: async function* () {
      yield* contents.keys();
    },
  };
}

export function tempFolder(): string {
  return mkdtempSync(join(tmpdir(), "photodrift-apply-"));
}

/** A state file and the ports of an apply against a fake tenant. `step` is told of every journal, record and backup call, too. */
export function createRig(tenant: FakeTenant, folder: string, step?: Step, kept?: BackupStore): Rig {
  const statePath = join(folder, "state.db");
  const state = openState(statePath, "contoso.com");
  // A crash by exception loses nothing that was committed: no need to wait for the disk.
  state.db.pragma("synchronous = OFF");
  return rigOver(state, tenant, step, kept);
}

/** The same over a state that is open already. */
export function rigOver(state: State, tenant: FakeTenant, step?: Step, kept?: BackupStore): Rig {
  const statePath = state.db.name;
  const told = step ?? (() => undefined);
  tenant.step = told;
  const ports: ApplyPorts = {
    ...tenant.ports(),
    journal: watched(state.journal, "journal", told),
    backups: watched(kept ?? createBackups(statePath), "backups", told),
    records: watched(state.records, "records", told),
    clock: { now: () => NOW },
    sleep: async () => told("sleep"),
    progress: QUIET.progress,
  };
  return {
    state,
    statePath,
    ports,
    begin(runId, mode = "apply") {
      const at = new Date(NOW).toISOString();
      state.records.beginRun({ id: runId, mode, trigger: "cli", tenant: "contoso.com", startedAt: at });
    },
    async apply(plan, runId, options = {}) {
      return applyPlan(plan, ports, { runId, concurrency: 4, signal: new AbortController().signal, ...options });
    },
    close: () => state.close(),
  };
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** For the tests of one file: opens rigs over a folder of the test's own, and closes and removes them when it ends. */
export function ownRigs(): (tenant: FakeTenant, step?: Step, kept?: BackupStore) => Rig {
  let folder = "";
  const opened: Rig[] = [];
  beforeEach(() => {
    folder = tempFolder();
  });
  afterEach(() => {
    for (const rig of opened.splice(0)) rig.close();
    removeFolder(folder);
  });
  return (tenant, step, kept) => {
    const rig = createRig(tenant, folder, step, kept);
    opened.push(rig);
    return rig;
  };
}

/** The plan that undoes a run of the rig. */
export function undoPlanOf({ state, ports }: Rig, runId: string, force = false): ReturnType<typeof planUndo> {
  const request = { runId, planId: `undo-${runId}`, tenant: "contoso.com", force };
  return planUndo({ journal: state.journal, plans: state.plans, clock: ports.clock, digest: planDigest }, request);
}

/** Every method call is a step before and after. */
function watched<T extends object>(target: T, name: string, step: Step): T {
  return new Proxy(target, {
    get(object, key) {
      const member: unknown = Reflect.get(object, key);
      if (typeof member !== "function") return member;
      return (...values: unknown[]): unknown => {
        step(`${name}.${String(key)}`, values);
        const result: unknown = Reflect.apply(member, object, values);
        if (key !== "transaction") step(`${name}.${String(key)} done`);
        return result;
      };
    },
  });
}
