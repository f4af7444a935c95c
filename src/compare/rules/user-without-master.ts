import { entraAddress, exchangeAddress } from "../../model/address.js";
import { findingOf, type Rule } from "./rule.js";

/** A user in scope has no master. */
export const userWithoutMaster: Rule = {
  id: "user-without-master",
  severity: "info",
  drift: false,
  title: "No master portrait",
  actions: [],
  check(user) {
    if (user.master.kind !== "none") return [];
    const { upn, licences } = user.user;
    return [
      findingOf(userWithoutMaster, user, {
        address: licences.mailbox ? exchangeAddress(upn) : entraAddress(upn),
        cause: "unknown",
        expected: { master: "a file that fits the user" },
        actual: { master: null },
        summary: "No master portrait fits this user.",
        remedy: {
          kind: "manual",
          actions: [],
          cure: "Add a portrait to the source folder, or name one in the mapping file; `photodrift masters --suggest` proposes near matches.",
        },
      }),
    ];
  },
};
