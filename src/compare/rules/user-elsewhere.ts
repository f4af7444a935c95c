import { profileAddress } from "../../model/address.js";
import { findingOf, type Rule } from "./rule.js";

/** The profile and its pictures live in another geography of the tenant: nothing is written for SharePoint. */
export const userElsewhere: Rule = {
  id: "user-elsewhere",
  severity: "info",
  drift: false,
  title: "Lives in another geography",
  actions: [],
  check(user) {
    const { elsewhere } = user.sharePoint;
    if (elsewhere === undefined) return [];
    return [
      findingOf(userElsewhere, user, {
        address: profileAddress(user.user.upn),
        cause: "unknown",
        expected: { host: "this geography" },
        actual: { host: elsewhere },
        summary: `The profile and its pictures live on ${elsewhere}: nothing is written for SharePoint here.`,
        remedy: {
          kind: "manual",
          actions: [],
          cure: `Run photodrift with tenant.endpoints.sharepointMy set to https://${elsewhere} for the users of that geography.`,
        },
      }),
    ];
  },
};
