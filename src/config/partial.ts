import { dirname, resolve } from "node:path";
import { z } from "zod";
import type { Endpoints, TenantConfig } from "../model/config.js";
import type { Secret } from "../model/secret.js";
import { checkYaml } from "./check.js";
import { tenantCrossChecks } from "./cross-checks.js";
import { secretText } from "./fields.js";
import { readTextFile } from "./read-file.js";
import { hidden } from "./secret-fields.js";
import { tenantSchema } from "./schema.js";
import { tenantOf } from "./tenant.js";

/** What of `photodrift.yaml` is of use before there is an app registration. */
export interface PartialConfig {
  readonly file: string;
  readonly tenant: TenantConfig;
  readonly endpoints: Endpoints;
  readonly clientId: string | null;
  /** Absolute. */
  readonly certificatePath: string | null;
  readonly certificatePassword: Secret | null;
  /** True where a notification goes by mail. */
  readonly mail: boolean;
}

export const partialSchema = z.looseObject({
  tenant: tenantSchema,
  credential: z
    .looseObject({
      clientId: z.string().nullish(),
      certificatePath: z.string().nullish(),
      certificatePassword: secretText("a password").nullish(),
    })
    .nullish(),
  notify: z.array(z.looseObject({ kind: z.string().optional(), url: hidden(z.unknown()) })).nullish(),
});

/**
 * Reads the tenant of a configuration whose credential may still be missing or unusable.
 * @throws ConfigError `config-missing` or `config-invalid`
 */
export function loadPartialConfig(path: string, env: NodeJS.ProcessEnv): PartialConfig {
  const text = readTextFile(path, "Type `photodrift init` to write one, or name yours with --config FILE.");
  const file = resolve(path);
  const folder = dirname(file);
  const { tenant, credential, notify } = checkYaml(path, text, partialSchema, env, tenantCrossChecks(folder));
  const certificatePath = credential?.certificatePath ?? null;
  return {
    file,
    ...tenantOf(tenant, folder),
    clientId: credential?.clientId ?? null,
    certificatePath: certificatePath === null ? null : resolve(folder, certificatePath),
    certificatePassword: credential?.certificatePassword ?? null,
    mail: notify?.some(({ kind }) => kind === "mail") ?? false,
  };
}
