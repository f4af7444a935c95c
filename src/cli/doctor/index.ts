import type { Config } from "../../model/config.js";
import { PhotodriftError } from "../../model/errors.js";
import type { AccessMode } from "../../model/permissions.js";
import { networkProbes, preflight, type OpenTenant, type Probe } from "../../stores/index.js";
import type { MissingFile } from "../../config/index.js";
import { openTenantOf } from "../compose.js";
import type { Invocation } from "../line/globals.js";
import { certificateProbe } from "./certificate.js";
import { listProbes } from "./lists.js";
import { diskProbe, reportsProbe, stateProbe } from "./machine.js";
import { scopeProbes, usersOf } from "./scope.js";
import { sourceProbes } from "./source.js";

export interface Examination {
  readonly config: Config;
  /** Files that the configuration names and that are not there. */
  readonly missing: readonly MissingFile[];
  /** Null: as the granted permissions show. */
  readonly mode: AccessMode | null;
  /** True where notices go by mail. */
  readonly mail: boolean;
}

/** Every check, in the order of what needs what; one that fails keeps none of the others back that can do without it. */
export async function* examine(
  { config, missing, mode, mail }: Examination,
  invocation: Pick<Invocation, "env" | "progress" | "signal">,
): AsyncGenerator<Probe> {
  yield { name: "configuration", ok: true, detail: config.file, cure: "" };
  for (const { key, message } of missing) yield { name: key, ok: false, detail: message, cure: cureOf(key) };
  yield* sourceProbes(config);
  yield await stateProbe(config);
  yield await reportsProbe(config);
  yield await diskProbe(config);
  const certificate = await certificateProbe(config.credential, Date.now());
  if (certificate !== null) yield certificate;
  const tenant = openTenantOrProbe(config, missing, invocation);
  if ("name" in tenant) {
    yield tenant;
    return;
  }
  try {
    yield* networkProbes(tenant, config.endpoints.login, config.tenant.id, invocation.env);
    if (missing.some(({ key }) => key === "credential.certificatePath")) {
      yield {
        name: "credential",
        ok: false,
        detail: "not tried without its certificate",
        cure: cureOf("credential.certificatePath"),
      };
      return;
    }
    yield* preflight(tenant, { mode, mail });
    const users = await usersOf(tenant.directory);
    if (users === null) return;
    yield* scopeProbes(config, tenant.directory, users);
    yield* listProbes(config, users);
  } finally {
    await tenant.close();
  }
}

function cureOf(key: string): string {
  return key === "credential.certificatePath"
    ? "`photodrift setup` makes certificate and app registration, or put the file there"
    : "put the file there, or take the key out of the configuration";
}

function openTenantOrProbe(
  config: Config,
  missing: readonly MissingFile[],
  { env, progress, signal }: Pick<Invocation, "env" | "progress" | "signal">,
): OpenTenant | Probe {
  const trust = missing.some(({ key }) => key === "tenant.caFile") ? { ...config.tenant, caFile: null } : config.tenant;
  try {
    return openTenantOf({ config: { ...config, tenant: trust }, env, progress, signal });
  } catch (error) {
    if (!(error instanceof PhotodriftError)) throw error;
    const name = error.code === "proxy-invalid" ? "proxy" : "authority file";
    return { name, ok: false, detail: error.message, cure: error.hint };
  }
}
