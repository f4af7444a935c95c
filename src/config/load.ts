import { dirname, resolve } from "node:path";
import type { Config, CredentialConfig } from "../model/config.js";
import { CHANNELS, type ChannelFields, type NotifyConfig } from "../model/notify.js";
import { checkYaml } from "./check.js";
import { configCrossChecks } from "./cross-checks.js";
import { readTextFile } from "./read-file.js";
import { configSchema, type ParsedConfig } from "./schema.js";
import { makeSecret } from "./secret.js";
import { tenantOf } from "./tenant.js";
import { keyText } from "./yaml-source.js";

/**
 * Reads `photodrift.yaml`: checked, `${NAME}` filled in from `env`, defaults set, paths absolute (relative ones start at the file).
 * @throws ConfigError `config-missing` (no such file) or `config-invalid` (every problem at once); both exit code 64
 */
export function loadConfig(path: string, env: NodeJS.ProcessEnv): Config {
  return readConfig(
    path,
    readTextFile(path, "Type `photodrift init` to write one, or name yours with --config FILE."),
    env,
  );
}

/** Like loadConfig, of a text that is not in its file yet. @param path where it is going to stand */
export function readConfig(path: string, text: string, env: NodeJS.ProcessEnv): Config {
  const file = resolve(path);
  return toConfig(file, checkYaml(path, text, configSchema, env, configCrossChecks(dirname(file))));
}

/**
 * Like loadConfig, but files that the configuration names and that are not there are told apart: `photodrift doctor` goes on without them.
 * @throws ConfigError for every other problem
 */
export function loadConfigWithoutFiles(
  path: string,
  env: NodeJS.ProcessEnv,
): { readonly config: Config; readonly missing: readonly MissingFile[] } {
  const text = readTextFile(path, "Type `photodrift init` to write one, or name yours with --config FILE.");
  const file = resolve(path);
  const missing: MissingFile[] = [];
  const checks = configCrossChecks(dirname(file), (at, message) => missing.push({ key: keyText(at), message }));
  return { config: toConfig(file, checkYaml(path, text, configSchema, env, checks)), missing };
}

/** A key that names a file which cannot be read. */
export interface MissingFile {
  readonly key: string;
  readonly message: string;
}

function toConfig(file: string, parsed: ParsedConfig): Config {
  const folder = dirname(file);
  function absolute(path: string): string {
    return resolve(folder, path);
  }
  function absoluteOrNull(path: string | undefined): string | null {
    return path === undefined ? null : absolute(path);
  }
  const { tenant, source, policy } = parsed;
  const { propagation, ...rules } = policy;
  return {
    file,
    ...tenantOf(tenant, folder),
    credential: toCredential(parsed.credential, absolute),
    source: {
      folder: absolute(source.folder),
      recursive: source.recursive,
      patterns: source.patterns,
      domain: source.domain ?? null,
      mapping: absoluteOrNull(source.mapping),
      crop: source.crop,
      marker: source.marker ?? null,
      archive: absoluteOrNull(source.archive),
    },
    stores: parsed.stores,
    scope: parsed.scope,
    policy: {
      ...rules,
      propagationMs: propagation,
      consent: absoluteOrNull(policy.consent),
      pins: absoluteOrNull(policy.pins),
      severity: policy.severity,
    },
    limits: parsed.limits,
    state: absolute(parsed.state),
    reports: absolute(parsed.reports),
    keepRuns: parsed.keepRuns,
    keepUndoMs: parsed.keepUndo,
    notify: parsed.notify.map(toNotify),
  };
}

/** The cross checks have made sure that each kind has its fields. */
function toCredential(parsed: ParsedConfig["credential"], absolute: (path: string) => string): CredentialConfig {
  const clientId = parsed.clientId ?? null;
  switch (parsed.kind) {
    case "certificate":
      return {
        kind: "certificate",
        clientId: clientId ?? "",
        certificatePath: absolute(parsed.certificatePath ?? ""),
        ...(parsed.certificatePassword === undefined ? {} : { certificatePassword: parsed.certificatePassword }),
      };
    case "client-secret":
      return { kind: "client-secret", clientId: clientId ?? "", clientSecret: parsed.clientSecret ?? makeSecret("") };
    default:
      return { kind: parsed.kind, clientId };
  }
}

/** One checked entry of `notify`, of a config or a schedule. */
export function toNotify(parsed: ParsedConfig["notify"][number]): NotifyConfig {
  const { kind, on, url = makeSecret(""), secret = null, from = "", to = [] } = parsed;
  const all: ChannelFields = { url, secret, from, to };
  const keys: readonly (keyof ChannelFields)[] = [...CHANNELS[kind].needs, ...CHANNELS[kind].may];
  // The type of an entry is made of these very keys.
  return { kind, on, ...Object.fromEntries(keys.map((key) => [key, all[key]])) } as NotifyConfig;
}
