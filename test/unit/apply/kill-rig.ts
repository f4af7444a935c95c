import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PhotodriftError } from "../../../src/model/errors.js";
import type { ActionKind } from "../../../src/model/rule.js";
import type { BackupStore, Intent } from "../../../src/run/journal-port.js";
import { closeInterruptedRuns, recoverOpenIntents } from "../../../src/run/recovery.js";
import { planUndo } from "../../../src/run/undo.js";
import { planDigest } from "../../../src/state/digest.js";
import type { FakeTenant, Step } from "../../support/tenant/fake-tenant.js";
import type { KillScenario } from "./kill-worlds.js";
import { auditNow, NOW } from "../../support/tenant/audited.js";
import { createRig, memoryBackups, type Rig } from "./rig.js";

/** How the program or what it needs ends. */
export const DEATHS = ["SIGKILL", "SIGTERM", "SIGINT", "sandbox gone", "network gone", "disk full"] as const;
export type Death = (typeof DEATHS)[number];

/** The end of the program: from here on every call of the outside fails. */
export class PowerCut extends Error {}

/** One moment at which the program may end: a step of the run that was not disturbed, and what was being written. */
export interface Moment {
  readonly at: number;
  readonly step: string;
  readonly kind: ActionKind | null;
}

/** A state file, a tenant and backups as they stand before the run that is cut off. */
export interface Template {
  readonly scenario: KillScenario;
  readonly file: string;
  readonly tenant: FakeTenant;
  readonly backups: ReadonlyMap<string, Buffer>;
}

/** What a run leaves: every byte of the tenant, and every write that reached it, in any order. */
export interface End {
  readonly tenant: string;
  readonly writes: readonly string[];
}

async function contentsOf(kept: BackupStore): Promise<ReadonlyMap<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  for await (const hash of kept.all()) contents.set(hash, (await kept.get(hash)) ?? Buffer.alloc(0));
  return contents;
}

/** Does what the scenario has behind it, and saves the plan that is to be cut off (for an undo it is made anew from the journal). */
export async function prepare(scenario: KillScenario, folder: string): Promise<Template> {
  const home = join(folder, "template");
  mkdirSync(home, { recursive: true });
  const tenant = scenario.world();
  const kept = memoryBackups();
  const rig = createRig(tenant, home, undefined, kept);
  await auditNow(tenant, rig.state, { planId: "plan-1", settings: { rules: scenario.rules ?? [] } });
  const done = scenario.done ?? 0;
  if (done > 0) await work(rig, { ...scenario, done: undefined }, "run-0", new AbortController().signal);
  if (done > 1) await work(rig, { ...scenario, done: 1 }, "run-1", new AbortController().signal);
  rig.state.db.pragma("wal_checkpoint(TRUNCATE)");
  rig.close();
  return { scenario, file: rig.statePath, tenant: tenant.copy(), backups: await contentsOf(kept) };
}

/** The run itself: carries out the saved plan, or undoes the run before. */
export async function work(
  rig: Rig,
  scenario: Omit<KillScenario, "done"> & { readonly done?: 1 | 2 | undefined },
  runId: string,
  signal: AbortSignal,
) {
  const { journal, plans } = rig.state;
  if (scenario.done === undefined) {
    const plan = plans.plan("plan-1");
    if (plan === null) throw new Error("the plan is gone");
    rig.begin(runId);
    return rig.apply(plan, runId, { concurrency: 2, signal });
  }
  const request = { runId: scenario.done === 1 ? "run-0" : "run-1", planId: `undo-${runId}`, tenant: "contoso.com" };
  const { plan } = planUndo(
    { journal, plans, clock: rig.ports.clock, digest: planDigest },
    { ...request, force: false },
  );
  rig.begin(runId, "undo");
  return rig.apply(plan, runId, { concurrency: 2, signal });
}

function home(template: Template, name: string): string {
  const path = join(template.file, "..", "..", name);
  mkdirSync(path);
  copyFileSync(template.file, join(path, "state.db"));
  return path;
}

const isService = (step: string): boolean => !step.includes(".") && !["render", "sleep"].includes(step);
/** Steps at which a full disk is noticed. */
const ON_DISK = new Set(["journal.intend", "backups.put", "journal.settle", "records.transaction"]);
/**
 * Moments that differ in what is on disk or in the tenant: intent about to be written, written, backup kept, request sent, answered, read back
 * (the outcome is about to be written), and the look that follows the outcome or precedes the next action.
 */
const DIFFERS =
  /^(journal\.intend( done)?|backups\.put done|[a-z]+-(begins|answers)|records\.transaction|look|profiles)$/;

/** Carries the run out undisturbed; gives its end and the moments at which it could have been cut off. */
export async function undisturbed(
  template: Template,
): Promise<{ readonly end: End; readonly moments: readonly Moment[] }> {
  const steps: { step: string; kind: ActionKind | null }[] = [];
  const tenant = template.tenant.copy();
  const rig = createRig(
    tenant,
    home(template, "whole"),
    (step, values) => {
      const intents = step === "journal.intend" ? (values?.[0] as readonly Intent[]) : [];
      steps.push({ step, kind: intents[0]?.action.action ?? null });
    },
    memoryBackups(template.backups),
  );
  await work(rig, template.scenario, "run-cut", new AbortController().signal);
  rig.close();
  // A step belongs to the write whose intent is on disk, else to the next one.
  let next: ActionKind | null = null;
  const coming = steps
    .map(({ kind }) => kind)
    .reverse()
    .map((kind) => (next = kind ?? next))
    .reverse();
  let settled = true;
  let last: ActionKind | null = null;
  const moments = steps.map(({ step, kind }, at): Moment => {
    if (kind !== null) [settled, last] = [false, kind];
    const of = settled ? (coming[at] ?? last) : last;
    if (step === "journal.settle done") settled = true;
    return { at, step, kind: of };
  });
  return { end: endOf(tenant), moments: moments.filter(({ step }) => DIFFERS.test(step)) };
}

function endOf(tenant: FakeTenant): End {
  return {
    tenant: tenant.bytes(),
    writes: tenant.writes.map(({ address, shows }) => `${address} ${shows}`).sort(),
  };
}

export interface Resumed {
  readonly end: End;
  /** Writes found arrived, or not, by the look at what was cut off. */
  readonly looked: number;
  /** Automatic findings that a further audit still has. */
  readonly left: readonly string[];
  readonly open: number;
  readonly integrity: unknown;
  /** Backups that an entry names and that are not there. */
  readonly lost: number;
}

/** Ends the run at that moment, starts the program again over the same state file, and does what the user would: the same command once more. */
export async function killAndResume(
  template: Template,
  death: Death,
  moment: Moment,
  how: { readonly name: string; readonly audited: boolean },
): Promise<Resumed> {
  const tenant = template.tenant.copy();
  const place = home(template, how.name);
  const kept = memoryBackups(template.backups);
  const abort = new AbortController();
  const rig = createRig(tenant, place, striker(death, moment.at, abort), kept);
  await work(rig, template.scenario, "run-cut", abort.signal).catch((error: unknown) => {
    if (!(error instanceof PowerCut || error instanceof PhotodriftError || /SQLITE_FULL/.test(String(error))))
      throw error;
  });
  rig.close();
  const again = createRig(tenant, place, undefined, kept);
  try {
    return await resume(again, tenant, kept, template.scenario, how.audited);
  } finally {
    again.close();
    rmSync(place, { recursive: true, force: true });
  }
}

export async function resume(
  rig: Rig,
  tenant: FakeTenant,
  kept: BackupStore,
  scenario: KillScenario,
  audited: boolean,
): Promise<Resumed> {
  const { state } = rig;
  const integrity: unknown = state.db.pragma("integrity_check", { simple: true });
  const found = await recoverOpenIntents(rig.ports);
  closeInterruptedRuns(state.records, state.journal, "contoso.com", new Date(NOW).toISOString());
  const settings = { rules: scenario.rules ?? [] };
  if (scenario.done === undefined) {
    const { plan } = await auditNow(tenant, state, { planId: "plan-1", settings });
    if (plan.head.limits.changes > 0) await work(rig, scenario, "run-next", new AbortController().signal);
  } else await work(rig, scenario, "run-next", new AbortController().signal);
  let lost = 0;
  for (const runId of ["run-0", "run-1", "run-cut", "run-next"]) {
    for (const { before } of state.journal.entriesOf(runId)) {
      if (before.kind !== "picture" || before.backupSha256 === null) continue;
      if ((await kept.get(before.backupSha256)) === null) lost++;
    }
  }
  const end = endOf(tenant);
  const open = state.journal.open().length;
  const looks = audited && scenario.done === undefined;
  const after = looks ? (await auditNow(tenant, state, { planId: "plan-3", settings })).findings : [];
  const left = after
    .filter(({ remedy }) => remedy.kind === "automatic")
    .map(({ rule, address }) => `${rule} ${address}`);
  return { end, looked: found.applied + found.notWritten, left, open, integrity, lost };
}

export function striker(death: Death, at: number, abort: AbortController): Step {
  let count = 0;
  let struck = false;
  return (step) => {
    struck ||= count++ === at;
    if (!struck) return;
    switch (death) {
      case "SIGKILL":
        throw new PowerCut(step);
      case "SIGTERM":
      case "SIGINT":
        abort.abort();
        return;
      case "sandbox gone":
      case "network gone":
        if (!isService(step)) return;
        throw new PhotodriftError(
          death === "network gone" ? "connection-lost" : "service-unavailable",
          death,
          "",
          "incomplete",
        );
      case "disk full":
        if (step === "journal.intend") throw new PhotodriftError("journal-failed", death, "");
        if (step === "backups.put") throw new PhotodriftError("backup-failed", death, "");
        if (ON_DISK.has(step)) throw new Error("SQLITE_FULL");
    }
  };
}
