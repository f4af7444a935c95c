import { namedGuid } from "../../library.js";
import type { Tenant } from "../../tenant.js";
import type { Call } from "./odata.js";
import type { Entity } from "./replies.js";

const TITLES: { readonly [host: string]: string } = {
  sharepoint: "Team site",
  sharepointMy: "My Site host",
  sharepointAdmin: "Tenant administration",
};

const SUFFIXES: { readonly [host: string]: string } = { sharepointMy: "-my", sharepointAdmin: "-admin" };

/** SharePoint's own address of a host, by whatever address it is reached: PictureURL and PersonalSiteHostUrl have it too (facts/sharepoint.md 1.5, 2.1). */
export function ownAddress(tenant: Tenant, host: string): string {
  return `https://${tenant.name}${SUFFIXES[host] ?? ""}.sharepoint.com`;
}

/** The root web of the host; its language decides the names of localized folders (facts/sharepoint.md 1.1). */
export function webEntity(tenant: Tenant, call: Call): Entity {
  const german = tenant.library.folders[0]?.name === "Profilbilder";
  return {
    type: "SP.Web",
    path: "Web",
    properties: {
      Description: "",
      Id: namedGuid(`${tenant.id}/${call.request.host}/web`),
      Language: german ? 1031 : 1033,
      ServerRelativeUrl: "/",
      Title: TITLES[call.request.host] ?? "Site",
      Url: ownAddress(tenant, call.request.host),
      WebTemplate: call.request.host === "sharepointMy" ? "SPSMSITEHOST" : "STS",
    },
  };
}
