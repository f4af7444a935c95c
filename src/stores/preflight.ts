import { PhotodriftError } from "../model/errors.js";
import type { DirectoryUser } from "../model/user.js";
import { NEEDS_PHOTOS } from "./cloud-photo/classify.js";
import { NEEDS_GROUPS } from "./directory/api.js";
import { asStoreError } from "./http/failures.js";
import type { Resource } from "./http/tokens.js";
import { roleProbes, type RoleQuestion } from "./preflight-roles.js";
import type { Probe } from "./probe.js";
import type { TenantReaders } from "./readers.js";
import { NEEDS_PROFILES } from "./sharepoint/api.js";

const RESOURCES: readonly (readonly [Resource, string])[] = [
  ["graph", "Microsoft Graph"],
  ["sharepointMy", "SharePoint (My Site host)"],
  ["sharepointAdmin", "SharePoint (admin host)"],
];

/** Refusals that are the same for every service: the secret, the certificate, the application or the tenant (AADSTS numbers). */
const CREDENTIAL_ITSELF =
  /AADSTS(7000215|7000222|7000216|7000112|7000218|700016|700027|700024|90002|900023)\b|certificate file/;

const AS_GRANTED: RoleQuestion = { mode: null, mail: false };

/**
 * Tries everything that a run needs, one by one, reading only: the token of each service, each permission, the photo policy, the library
 * and its folder, and the profile of one user. A check that depends on a failed one is not made.
 */
export async function* preflight(tenant: TenantReaders, question: RoleQuestion = AS_GRANTED): AsyncGenerator<Probe> {
  const refused = new Set<Resource>();
  let told: string | null = null;
  for (const [resource, name] of RESOURCES) {
    if (told !== null) {
      refused.add(resource);
      yield {
        name: `credential for ${name}`,
        ok: false,
        detail: "not tried: the credential itself is refused, as above",
        cure: "",
      };
      continue;
    }
    const probe = await tryOut(`credential for ${name}`, async () => {
      await tenant.connection.tokens.authorizer(resource).header();
      return "token received";
    });
    if (!probe.ok) refused.add(resource);
    if (!probe.ok && CREDENTIAL_ITSELF.test(probe.detail)) told = probe.detail;
    yield probe;
  }
  yield* roleProbes(tenant, question, (host) => !refused.has(host));
  let someone = null as DirectoryUser | null;
  if (!refused.has("graph")) {
    yield await tryOut("directory", async () => {
      for await (const page of tenant.directory.users()) {
        someone =
          page.find((user) => user.licences.sharePoint && user.accountEnabled && !user.guest) ?? page[0] ?? null;
        return page.length === 0 ? "no user found" : "users and licences can be read";
      }
      return "no user found";
    });
    if (someone !== null) yield await checkPhoto(tenant, someone);
    yield await checkGroups(tenant);
    yield await checkPolicy(tenant);
  }
  if (!refused.has("sharepointMy")) {
    yield await tryOut("User Photos folder", async () => {
      const library = await tenant.sharePoint.locate();
      const others = library.folders.length > 1 ? `, beside ${String(library.folders.length - 1)} other(s)` : "";
      return `${library.folder}${others}, ${String(library.itemCount)} items`;
    });
  }
  if (!refused.has("sharepointAdmin") && someone !== null) yield await checkProfile(tenant, someone);
  yield headroom(tenant);
}

async function tryOut(name: string, check: () => Promise<string>): Promise<Probe> {
  try {
    return { name, ok: true, detail: await check(), cure: "" };
  } catch (error) {
    if (error instanceof PhotodriftError && error.code === "interrupted") throw error;
    const { message, hint } = asStoreError(error);
    return { name, ok: false, detail: message, cure: hint };
  }
}

async function checkPhoto(tenant: TenantReaders, user: DirectoryUser): Promise<Probe> {
  return await tryOut("photo access", async () => {
    const [reading] = await tenant.cloudPhotos.metadata([user]);
    if (reading?.result.kind === "unreadable") {
      const { code, message, hint } = reading.result.error;
      throw new PhotodriftError(code, message, hint === "" ? `grant ${NEEDS_PHOTOS}` : hint);
    }
    const served = await tenant.cloudPhotos.topology([user]);
    return `photos can be read, the service is ${served}`;
  });
}

/** A group that cannot exist: "not found" proves the permission. */
async function checkGroups(tenant: TenantReaders): Promise<Probe> {
  const name = "group access";
  try {
    await tenant.directory.groupMembers("00000000-0000-0000-0000-000000000000");
  } catch (error) {
    if (!(error instanceof PhotodriftError)) throw error;
    if (error.code === "permission-missing") {
      return {
        name,
        ok: false,
        detail: error.message,
        cure: `grant ${NEEDS_GROUPS}; needed for scope.groups and --group only`,
      };
    }
    if (error.code !== "group-not-found") return { name, ok: false, detail: error.message, cure: error.hint };
  }
  return { name, ok: true, detail: "groups can be read", cure: "" };
}

async function checkPolicy(tenant: TenantReaders): Promise<Probe> {
  const name = "photo policy";
  const policy = await tenant.cloudPhotos.policy();
  if ("unknown" in policy) {
    return {
      name,
      ok: true,
      detail: `not readable: ${policy.unknown}`,
      cure: "grant PeopleSettings.Read.All of Microsoft Graph to have it checked",
    };
  }
  if (!policy.writesBlocked)
    return { name, ok: true, detail: `cloud writes are allowed (source ${policy.source ?? "not set"})`, cure: "" };
  return {
    name,
    ok: false,
    detail: "the tenant takes photos from the on-premises directory only",
    cure: "apply cannot write photos: change them there, or set photoUpdateSettings source to cloud (takes up to 24 h)",
  };
}

async function checkProfile(tenant: TenantReaders, user: DirectoryUser): Promise<Probe> {
  return await tryOut("profile access", async () => {
    const profiles = await tenant.sharePoint.profiles([user]);
    const profile = profiles.get(user.upn.toLowerCase());
    if (profile?.kind === "unreadable") {
      const { code, message, hint } = profile.error;
      throw new PhotodriftError(code, message, hint === "" ? `grant ${NEEDS_PROFILES}` : hint);
    }
    return `the profile of ${user.upn} ${profile?.kind === "present" ? "can be read" : "does not exist, which can be told"}`;
  });
}

function headroom(tenant: TenantReaders): Probe {
  const told = [...tenant.connection.door.headroom()].map(([service, words]) => `${service}: ${words}`);
  return headroomProbe(tenant.meter.cost(), told);
}

/** Throttling that was waited out is no fault of the set-up: every service throttles at times, and a run waits as this one did. */
export function headroomProbe(
  { throttled, waitedSeconds }: { readonly throttled: number; readonly waitedSeconds: number },
  told: readonly string[],
): Probe {
  const detail =
    throttled === 0 ? "no throttling met" : `throttled ${String(throttled)} times, waited ${String(waitedSeconds)} s`;
  return {
    name: "throttling head-room",
    ok: true,
    ...(throttled === 0 ? {} : { warning: true }),
    detail: [detail, ...told].join("; "),
    cure: throttled === 0 ? "" : "run at a quieter time, or lower limits.concurrency",
  };
}
