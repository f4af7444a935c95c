import type { Finding } from "../../../src/model/finding.js";
import type { Plan } from "../../../src/model/plan.js";
import { audit } from "../../../src/run/audit.js";
import { createPlanMaker } from "../../../src/run/make-plan.js";
import type { AuditPorts, AuditSettings } from "../../../src/run/settings.js";
import { planDigest } from "../../../src/state/digest.js";
import type { State } from "../../../src/state/index.js";
import { FOLDER, masterSha, type FakeTenant } from "./fake-tenant.js";
import { picture, signature, textImages } from "./pictures.js";
import { QUIET, SETTINGS } from "./settings.js";

/** The audit of the program itself over the services of a fake tenant: what it joins, finds and plans is what a user would get. */
export interface Audited {
  readonly plan: Plan;
  readonly findings: readonly Finding[];
}

export interface AuditChoice {
  readonly settings?: Partial<AuditSettings>;
  readonly policy?: Partial<AuditSettings["policy"]>;
  readonly planId?: string;
  readonly now?: number;
  /** In place of the masters of the fake tenant, which the mapping gives to their people. */
  readonly source?: Partial<AuditPorts["source"]>;
}

export const NOW = Date.UTC(2026, 10, 23, 12);

const APPLIED: AuditSettings = {
  ...SETTINGS,
  policy: {
    ...SETTINGS.policy,
    propagationMs: 72 * 3_600_000,
    autoApply: ["missing-photo", "missing-thumbnail", "stale-photo", "low-resolution", "profile-property-mismatch"],
  },
  sharePoint: { ...SETTINGS.sharePoint, stem: "upn" },
  maxChangePercent: 100,
};

let audits = 0;

/** One audit with its plan. Users whose name begins with "nein" withdrew consent, with "pinned" are pinned. */
export async function auditNow(tenant: FakeTenant, state: State, choice: AuditChoice = {}): Promise<Audited> {
  const now = choice.now ?? NOW;
  const startedAt = new Date(now).toISOString();
  const run = { id: `audit-${String(++audits)}`, startedAt };
  const settings: AuditSettings = { ...APPLIED, ...choice.settings, policy: { ...APPLIED.policy, ...choice.policy } };
  state.records.beginRun({ ...run, mode: "audit", trigger: "cli", tenant: settings.tenant });
  const maker = createPlanMaker(choice.planId ?? "plan-1", state.plans, planDigest, startedAt);
  const ports = auditPorts(tenant, state, now);
  const result = await audit({ ...ports, source: { ...ports.source, ...choice.source } }, settings, run, maker);
  const plan = maker.finish({
    tenant: settings.tenant,
    runId: run.id,
    observedAt: startedAt,
    complete: result.complete,
    usersInScope: result.summary.usersInScope,
    maxChangePercent: null,
    maxRemovals: null,
    maxChanges: null,
    writesBlocked: null,
  });
  return { plan, findings: [...state.records.findings(run.id)] };
}

export function auditPorts(tenant: FakeTenant, state: State, now: number): AuditPorts {
  const services = tenant.ports();
  const people = [...tenant.people.values()];
  const masters = people.flatMap(({ user, master }) => (master === null ? [] : [{ user, master }]));
  const named = (start: string) =>
    people.filter(({ user }) => user.upn.startsWith(start)).map(({ user }, at) => ({ user: user.upn, line: at + 2 }));
  return {
    directory: {
      users: async function* () {
        yield people.filter(({ left }) => left !== true).map(({ user }) => user);
      },
      user: async (name) =>
        people.find(({ user, left }) => left !== true && (user.upn === name || user.id === name))?.user ?? null,
      groupMembers: async () => new Set(),
    },
    cloudPhotos: {
      ...services.cloudReader,
      topology: async () => "merged",
      policy: async () => ({ writesBlocked: false, source: "cloud" }),
    },
    sharePoint: {
      ...services.sharePointReader,
      // Every write moves the library's mark.
      locate: async () => ({
        folder: FOLDER,
        folders: [FOLDER],
        changeMark: tenant.etag(),
        itemCount: 1,
        webUrl: null,
      }),
      inventory: async function* () {
        yield tenant.libraryFiles();
      },
    },
    source: {
      scan: async () => ({
        files: masters.map(({ master }) => {
          const file = `${master}.jpg`;
          return { file, path: file, bytes: master.length, mtimeMs: 1 };
        }),
        skipped: [],
      }),
      mapping: async () =>
        masters.map(({ user, master }, at) => ({
          user: user.upn,
          file: `${master}.jpg`,
          line: at + 1,
          focus: null,
          focusProblem: null,
        })),
      listFiles: { consent: "opted-out.csv", pins: "pinned.csv", mapping: "people.csv" },
      consentWithdrawn: async () => named("nein"),
      pinned: async () => named("pinned"),
    },
    images: IMAGES,
    records: state.records,
    clock: { now: () => now },
    ...QUIET,
  };
}

const IMAGES = textImages(
  (path) => path.replace(/\.jpg$/, ""),
  (shows) => ({ ...signature(picture(shows, 800)), sha256: masterSha(shows) }),
);

/** The plan that an audit of the tenant makes. */
export async function planOf(tenant: FakeTenant, state: State, choice: AuditChoice = {}): Promise<Plan> {
  return (await auditNow(tenant, state, choice)).plan;
}

/** What an audit still finds that the next apply would repair. */
export async function automaticFindings(tenant: FakeTenant, state: State): Promise<readonly Finding[]> {
  const { findings } = await auditNow(tenant, state, { planId: "plan-look" });
  return findings.filter(({ remedy }) => remedy.kind === "automatic");
}
