import type { Cloud } from "./config.js";

/** Well-known hosts of the services in one cloud. */
export interface CloudHosts {
  readonly login: string;
  readonly graph: string;
  /** Host of the Exchange Online Admin API. */
  readonly exchange: string;
  /** Name by which the login knows Exchange Online as a resource: another host in DoD and China. */
  readonly exchangeResource: string;
  /** Domain under which a tenant's SharePoint hosts stand. */
  readonly sharePointDomain: string;
}

/**
 * Hosts per cloud: facts/graph-entra-exchange.md section 6.3 and facts/sharepoint.md section 6 (learn.microsoft.com/graph/deployments).
 * That `-my` and `-admin` hold outside .com and .us is an assumption; each origin can be overridden in the configuration.
 */
const HOSTS: { readonly [cloud in Exclude<Cloud, "custom">]: CloudHosts } = {
  global: {
    login: "login.microsoftonline.com",
    graph: "graph.microsoft.com",
    exchange: "outlook.office365.com",
    exchangeResource: "outlook.office365.com",
    sharePointDomain: "sharepoint.com",
  },
  usgov: {
    login: "login.microsoftonline.us",
    graph: "graph.microsoft.us",
    exchange: "outlook.office365.us",
    exchangeResource: "outlook.office365.us",
    sharePointDomain: "sharepoint.us",
  },
  "usgov-dod": {
    login: "login.microsoftonline.us",
    graph: "dod-graph.microsoft.us",
    exchange: "outlook-dod.office365.us",
    exchangeResource: "webmail.apps.mil",
    sharePointDomain: "sharepoint-mil.us",
  },
  china: {
    login: "login.chinacloudapi.cn",
    graph: "microsoftgraph.chinacloudapi.cn",
    exchange: "outlook.office365.cn",
    exchangeResource: "partner.outlook.cn",
    sharePointDomain: "sharepoint.cn",
  },
};

/** An emulated or fronted tenant (`custom`) goes by the names of the global cloud. */
export function cloudHosts(cloud: Cloud): CloudHosts {
  return HOSTS[cloud === "custom" ? "global" : cloud];
}

/** The cloud whose Microsoft Graph stands at this host, or null. */
export function cloudOfGraphHost(host: string): Exclude<Cloud, "custom"> | null {
  const found = Object.entries(HOSTS).find(([, { graph }]) => graph === host.toLowerCase());
  return found === undefined ? null : (found[0] as Exclude<Cloud, "custom">);
}

export type SharePointSite = "sharepoint" | "sharepointMy" | "sharepointAdmin";

const SITE_SUFFIX: { readonly [site in SharePointSite]: string } = {
  sharepoint: "",
  sharepointMy: "-my",
  sharepointAdmin: "-admin",
};

/** Host of one of a tenant's SharePoint sites, by Microsoft's naming. @param tenant first label of the tenant's SharePoint hosts */
export function sharePointHost(site: SharePointSite, tenant: string, cloud: Cloud): string {
  return `${tenant.toLowerCase()}${SITE_SUFFIX[site]}.${cloudHosts(cloud).sharePointDomain}`;
}
