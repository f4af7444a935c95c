import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { endpointsOf, loadPartialConfig } from "../../config/index.js";
import type { Cloud } from "../../model/config.js";
import type { Secret } from "../../model/secret.js";
import { PhotodriftError } from "../../model/errors.js";
import { isGuid } from "../../model/ids.js";
import { openAdminGraph } from "../../stores/admin-graph.js";
import { adminToken } from "./admin-token.js";
import type { Invocation } from "../line/globals.js";

/** Which tenant is set up, from the configuration, the flags, or the administrator's token. */
export interface SetupTarget {
  /** Null while nobody has said. */
  readonly tenantId: string | null;
  readonly tenantName: string | null;
  readonly cloud: Cloud;
  readonly login: string;
  readonly graph: string;
  /** PEM text. */
  readonly ca: string | undefined;
  readonly clientId: string | null;
  readonly certificatePath: string | null;
  /** Of an encrypted key. */
  readonly certificatePassword: Secret | null;
  readonly mail: boolean;
  /** True where the configuration file is there. */
  readonly configured: boolean;
}

export interface TargetFlags {
  readonly "tenant-id": string | undefined;
  readonly "tenant-name": string | undefined;
  readonly "client-id": string | undefined;
  readonly cloud: Exclude<Cloud, "custom">;
}

export function targetOf(flags: TargetFlags, invocation: Pick<Invocation, "configPath" | "env">): SetupTarget {
  if (existsSync(invocation.configPath)) {
    const { tenant, endpoints, clientId, certificatePath, certificatePassword, mail } = loadPartialConfig(
      invocation.configPath,
      invocation.env,
    );
    return {
      tenantId: tenant.id,
      tenantName: tenant.name,
      cloud: tenant.cloud,
      login: endpoints.login,
      graph: endpoints.graph,
      ca: tenant.caFile === null ? undefined : readFileSync(tenant.caFile, "utf8"),
      clientId: flags["client-id"] ?? clientId,
      certificatePath,
      certificatePassword,
      mail,
      configured: true,
    };
  }
  const endpoints = endpointsOf(flags.cloud, flags["tenant-name"] ?? "contoso", {});
  return {
    tenantId: flags["tenant-id"] ?? null,
    tenantName: flags["tenant-name"] ?? null,
    cloud: flags.cloud,
    login: endpoints.login,
    graph: endpoints.graph,
    ca: undefined,
    clientId: flags["client-id"] ?? null,
    certificatePath: null,
    certificatePassword: null,
    mail: false,
    configured: false,
  };
}

export type Administrator = ReturnType<typeof openAdminGraph>;

/** Graph with the administrator's token; null where nobody is signed in. */
export async function administratorOf(
  target: SetupTarget,
  invocation: Pick<Invocation, "env" | "signal">,
): Promise<Administrator | null> {
  const token = await adminToken(target.graph, invocation.env, target.cloud !== "custom");
  if (token === null) return null;
  return openAdminGraph({ graph: target.graph, token, ca: target.ca, env: invocation.env, signal: invocation.signal });
}

const organizationSchema = z.object({
  value: z
    .array(
      z.object({
        id: z.string(),
        verifiedDomains: z.array(z.object({ name: z.string(), isInitial: z.boolean().optional() })).default([]),
      }),
    )
    .min(1),
});

/** Completes tenant id and SharePoint name from the tenant itself: the initial domain's first label (contoso.onmicrosoft.com). */
export async function completed(target: SetupTarget, administrator: Administrator): Promise<SetupTarget> {
  if (target.configured && target.tenantId !== null) return target;
  const answer = organizationSchema.safeParse(
    await administrator.get("/organization?$select=id,verifiedDomains", "find out which tenant this is"),
  );
  const [organization] = answer.success ? answer.data.value : [];
  if (organization === undefined) return target;
  if (
    target.tenantId !== null &&
    isGuid(target.tenantId) &&
    target.tenantId.toLowerCase() !== organization.id.toLowerCase()
  ) {
    throw new PhotodriftError(
      "tenant-mismatch",
      `The administrator is signed in to the tenant ${organization.id}, not to ${target.tenantId}.`,
      `Sign in with \`az login --tenant ${target.tenantId} --allow-no-subscriptions\`.`,
      "usage",
    );
  }
  const initial = organization.verifiedDomains.find(({ isInitial }) => isInitial === true)?.name ?? "";
  return {
    ...target,
    tenantId: target.tenantId ?? organization.id,
    tenantName: target.tenantName ?? (initial.split(".")[0] || null),
  };
}
