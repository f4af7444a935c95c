import { PhotodriftError } from "../../model/errors.js";
import type { UserId } from "../../model/ids.js";
import { begun } from "../../model/parallel.js";
import type { DirectoryReader } from "../../run/ports.js";
import { isNoGroupKey } from "../answers/absence.js";
import {
  membersPage,
  MOST_SKUS,
  MOST_USERS,
  oneUser,
  type SkuAnswer,
  skusPage,
  usersPage,
} from "../answers/directory.js";
import { createSeenGuids, createSeenTexts } from "../answers/seen-keys.js";
import { HttpFailure } from "../http/failures.js";
import type { Graph } from "../http/graph.js";
import { countOf, NEEDS_GROUPS, NEEDS_LICENCES, NEEDS_USERS, objectOrNull, pagesOf, USER_SELECT } from "./api.js";
import { convertSkus, convertUser, type Skus, userIdsOf } from "./convert.js";

/** Users, licences and groups through Microsoft Graph. `group-not-found` is thrown for a group that is not there. */
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
    const found: SkuAnswer[] = [];
    const request = { path: "/subscribedSkus", asks: "read the tenant's licences", needs: NEEDS_LICENCES };
    const list = {
      key: ({ skuId }: SkuAnswer) => skuId,
      seen: createSeenTexts(),
      mostRows: MOST_SKUS,
      repeated: "contradiction",
    } as const;
    for await (const page of pagesOf(graph, request, skusPage, list)) found.push(...page);
    return convertSkus(found);
  }

  return {
    async *users(before = 0) {
      const licences = begun(subscribedSkus());
      const request = {
        path: `/users?$select=${USER_SELECT}&$top=999`,
        asks: "list the users",
        needs: NEEDS_USERS,
      };
      const pages = pagesOf(graph, request, usersPage, {
        key: ({ id }) => id,
        seen: createSeenGuids(),
        mostRows: MOST_USERS,
        repeated: "contradiction",
        counted: countOf(graph, "/users", before),
      });
      for await (const page of pages) {
        const known = await licences;
        yield page.map((user) => convertUser(user, known));
      }
    },

    async user(idOrUpn) {
      const request = {
        path: `/users/${encodeURIComponent(idOrUpn)}?$select=${USER_SELECT}`,
        asks: `find the user ${idOrUpn}`,
        needs: NEEDS_USERS,
      };
      const asked = objectOrNull(graph, request, oneUser(idOrUpn));
      const licences = begun(subscribedSkus());
      const found = await asked;
      return found === null ? null : convertUser(found, await licences);
    },

    async groupMembers(groupId, before = 0) {
      const members = new Set<UserId>();
      const request = {
        path: `/groups/${encodeURIComponent(groupId)}/transitiveMembers?$select=id&$top=999`,
        asks: `read the members of the group ${groupId}`,
        needs: NEEDS_GROUPS,
      };
      try {
        const pages = pagesOf(graph, request, membersPage, {
          key: ({ id }) => id,
          seen: createSeenGuids(),
          mostRows: MOST_USERS,
          repeated: "skip",
          counted: countOf(graph, `/groups/${encodeURIComponent(groupId)}/transitiveMembers`, before),
        });
        for await (const page of pages) for (const id of userIdsOf(page)) members.add(id);
      } catch (error) {
        if (!(error instanceof HttpFailure) || !isNoGroupKey(error.status, error.said)) throw error;
        throw new PhotodriftError(
          "group-not-found",
          `there is no group ${groupId} in the tenant`,
          "give the object id of a group (scope.groups or --group)",
          "usage",
        );
      }
      return members;
    },
  };
}
