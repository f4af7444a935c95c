import type { Cloud, Endpoints } from "../model/config.js";

interface CloudHosts {
  readonly login: string;
  readonly graph: string;
  /** Host of the Exchange Online Admin API. */
  readonly exchange: string;
  readonly sharepoint: string;
}

/**
 * Hosts per cloud: facts/graph-entra-exchange.md section 6.3 and facts/sharepoint.md section 6
 * (learn.microsoft.com/graph/deployments). That `-my` and `-admin` hold outside .com and .us is an assumption; each origin can be
 * overridden in the file.
 */
const HOSTS: { readonly [cloud in Exclude<Cloud, "custom">]: CloudHosts } = {
  global: {
    login: "login.microsoftonline.com",
    graph: "graph.microsoft.com",
    exchange: "outlook.office365.com",
    sharepoint: "sharepoint.com",
  },
  usgov: {
    login: "login.microsoftonline.us",
    graph: "graph.microsoft.us",
    exchange: "outlook.office365.us",
    sharepoint: "sharepoint.us",
  },
  "usgov-dod": {
    login: "login.microsoftonline.us",
    graph: "dod-graph.microsoft.us",
    exchange: "outlook-dod.office365.us",
    sharepoint: "sharepoint-mil.us",
  },
  china: {
    login: "login.chinacloudapi.cn",
    graph: "microsoftgraph.chinacloudapi.cn",
    exchange: "outlook.office365.cn",
    sharepoint: "sharepoint.cn",
  },
};

/**
 * Origins of a tenant. For `custom` every origin comes from `overrides`, which the caller has checked to be complete.
 * @param name first label of the SharePoint hosts
 */
export function endpointsOf(
  cloud: Cloud,
  name: string,
  overrides: { readonly [key in keyof Endpoints]?: string | undefined },
): Endpoints {
  const hosts = cloud === "custom" ? null : HOSTS[cloud];
  function origin(key: keyof Endpoints, host: string | undefined): string {
    return overrides[key] ?? (hosts === null ? "" : `https://${host}`);
  }
  const tenant = name.toLowerCase();
  return {
    login: origin("login", hosts?.login),
    graph: origin("graph", hosts?.graph),
    exchange: origin("exchange", hosts?.exchange),
    sharepoint: origin("sharepoint", `${tenant}.${hosts?.sharepoint}`),
    sharepointMy: origin("sharepointMy", `${tenant}-my.${hosts?.sharepoint}`),
    sharepointAdmin: origin("sharepointAdmin", `${tenant}-admin.${hosts?.sharepoint}`),
  };
}
