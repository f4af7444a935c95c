import { standsByPolicy } from "../../model/picture.js";
import { causeOf } from "../cause.js";
import { photosOf } from "../picture.js";
import { actualPhoto, expectedMaster, placeName } from "../words.js";
import { findingOf, type Rule } from "./rule.js";

/** The user chose another photo and policy.authority lets it stand. */
export const changedInTenant: Rule = {
  id: "changed-in-tenant",
  severity: "info",
  drift: false,
  title: "Changed in the tenant, stands by policy",
  actions: [],
  check(user) {
    return photosOf(user)
      .filter((photo) => standsByPolicy(user, photo))
      .map((photo) =>
        findingOf(changedInTenant, user, {
          address: photo.address,
          photo,
          cause: causeOf(user, photo),
          expected: expectedMaster(user),
          actual: actualPhoto(photo),
          summary: `${placeName(photo)} shows another picture than the master; policy.authority ${user.policy.authority} lets it stand.`,
          remedy: { kind: "none", actions: [] },
        }),
      );
  },
};
