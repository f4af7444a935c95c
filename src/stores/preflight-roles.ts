import {
  isMet,
  needsOf,
  permissionsOf,
  rolesBeyond,
  SERVICE_NAMES,
  type AccessMode,
  type Need,
} from "../model/permissions.js";
import type { TenantReaders } from "./readers.js";
import type { Probe } from "./probe.js";

export interface RoleQuestion {
  /** Null: as what is granted shows. */
  readonly mode: AccessMode | null;
  readonly mail: boolean;
}

type Host = Need["host"];
type Granted = ReadonlyMap<Host, readonly string[] | null>;

/**
 * One probe for each thing the mode does, with the least permission that is missing, and one for what is granted beyond it.
 * @param reachable services whose token could be got
 */
export async function* roleProbes(
  tenant: TenantReaders,
  question: RoleQuestion,
  reachable: (host: Host) => boolean,
): AsyncGenerator<Probe> {
  const granted = new Map<Host, readonly string[] | null>();
  for (const host of ["graph", "sharepointMy", "sharepointAdmin"] as const) {
    if (reachable(host)) granted.set(host, await tenant.connection.tokens.roles(host).catch(() => null));
  }
  const mode = question.mode ?? grantedMode(granted);
  for (const need of needsOf(mode, question.mail)) {
    const roles = granted.get(need.host);
    if (roles !== undefined) yield probeOf(need, roles);
  }
  if (question.mode === null && mode === "audit" && granted.size > 0) yield readingOnly();
  yield* superfluous(granted, mode, question.mail);
}

/** Whoever granted no writing permission at all means to read only. */
function grantedMode(granted: Granted): AccessMode {
  const writing = needsOf("apply", false).filter(({ use }) => use === "apply");
  const some = writing.some((need) => {
    const roles = granted.get(need.host);
    return roles === null || (roles !== undefined && isMet(need, roles));
  });
  return some || granted.size === 0 ? "apply" : "audit";
}

function probeOf(need: Need, roles: readonly string[] | null): Probe {
  const name = `permission to ${need.what}`;
  if (roles === null) return { name, ok: true, detail: "the token does not tell its roles", cure: "" };
  const has = [need.least, ...need.also].filter((role) => roles.includes(role));
  if (has.length > 0) return { name, ok: true, detail: has.join(", "), cure: "" };
  const wanted = [need.least, ...need.also].join(", ");
  const grant = `grant the app registration the application permission ${need.least} of ${SERVICE_NAMES[need.service]}, with admin consent`;
  const way =
    need.use === "apply"
      ? "photodrift setup --mode apply --yes does it; --mode audit checks for reading only"
      : "photodrift setup --yes does it";
  return {
    name,
    ok: need.optional,
    ...(need.optional ? { warning: true } : {}),
    detail: `the token has none of ${wanted}`,
    cure: `${grant} (${way})`,
  };
}

function readingOnly(): Probe {
  return {
    name: "permission to write",
    ok: true,
    detail: "none is granted: audit is possible, apply is not",
    cure: "for apply: photodrift setup --mode apply",
  };
}

/** Roles beyond the least set of the mode, by service; both SharePoint hosts show the same. */
function* superfluous(granted: Granted, mode: AccessMode, mail: boolean): Generator<Probe> {
  if (granted.size === 0) return;
  const beyond = (["graph", "sharepoint"] as const).map((service) => {
    const roles = granted.get(service === "graph" ? "graph" : "sharepointMy") ?? [];
    return { service: SERVICE_NAMES[service], ...rolesBeyond(service, roles, { mode, mail }) };
  });
  const idle = beyond.flatMap(({ service, idle: roles }) => roles.map((role) => `${role} of ${service}`));
  const broader = beyond.flatMap(({ service, broader: roles }) =>
    roles.map(({ role, least }) => `${role} of ${service} is more than ${least}, which is enough`),
  );
  const name = "permissions too many";
  if (idle.length + broader.length === 0) {
    yield { name, ok: true, detail: `none: exactly what ${mode} needs`, cure: "" };
    return;
  }
  const least = permissionsOf(mode, mail).map(({ service, name: role }) => `${role} of ${SERVICE_NAMES[service]}`);
  const order = broader.length === 0 ? "take them out of" : "grant the smaller ones first, then take these out of";
  yield {
    name,
    ok: true,
    warning: true,
    detail: [...(idle.length === 0 ? [] : [`${mode} does not need ${idle.join(", ")}`]), ...broader].join("; "),
    cure: `${order} the app registration's API permissions; the least is ${least.join(", ")}`,
  };
}
