import { z } from "zod";
import { cloudOfGraphHost } from "../../model/clouds.js";
import type { Cloud } from "../../model/config.js";
import { isGuid } from "../../model/ids.js";
import { described, type Reading, readBody } from "./described.js";

/** A tenant as the login and SharePoint tell of it to anybody. */
export interface FoundTenant {
  readonly id: string;
  /** Null where the login names a cloud that is none of Microsoft's. */
  readonly cloud: Exclude<Cloud, "custom"> | null;
}

/** Wherever it stands in an issuer. */
const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

/** `issuer` holds the tenant's id; `msgraph_host` and `tenant_region_sub_scope` tell the cloud (facts/graph-entra-exchange.md 6.1 and 6.3). */
const discovery = described(
  z.object({
    issuer: z.string().regex(GUID, "no tenant id in it"),
    msgraph_host: z.string().optional(),
    tenant_region_sub_scope: z.string().nullish(),
  }),
);

/** The OpenID Connect metadata of a tenant. @param body of a 200 */
export function tenantOf(body: Buffer): Reading<FoundTenant> {
  const reading = readBody(discovery, body);
  if (reading.kind !== "read") return reading;
  const { issuer, msgraph_host: host, tenant_region_sub_scope: scope } = reading.value;
  const id = (GUID.exec(issuer)?.[0] ?? "").toLowerCase();
  const cloud = scope === "DOD" ? "usgov-dod" : cloudOfGraphHost(host ?? "");
  return { kind: "read", value: { id, cloud } };
}

/** The tenant that a SharePoint site names in the challenge of a 401, lower case; null where it names none. */
export function realmOf(challenge: string | undefined): string | null {
  const realm = /\brealm="([^"]*)"/i.exec(challenge ?? "")?.[1] ?? "";
  return isGuid(realm) ? realm.toLowerCase() : null;
}
