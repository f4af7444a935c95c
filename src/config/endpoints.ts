import { cloudHosts, sharePointHost } from "../model/clouds.js";
import type { Cloud, Endpoints } from "../model/config.js";

/**
 * Origins of a tenant. For `custom` every origin comes from `overrides`, which the caller has checked to be complete.
 * @param name first label of the SharePoint hosts
 */
export function endpointsOf(
  cloud: Cloud,
  name: string,
  overrides: { readonly [key in keyof Endpoints]?: string | undefined },
): Endpoints {
  const { login, graph, exchange } = cloudHosts(cloud);
  const origin = (key: keyof Endpoints, host: string): string =>
    overrides[key] ?? (cloud === "custom" ? "" : `https://${host}`);
  return {
    login: origin("login", login),
    graph: origin("graph", graph),
    exchange: origin("exchange", exchange),
    sharepoint: origin("sharepoint", sharePointHost("sharepoint", name, cloud)),
    sharepointMy: origin("sharepointMy", sharePointHost("sharepointMy", name, cloud)),
    sharepointAdmin: origin("sharepointAdmin", sharePointHost("sharepointAdmin", name, cloud)),
  };
}
