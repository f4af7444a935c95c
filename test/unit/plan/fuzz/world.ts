import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../../../../src/config/index.js";
import type { TodayBench } from "../../../../src/cli/sessions/today.js";
import type { Authority, Config } from "../../../../src/model/config.js";
import type { PersonRow } from "../../../../src/model/list.js";
import type { Plan } from "../../../../src/model/plan.js";
import type { PlanAction } from "../../../../src/model/plan-action.js";
import { RULE_IDS, type RuleId } from "../../../../src/model/rule.js";
import type { ApplyPorts } from "../../../../src/run/apply.js";
import type { State } from "../../../../src/state/index.js";
import { FakeTenant, urlOf, type FakePerson } from "../../../support/tenant/fake-tenant.js";
import { auditNow, auditPorts } from "../../../support/tenant/audited.js";
import { createRig, type Rig } from "../../apply/rig.js";

/** A tenant with one user for everything that configuration and lists can forbid. */
export function hostileTenant(): FakeTenant {
  const tenant = new FakeTenant();
  const files = (shows: string): FakePerson["files"] => ({
    S: tenant.file(shows, 48),
    M: tenant.file(shows, 72),
    L: tenant.file(shows, 200),
  });
  const everywhere = (name: string, shows: string, part: Partial<FakePerson> & { mailbox?: boolean } = {}) => {
    const upn = `${name}@contoso.com`;
    tenant.add(upn, {
      master: name,
      cloud: tenant.photo(shows),
      files: files(shows),
      ...part,
      profile: { PictureURL: urlOf(upn), "SPS-PicturePlaceholderState": "0", "SPS-PictureTimestamp": "63799442436" },
    });
  };
  tenant.add("anna@contoso.com", { master: "anna" });
  everywhere("bert", "old bert");
  tenant.add("carl@contoso.com", { master: "carl", mailbox: false });
  everywhere("dora", "erik");
  everywhere("erik", "erik");
  everywhere("nein-frida", "nein-frida");
  everywhere("pinned-gina", "old gina");
  everywhere("svc-hugo", "old hugo");
  everywhere("ines", "ines", { master: null, files: files("another") });
  tenant.add("jana@contoso.com", { left: true, files: files("jana") });
  tenant.add("klaus@contoso.com", {
    cloud: tenant.photo("klaus"),
    profile: { PictureURL: urlOf("klaus@contoso.com") },
  });
  everywhere("lena", "lena");
  everywhere("mona", "mona", { files: { ...files("mona"), S: null, M: null } });
  everywhere("nils", "nils");
  everywhere("otto", "otto");
  tenant.add("a.b@contoso.com", { master: "a.b" });
  tenant.add("a_b@contoso.com", { master: "a_b" });
  return tenant;
}

/** What configuration and lists say when the plan is applied. */
export interface Choice {
  readonly maxChangePercent: number;
  readonly maxRemovals: number;
  readonly autoApply: readonly RuleId[];
  readonly authority: Authority;
  readonly fix: Config["stores"]["sharepoint"]["fix"];
  readonly sharePoint: boolean;
  readonly cloud: boolean;
  readonly exclude: readonly string[];
  readonly largeSide: number;
  /** Masters of the world have 800. */
  readonly minimumPixels: number;
  /** First letters of users on the lists. */
  readonly consent: readonly string[];
  readonly pins: readonly string[];
  /** This state file never saw the directory. */
  readonly blank: boolean;
}

const YAML = `
tenant: {id: contoso.com, name: contoso}
credential: {kind: client-secret, clientId: 1b2e0000-0000-4000-8000-000000000000, clientSecret: x}
source: {folder: ., patterns: ["{upn}"]}
`;

export function configFor(folder: string): Config {
  const file = join(folder, "photodrift.yaml");
  writeFileSync(file, YAML);
  return loadConfig(file, {});
}

function chosen(config: Config, choice: Choice): Config {
  const {
    maxChangePercent,
    maxRemovals,
    autoApply,
    authority,
    fix,
    sharePoint,
    cloud,
    exclude,
    largeSide,
    minimumPixels,
  } = choice;
  return {
    ...config,
    scope: { ...config.scope, exclude },
    policy: { ...config.policy, autoApply, authority, minimumPixels },
    limits: { ...config.limits, maxChangePercent, maxRemovals },
    stores: {
      entra: { enabled: cloud },
      exchange: { enabled: cloud },
      sharepoint: { enabled: sharePoint, fix, stem: "upn", thumbnails: { S: 48, M: 72, L: largeSide } },
    },
  };
}

function rows(tenant: FakeTenant, starts: readonly string[]): readonly PersonRow[] {
  return [...tenant.people.keys()]
    .filter((upn) => starts.some((start) => upn.startsWith(start)))
    .map((user, at) => ({ user, line: at + 2 }));
}

/** What an apply needs beside the tenant: its readers, today's lists and configuration. */
export function benchFor(tenant: FakeTenant, state: State, config: Config, choice: Choice): TodayBench {
  const ports = auditPorts(tenant, state, Date.UTC(2026, 10, 23, 12));
  return {
    config: chosen(config, choice),
    state,
    ports: {
      ...ports,
      source: {
        ...ports.source,
        consentWithdrawn: async () => rows(tenant, choice.consent),
        pinned: async () => rows(tenant, choice.pins),
      },
    },
  };
}

/** One call of a writer. */
export interface WriterCall {
  readonly what: "upload" | "remove" | "put" | "delete" | "property";
  readonly place: string;
  readonly value: string;
}

/** Writers that note every call, taken or not. */
export function recordedWriters(ports: ApplyPorts, calls: WriterCall[]): ApplyPorts {
  const { cloudWriter, sharePointWriter } = ports;
  return {
    ...ports,
    cloudWriter: {
      upload: async (requests) => {
        for (const { user, jpeg } of requests) calls.push({ what: "upload", place: user.upn, value: String(jpeg) });
        return cloudWriter.upload(requests);
      },
      remove: async (user) => {
        calls.push({ what: "remove", place: user.upn, value: "" });
        return cloudWriter.remove(user);
      },
    },
    sharePointWriter: {
      putThumbnail: async (folder, name, jpeg) => {
        calls.push({ what: "put", place: `${folder}/${name}`, value: String(jpeg) });
        return sharePointWriter.putThumbnail(folder, name, jpeg);
      },
      deleteThumbnail: async (folder, name, etag) => {
        calls.push({ what: "delete", place: `${folder}/${name}`, value: "" });
        return sharePointWriter.deleteThumbnail(folder, name, etag);
      },
      setProperty: async (upn, name, value) => {
        calls.push({ what: "property", place: `${upn}/${name}`, value });
        return sharePointWriter.setProperty(upn, name, value);
      },
    },
  };
}

/** Rules named in the audits whose plans the state file remembers. */
export const HONEST: readonly (readonly RuleId[])[] = [
  [],
  RULE_IDS,
  ["consent-withdrawn"],
  ["orphan-thumbnail"],
  ["stores-disagree"],
];

export interface World {
  readonly tenant: FakeTenant;
  readonly rig: Rig;
  /** Plans as the state file remembers them. */
  readonly honest: readonly Plan[];
  /** Every action of theirs. */
  readonly pool: readonly PlanAction[];
}

/** A state file that has audited the tenant, with every action that some audit of it would plan. */
export async function audited(folder: string): Promise<World> {
  const tenant = hostileTenant();
  const rig = createRig(tenant, folder);
  const pool = new Map<string, PlanAction>();
  const honest: Plan[] = [];
  for (const [at, rules] of HONEST.entries()) {
    const { plan } = await auditNow(tenant, rig.state, { planId: `honest-${String(at)}`, settings: { rules } });
    honest.push(plan);
    for (const action of plan.actions()) pool.set(`${action.id} ${action.because}`, action);
  }
  return { tenant, rig, honest, pool: [...pool.values()] };
}
