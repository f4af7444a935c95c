import { openDoor } from "./http/open-door.js";
import { asStoreError } from "./http/failures.js";
import type { WireRequest } from "./http/types.js";
import { realmOf, tenantOf, type FoundTenant } from "./answers/tenant.js";

export type { FoundTenant } from "./answers/tenant.js";

/** What anybody may learn of a tenant without signing in. */
export interface TenantFinder {
  /**
   * The tenant of a domain or id; null where the login knows none. Throws PhotodriftError where the login cannot be reached.
   * @param login origin
   */
  tenant(login: string, name: string): Promise<FoundTenant | null>;
  /** Id of the tenant to which a SharePoint site belongs; null where there is no such site or it does not tell. @param origin of the site */
  sharePointTenant(origin: string): Promise<string | null>;
  close(): Promise<void>;
}

const PATIENCE_MS = 5_000;
const MOST_BYTES = 256 * 1024;

/** @param ca PEM text of extra authorities */
export function openTenantFinder(options: {
  readonly ca?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}): TenantFinder {
  const { door, close } = openDoor({ ...options, concurrency: 2, patience: PATIENCE_MS });
  const get = (request: Pick<WireRequest, "service" | "url" | "headers" | "asks">) =>
    door.send({ method: "GET", repeat: "if-refused", purpose: "read", maxBytes: MOST_BYTES, ...request });

  return {
    async tenant(login, name) {
      const url = `${login}/${encodeURIComponent(name)}/v2.0/.well-known/openid-configuration`;
      const headers = { accept: "application/json" };
      const answer = await get({ service: "login", url, headers, asks: "find the tenant" });
      if (answer.status !== 200) return null;
      const reading = tenantOf(answer.body);
      return reading.kind === "read" ? reading.value : null;
    },

    // An empty bearer token asks a site which realm it trusts, as CSOM's TokenHelper.GetRealmFromTargetUrl does.
    async sharePointTenant(origin) {
      const url = `${origin}/_vti_bin/client.svc`;
      try {
        const answer = await get({
          service: "sharepoint",
          url,
          headers: { authorization: "Bearer" },
          asks: "find the SharePoint site",
        });
        return answer.status === 401 ? realmOf(answer.headers["www-authenticate"]) : null;
      } catch (error) {
        // A name that no tenant has is a host that is not there.
        if (asStoreError(error).code === "interrupted") throw error;
        return null;
      }
    },
    close,
  };
}
