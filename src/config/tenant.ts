import { resolve } from "node:path";
import type { Endpoints, TenantConfig } from "../model/config.js";
import { endpointsOf } from "./endpoints.js";
import type { ParsedConfig } from "./schema.js";

/** The tenant as the program knows it, and where its services stand. @param folder absolute, that of the configuration: relative paths start there */
export function tenantOf(
  { id, name, cloud, caFile, userPhotosFolder, endpoints }: ParsedConfig["tenant"],
  folder: string,
): { readonly tenant: TenantConfig; readonly endpoints: Endpoints } {
  return {
    tenant: {
      id,
      name,
      cloud,
      caFile: caFile === undefined ? null : resolve(folder, caFile),
      userPhotosFolder: userPhotosFolder ?? null,
    },
    endpoints: endpointsOf(cloud, name, endpoints),
  };
}
