import { PhotodriftError } from "../../model/errors.js";
import type { UserId } from "../../model/ids.js";
import type { DirectoryUser } from "../../model/user.js";
import type { DirectoryReader } from "../../run/ports.js";
import type { Graph } from "../http/graph.js";
import { NEEDS_GROUPS, NEEDS_LICENCES, NEEDS_USERS, objectOrNull, pagesOf, USER_SELECT } from "./api.js";
import { convertSkus, convertUser, type Skus, userIdsOf } from "./convert.js";

/** Users, licences and groups through Microsoft Graph. */
export function createDirectoryReader(graph: Graph): DirectoryReader {
  let skus: Promise<Skus> | null = null;

  function subscribedSkus(): Promise<Skus> {
    skus ??= readSkus().catch((error: unknown) => {
      skus = null;
      throw error;
    });
    return skus;
  }

  async function readSkus(): Promise<Skus> {
    const found: unknown[] = [];
    const pages = pagesOf(graph, {
      path: "/subscribedSkus",
      asks: "read the tenant's licences",
      needs: NEEDS_LICENCES,
    });
    for await (const page of pages) found.push(...page);
    return convertSkus(found);
  }

  return {
    async *users() {
      const licences = await subscribedSkus();
      const pages = pagesOf(graph, {
        path: `/users?$select=${USER_SELECT}&$top=999`,
        asks: "list the users",
        needs: NEEDS_USERS,
      });
      for await (const page of pages) {
        yield page.map((item) => convertUser(item, licences)).filter((user): user is DirectoryUser => user !== null);
      }
    },

    async user(idOrUpn) {
      const found = await objectOrNull(graph, {
        path: `/users/${encodeURIComponent(idOrUpn)}?$select=${USER_SELECT}`,
        asks: `find the user ${idOrUpn}`,
        needs: NEEDS_USERS,
      });
      return found === null ? null : convertUser(found, await subscribedSkus());
    },

    async groupMembers(groupId) {
      const members = new Set<UserId>();
      try {
        const pages = pagesOf(graph, {
          path: `/groups/${encodeURIComponent(groupId)}/transitiveMembers?$select=id&$top=999`,
          asks: `read the members of the group ${groupId}`,
          needs: NEEDS_GROUPS,
        });
        for await (const page of pages) for (const id of userIdsOf(page)) members.add(id);
      } catch (error) {
        if (error instanceof PhotodriftError && "status" in error && (error.status === 404 || error.status === 400)) {
          throw new PhotodriftError(
            "group-not-found",
            `there is no group ${groupId} in the tenant`,
            "give the object id of a group (scope.groups or --group)",
            "usage",
          );
        }
        throw error;
      }
      return members;
    },
  };
}
