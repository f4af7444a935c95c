import type { HostName } from "./http.js";

type ServiceHost = Exclude<HostName, "login">;

/** App id of Office 365 SharePoint Online (facts/sharepoint.md section 6); it names all three SharePoint hosts. */
const SHAREPOINT_APP_ID = "00000003-0000-0ff1-ce00-000000000000";
const GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000";
const EXCHANGE_APP_ID = "00000002-0000-0ff1-ce00-000000000000";

export type RoleSet = "graph" | "sharepoint" | "exchange";

const ROLES_OF: { readonly [host in ServiceHost]: RoleSet } = {
  graph: "graph",
  exchange: "exchange",
  sharepoint: "sharepoint",
  sharepointMy: "sharepoint",
  sharepointAdmin: "sharepoint",
};

/** Which services take a token of which audience, by the names of the service in the cloud and by the sandbox's own origins. */
export interface Audiences {
  /** The role set of a resource that this tenant knows, else null (AADSTS500011). */
  readonly rolesOf: (resource: string) => RoleSet | null;
  readonly accepts: (host: HostName, audience: string) => boolean;
}

export function createAudiences(tenantName: string, origins: { readonly [host in HostName]: string }): Audiences {
  const names: { readonly [host in ServiceHost]: readonly string[] } = {
    graph: ["https://graph.microsoft.com", GRAPH_APP_ID, origins.graph],
    exchange: ["https://outlook.office365.com", "https://outlook.office.com", EXCHANGE_APP_ID, origins.exchange],
    sharepoint: [`https://${tenantName}.sharepoint.com`, SHAREPOINT_APP_ID, origins.sharepoint],
    sharepointMy: [`https://${tenantName}-my.sharepoint.com`, SHAREPOINT_APP_ID, origins.sharepointMy],
    sharepointAdmin: [`https://${tenantName}-admin.sharepoint.com`, SHAREPOINT_APP_ID, origins.sharepointAdmin],
  };
  const folded = new Map<ServiceHost, Set<string>>();
  for (const host of Object.keys(names) as ServiceHost[]) folded.set(host, new Set(names[host].map(fold)));
  return {
    rolesOf: (resource) => {
      for (const [host, known] of folded) if (known.has(fold(resource))) return ROLES_OF[host];
      return null;
    },
    accepts: (host, audience) => host !== "login" && (folded.get(host)?.has(fold(audience)) ?? false),
  };
}

function fold(resource: string): string {
  return resource.toLowerCase().replace(/\/+$/, "");
}
