import { cloudHosts, sharePointHost } from "../../model/clouds.js";
import type { Cloud } from "../../model/config.js";
import { PhotodriftError } from "../../model/errors.js";
import type { FoundTenant, TenantFinder } from "../../stores/find-tenant.js";
import { messageOf } from "../../model/caught.js";

type MicrosoftCloud = Exclude<Cloud, "custom">;

/** Where the tenant's services are; other origins than Microsoft's for a tenant that is fronted or emulated. */
export interface TenantHosts {
  readonly login: (cloud: MicrosoftCloud) => string;
  readonly sharePoint: (name: string, cloud: MicrosoftCloud) => string;
}

export const MICROSOFT_HOSTS: TenantHosts = {
  login: (cloud) => `https://${cloudHosts(cloud).login}`,
  sharePoint: (name, cloud) => `https://${sharePointHost("sharepoint", name, cloud)}`,
};

/** What the login tells of a domain or tenant id. `found` null: it could not be asked, for the reason in `note`. */
export interface TenantAnswer {
  readonly found: FoundTenant | null;
  readonly note: string | null;
}

/** Looks the tenant up. Throws PhotodriftError `tenant-unknown` (usage) where the login knows no such tenant. */
export async function lookUpTenant(
  finder: Pick<TenantFinder, "tenant">,
  hosts: TenantHosts,
  name: string,
  cloud: MicrosoftCloud,
): Promise<TenantAnswer> {
  let found: FoundTenant | null;
  try {
    found = await finder.tenant(hosts.login(cloud), name);
  } catch (error) {
    if (error instanceof PhotodriftError && error.code === "interrupted") throw error;
    const why = messageOf(error);
    return { found: null, note: `The tenant was not looked up: ${why}` };
  }
  if (found !== null) return { found, note: null };
  throw new PhotodriftError(
    "tenant-unknown",
    `The login knows no tenant ${name}.`,
    "Give a domain of your users' names (the part after the @), or the tenant id that entra.microsoft.com shows.",
    "usage",
  );
}

/** First labels that SharePoint addresses of this domain's tenant probably have, likeliest first. */
export function sharePointNames(domain: string): readonly string[] {
  const labels = domain.toLowerCase().split(".");
  const first = labels[0] ?? "";
  const owner = labels.length > 2 && !domain.toLowerCase().endsWith(".onmicrosoft.com") ? (labels.at(-2) ?? "") : first;
  const names = [first, owner, first.replaceAll("-", ""), owner.replaceAll("-", ""), labels.slice(0, 2).join("")];
  return [...new Set(names)].filter((name) => /^[a-z0-9][a-z0-9-]{0,62}$/.test(name));
}

/** The SharePoint name that is proved to belong to the tenant, for the site itself names it; null where none of the likely ones is. */
export async function lookUpSharePoint(
  finder: Pick<TenantFinder, "sharePointTenant">,
  hosts: TenantHosts,
  domain: string,
  { id, cloud }: { readonly id: string; readonly cloud: MicrosoftCloud },
): Promise<string | null> {
  for (const name of sharePointNames(domain)) {
    if ((await finder.sharePointTenant(hosts.sharePoint(name, cloud))) === id) return name;
  }
  return null;
}
