import { PhotodriftError } from "../../model/errors.js";
import type { CloudPhotoReader } from "../../run/ports.js";
import { photoPolicy } from "../answers/photos.js";
import type { Graph } from "../http/graph.js";

/**
 * The tenant's photo policy (beta `admin/people/photoUpdateSettings`): `onPremises` forbids cloud writes, for administrators too. Tenants
 * without settings allow both. What cannot be read is told, not assumed.
 */
export async function readPolicy(graph: Graph): ReturnType<CloudPhotoReader["policy"]> {
  try {
    const request = {
      path: "/admin/people/photoUpdateSettings",
      version: "beta",
      asks: "read the tenant's photo policy",
      needs: "PeopleSettings.Read.All of Microsoft Graph",
    } as const;
    const { source = null } = await graph.read(request, photoPolicy);
    return { writesBlocked: source === "onPremises", source };
  } catch (error) {
    if (!(error instanceof PhotodriftError)) throw error;
    if (error.code === "interrupted") throw error;
    return { unknown: error.code === "permission-missing" ? `${error.message}; ${error.hint}` : error.message };
  }
}
